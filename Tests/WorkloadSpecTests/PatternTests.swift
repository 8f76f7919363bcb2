import Testing

@testable import WorkloadSpec

@Suite struct PatternTests {
  @Test(
    "It matches as a whole",
    arguments: [
      ("abc", ["abc"], ["", "ab", "abcd", "ABC"]),
      ("", [""], ["a"]),
      ("a|bc|", ["a", "bc", ""], ["b", "abc"]),
      ("a*b+c?", ["b", "aabbc", "bc"], ["a", "acb", "aabbcc"]),
      ("a*?b", ["b", "aab"], ["a"]),
      ("[0-9.]+", ["2.4.1", "."], ["", "2.4a"]),
      ("[^0-9]", ["a", "é", "\n"], ["5", "ab"]),
      ("[]a]", ["]", "a"], ["b"]),
      ("[a-]", ["a", "-"], ["b"]),
      (#"[\d\-x]+"#, ["1-x"], ["a"]),
      (#"[\D]"#, ["a"], ["1"]),
      (#"\d{3}-\d{2,}"#, ["123-45", "123-4567"], ["12-45", "123-4"]),
      ("a{2,3}", ["aa", "aaa"], ["a", "aaaa"]),
      ("a{0}b", ["b"], ["ab"]),
      ("{x}", ["{x}"], ["x"]),
      ("(?:ab)+", ["ab", "abab"], ["aba"]),
      ("^v[0-9]+$", ["v1"], ["1", "v1 "]),
      ("a^b|c$d", [], ["ab", "cd"]),
      (#"\w+@\w+\.(com|org)"#, ["a_1@b.org"], ["a@b.net", "a@b_com"]),
      (#"\s\S"#, [" x", "\tx"], ["xx", "  "]),
      (".", ["é", "日", " "], ["", "ab", "\n"]),
      (#"\.\*\\\/"#, [#".*\/"#], ["ab"]),
      ("(a*)*b", ["b", "aaab"], ["aaa"]),
    ])
  func itMatchesAsAWhole(expression: String, matching: [String], other: [String]) throws {
    let pattern = try Pattern(expression)
    for text in matching {
      #expect(pattern.matches(text), "\(expression) should match \(text.debugDescription)")
    }
    for text in other {
      #expect(!pattern.matches(text), "\(expression) should not match \(text.debugDescription)")
    }
  }

  @Test(arguments: [
    ("[0-9", 1), ("a(b", 2), ("a)b", 2), ("*a", 1), ("a**", 3), ("(?=a)", 1), ("(?<n>a)", 1), (#"(a)\1"#, 4),
    (#"\p{L}"#, 1), ("[z-a]", 3), ("a{3,1}", 2), ("a{1", 2), ("a{2000}", 3), (#"a\"#, 2),
    ("((a{99}){99}){99}", 1),
    ("((((){1000}){1000}){1000}){1000}", 1),
  ])
  func whatIsWrongIsSaidWithItsPlace(expression: String, column: Int) {
    #expect { _ = try Pattern(expression) } throws: { ($0 as? PatternProblem)?.column == column }
  }

  @Test("Nested groups have a limit") func nestedGroupsHaveALimit() {
    let deep = String(repeating: "(", count: 100_000) + String(repeating: ")", count: 100_000)
    #expect(throws: PatternProblem.self) { try Pattern(deep) }
  }

  /// Expressions that take engines which try one way after the other longer than the universe is old.
  @Test(
    "No text is too long for it",
    arguments: ["(a+)+", "(a|a)*", "(a|aa)+", "(.*a){20}", "(a*)*b", "(a?){0,500}"])
  func noTextIsTooLongForIt(_ expression: String) throws {
    let pattern = try Pattern(expression)
    #expect(!pattern.matches(String(repeating: "a", count: 2000) + "!"))
  }
}
