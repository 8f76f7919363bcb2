import Secrets
import Testing

@Suite struct SecretKeyTests {
  @Test(
    "These are references",
    arguments: [
      "a", "9", "shop/api-token", "A.b_c", "env:PATH", "file:/run/key", "file:../a b/ü", "aws+kms:x",
      String(repeating: "k", count: 253),
    ])
  func theseAreReferences(_ key: String) { #expect(SecretKey.isValid(key)) }

  @Test(
    "These are not",
    arguments: [
      "", "/a", "-a", "a b", "a{b", "env:", ":a", "ENV:A", "1a:b", "env:a}b", "env:a\nb", "p@ss", "ü",
      String(repeating: "k", count: 254),
    ])
  func theseAreNot(_ key: String) { #expect(!SecretKey.isValid(key)) }

  @Test("A source is no key of the vault") func aSourceIsNoKeyOfTheVault() {
    #expect(!SecretKey.isVaultKey("env:PATH") && SecretKey.isVaultKey("env/PATH"))
  }
}
