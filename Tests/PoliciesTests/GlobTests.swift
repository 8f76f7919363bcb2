import Testing

@testable import Policies

@Suite("Patterns of names")
struct GlobTests {
  @Test(
    "Matches",
    arguments: [
      ("shop", "shop", true), ("shop", "shops", false), ("shop-*", "shop-", true),
      ("shop-*", "shop-api", true),
      ("shop-*", "shop", false), ("*", "", true), ("", "", true), ("", "a", false),
      ("*-db", "a-db-b-db", true),
      ("a*b*c", "a-x-b-y-b-c", true), ("a*b*c", "a-x-b-y-b", false), ("?", "é", true), ("??", "é", false),
      ("registry.example.com/*", "registry.example.com/shop/api:1", true),
      ("registry.example.com/*", "registry.example.com.evil.net/api", false), ("***a***", "bab", true),
    ])
  func matches(_ pattern: String, _ text: String, _ isMatch: Bool) {
    #expect(Glob(pattern).matches(text) == isMatch)
  }

  @Test("A pattern that would have others try for ever ends at once")
  func hostilePattern() {
    let pattern = String(repeating: "a*", count: 200) + "b"
    #expect(!Glob(pattern).matches(String(repeating: "a", count: 5000)))
  }
}
