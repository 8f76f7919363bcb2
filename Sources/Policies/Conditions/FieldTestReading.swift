import Diagnostics
import WorkloadSpec
import YAMLNodes

/// Holds what a condition says against what its field takes.
struct FieldTestReading {
  private let selector: FieldSelector
  private let node: Node
  private var isWhole = true

  /// - Parameter node: the condition as it is written.
  init(of selector: FieldSelector, in node: Node) {
    self.selector = selector
    self.node = node
  }

  /// What the value must be like; `nil` if the field can't be tested so, which is reported.
  mutating func test(of condition: FieldCondition, by decoder: inout SpecDecoder) -> FieldTest? {
    for (key, isGiven) in Self.given(by: condition) where isGiven && !fitting.contains(key) {
      report(
        "`\(key)` does not fit `\(condition.field)`, which takes \(selector.type.phrase)", at: key,
        help: fitting.isEmpty
          ? "name a field in it" : "what fits is \(fitting.map { "`\($0)`" }.joined(separator: ", "))",
        by: &decoder)
    }
    guard isWhole else { return nil }
    var test = FieldTest(of: selector.type, isSecret: selector.isSecret)
    test.isSet = condition.isSet
    test.oneOf =
      operands(condition.equals.map { [$0] } ?? [], "equals", by: &decoder)
      + operands(condition.oneOf, "oneOf", by: &decoder)
    test.noneOf = operands(condition.noneOf, "noneOf", by: &decoder)
    test.matches = condition.matches
    test.matchesNone = condition.matchesNone
    test.includes = condition.includes
    test.atMost = operands(condition.atMost.map { [$0] } ?? [], "atMost", by: &decoder).first
    test.atLeast = operands(condition.atLeast.map { [$0] } ?? [], "atLeast", by: &decoder).first
    return isWhole ? test : nil
  }

  private static func given(by condition: FieldCondition) -> [(key: String, isGiven: Bool)] {
    [
      ("set", condition.isSet != nil), ("equals", condition.equals != nil),
      ("oneOf", !condition.oneOf.isEmpty),
      ("noneOf", !condition.noneOf.isEmpty), ("matches", !condition.matches.isEmpty),
      ("matchesNone", !condition.matchesNone.isEmpty), ("includes", !condition.includes.isEmpty),
      ("atMost", condition.atMost != nil), ("atLeast", condition.atLeast != nil),
    ]
  }

  /// How a field can be tested, by what it takes.
  private var fitting: [String] {
    let values = ["equals", "oneOf", "noneOf"]
    let patterns = ["matches", "matchesNone"]
    return switch selector.type {
    case .string, .text, .tree: ["set"] + values + patterns
    case .choice: ["set"] + values
    // One that is not set is false.
    case .boolean: ["equals"]
    case .integer, .quantity: ["set"] + values + ["atMost", "atLeast"]
    case .set, .list(.string): ["set", "oneOf", "noneOf"] + patterns + ["includes"]
    case .list, .keyed, .map, .engines, .named, .object: ["set"]
    }
  }

  private mutating func operands(
    _ texts: [String], _ key: String, by decoder: inout SpecDecoder
  ) -> [FieldTest.Operand] {
    texts.enumerated().map { index, text in
      let measure = FieldTest.measure(text, as: selector.type)
      if let help = help(for: text, measure) {
        report(
          "`\(text)` is no value of a field that takes \(selector.type.phrase)", at: key, element: index,
          help: help,
          by: &decoder)
      }
      return FieldTest.Operand(text: text, measure: measure)
    }
  }

  /// What to write in place of a text that the field can't have; `nil` if it can.
  private func help(for text: String, _ measure: ClosedRange<Int64>?) -> String? {
    switch selector.type {
    case .integer, .quantity: measure == nil ? "write \(selector.type.phrase)" : nil
    case .boolean: ["true", "false"].contains(text) ? nil : "write \(selector.type.phrase)"
    case .choice(let words):
      words.contains(text) ? nil : Suggestion.help(for: text, among: words) ?? "it is \(selector.type.phrase)"
    default: nil
    }
  }

  /// - Parameter element: the place in the list under the key, if there is a list.
  private mutating func report(
    _ message: String, at key: String, element: Int? = nil, help: String, by decoder: inout SpecDecoder
  ) {
    isWhole = false
    let value = node[key]
    let elements = value?.elements.filter { !$0.isNull } ?? []
    let place = element.flatMap { elements.indices.contains($0) ? elements[$0] : nil } ?? value ?? node
    decoder.report(.badPolicyTest, message, at: place, help: help)
  }
}
