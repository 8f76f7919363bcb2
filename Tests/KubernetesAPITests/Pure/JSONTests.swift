import Testing
import Values

@testable import KubernetesAPI

@Suite struct JSONTests {
  @Test(
    "JSON is read",
    arguments: [
      ("null", JSON.null), ("true", true), (" false ", false), ("0", 0), ("-7", -7),
      ("9223372036854775807", 9_223_372_036_854_775_807),
      ("1.50", .number("1.50")), ("-0", .number("-0")), ("1e+3", .number("1e+3")),
      ("9223372036854775808", .number("9223372036854775808")), (#""""#, ""), (#""a b""#, "a b"),
      (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u00e9\uD83D\uDE00""#, "é😀"),
      (#""\uD83Dx\uDE00""#, "\u{FFFD}x\u{FFFD}"), ("[]", []), ("[1,[2],{}]", [1, [2], [:]]),
      (#"{"a":1,"b":{"c":null}}"#, ["a": 1, "b": ["c": nil]]), ("\"é\"", "é"),
    ] as [(String, JSON)])
  func jsonIsRead(_ text: String, _ value: JSON) throws {
    #expect(try JSON(parsing: text.utf8) == value)
    #expect(try JSON(parsing: value.text.utf8) == value)
  }

  @Test(
    "What is no JSON is an error",
    arguments: [
      ("", "it ends too early"), ("[1,", "it ends too early"), ("[1", "a ',' or ']' is missing"),
      ("{\"a\"}", "a ':' is missing"), ("{a:1}", "a key is missing"), ("{\"a\":1,}", "a key is missing"),
      ("{\"a\":1", "a ',' or '}' is missing"), ("tru", "a value is missing"), ("nul", "a value is missing"),
      ("01", "a number starts with a zero"), ("1.", "a digit is missing"), ("1e", "a digit is missing"),
      ("-", "a value is missing"), ("\"a", "a text does not end"), ("\"\\", "a text does not end"),
      ("\"\\x\"", "an escape is not known"), ("\"\\u12\"", "'\\u' needs four hexadecimal digits"),
      ("\"\n\"", "a control character is not escaped"), ("1 2", "something follows the value"),
    ])
  func whatIsNoJSONIsAnError(_ text: String, _ message: String) {
    let error = #expect(throws: JSONFailure.self) { try JSON(parsing: text.utf8) }
    #expect(error?.message == message)
  }

  @Test("Nesting has a limit") func nestingHasALimit() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    _ = try JSON(parsing: nested(JSON.maximumDepth).utf8)
    for text in [nested(JSON.maximumDepth + 1), String(repeating: "{\"a\":", count: 100_000)] {
      #expect(throws: JSONFailure.self) { try JSON(parsing: text.utf8) }
    }
  }

  @Test("What is not known is kept") func whatIsNotKnownIsKept() throws {
    let text = #"{"z":1.50,"new":{"deep":[{"x":"\u0001"}]},"a":null,"big":12345678901234567890}"#
    #expect(try JSON(parsing: text.utf8).text == text)
  }

  @Test("Bytes that are no text are replaced") func bytesThatAreNoTextAreReplaced() throws {
    #expect(try JSON(parsing: [0x22, 0xFF, 0x22]) == "\u{FFFD}")
  }

  @Test("Members are set and removed") func membersAreSetAndRemoved() {
    var json: JSON = ["a": 1, "b": 2]
    json["a"] = 3
    json["c"] = "x"
    json["b"] = nil
    json["none"] = nil
    #expect(json.text == #"{"a":3,"c":"x"}"#)
    #expect(json.at("a", "deeper") == nil)
    var text: JSON = "x"
    text["a"] = 1
    #expect(text == ["a": 1])
  }

  @Test(
    "A part is recognized",
    arguments: [
      (JSON.object([]), true), (["a": 1], true), (["b": ["c": "x"]], true), (["d": nil], true),
      (["l": [1, ["x": 1]]], true),
      (["a": 2], false), (["b": ["c": nil]], false), (["l": [1]], false), (["e": 1], false), ("a", false),
    ] as [(JSON, Bool)])
  func aPartIsRecognized(_ part: JSON, _ isThere: Bool) {
    let json: JSON = ["a": 1, "b": ["c": "x", "more": true], "l": [1, ["x": 1, "y": 2]]]
    #expect(json.contains(part) == isThere)
  }
}
