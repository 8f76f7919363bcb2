import Testing
import Values

@testable import DockerAPI

@Suite struct JSONDecodingTests {
  private struct Inner: Decodable, Equatable {
    let bits: UInt32?
    let isOn: Bool
  }

  private struct Outer: Decodable, Equatable {
    let text: String?
    let count: Int
    let lists: [String: [Inner]?]?
    let nested: [[String]]?
    let large: UInt64?
    let part: Double?
    let labels: [String: String]?
  }

  private func decode<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
    try Value(from: JSONDecoding(json: JSON(parsing: text.utf8)))
  }

  @Test("Objects, arrays, texts and numbers are decoded") func valuesAreDecoded() throws {
    let decoded = try decode(
      Outer.self,
      """
      {"text": "a", "unknown": [{}], "count": -3, "lists": {"none": null, "one": [{"bits": 7, "isOn": true}]},
       "nested": [["x"], []], "large": 18446744073709551615, "part": 0.5, "labels": {"team": "shop"}}
      """)
    let lists: [String: [Inner]?] = ["none": nil, "one": [Inner(bits: 7, isOn: true)]]
    #expect(
      decoded
        == Outer(
          text: "a", count: -3, lists: lists, nested: [["x"], []], large: .max, part: 0.5,
          labels: ["team": "shop"]))
    #expect(try decode([Double].self, "[1, 1.5]") == [1, 1.5])
  }

  @Test(
    "What is absent or null is nil where that may be",
    arguments: [#"{"count": 1}"#, #"{"count": 1, "text": null}"#])
  func absentIsNil(_ text: String) throws {
    #expect(
      try decode(Outer.self, text)
        == Outer(text: nil, count: 1, lists: nil, nested: nil, large: nil, part: nil, labels: nil))
  }

  @Test(
    "An error names its place",
    arguments: [
      ("{}", "there is no count"), ("[]", "it is not an object"),
      (#"{"count": null}"#, "count: it is not a whole number that fits"),
      (#"{"count": 1.5}"#, "count: it is not a whole number that fits"),
      (#"{"count": 1, "large": -1}"#, "large: it is not a whole number that fits"),
      (
        #"{"count": 1, "lists": {"a": [{"isOn": true}, {"isOn": 1}]}}"#,
        "lists.a.1.isOn: it is not true or false"
      ),
      (#"{"count": 1, "nested": [["x"], "y"]}"#, "nested.1: it is not an array"),
      (#"{"count": 1, "labels": {"a": 1}}"#, "labels.a: it is not a text"),
    ])
  func anErrorNamesItsPlace(_ text: String, reason: String) throws {
    let error = try #require(throws: DecodingError.self) { try decode(Outer.self, text) }
    #expect(EngineJSON.reason(error) == reason)
  }
}
