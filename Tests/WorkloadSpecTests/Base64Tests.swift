import Testing
import Values

@Suite struct Base64Tests {
  @Test(
    "The examples of the standard",
    arguments: [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
      ("foobar", "Zm9vYmFy"),
    ])
  func theExamplesOfTheStandard(plain: String, text: String) {
    #expect(Base64.encode(Array(plain.utf8)) == text)
    #expect(Base64.decode(text) == Array(plain.utf8))
  }

  @Test("Every byte comes back") func everyByteComesBack() {
    for count in 0..<260 {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 7) }
      #expect(Base64.decode(Base64.encode(bytes)) == bytes)
    }
  }

  @Test(
    "Anything else is refused",
    arguments: ["Z", "Zg", "Zg=", "Zm9v=", "=Zm9", "Zm 9", "Zm9v\n", "Zh==", "Zm9=", "Z===", "_-__"])
  func anythingElseIsRefused(_ text: String) {
    #expect(Base64.decode(text) == nil)
  }
}
