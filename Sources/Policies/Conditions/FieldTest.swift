import Diagnostics
import Values
import WorkloadSpec

/// What the value of a field must be like, in terms of what the field takes.
struct FieldTest: Sendable {
  /// A value that others are compared with.
  struct Operand: Sendable {
    let text: String
    /// From the least to the most that it stands for, if the field takes amounts.
    let measure: ClosedRange<Int64>?
  }

  /// Whether the field must be set, or must not be.
  var isSet: Bool?
  /// What it must be one of; none means anything.
  var oneOf: [Operand] = []
  /// What it must not be.
  var noneOf: [Operand] = []
  /// What its text must fit one of; none means anything.
  var matches: [Glob] = []
  /// What its text must not fit.
  var matchesNone: [Glob] = []
  /// What a list must hold.
  var includes: [String] = []
  /// The most that it may be.
  var atMost: Operand?
  /// The least that it may be.
  var atLeast: Operand?
  /// What the field takes.
  let type: FieldType
  /// Whether its value must never be shown.
  let isSecret: Bool

  init(of type: FieldType, isSecret: Bool) {
    self.type = type
    self.isSecret = isSecret
  }

  /// Reads an amount of what the field takes; `nil` if it takes none, or if the text is none.
  static func measure(_ text: String, as type: FieldType) -> ClosedRange<Int64>? {
    switch type {
    case .integer: Int64(text).map { $0...$0 }
    case .quantity(_, _, _, _, let measure): measure(text)
    default: nil
    }
  }

  /// What is wrong with a value, in words that follow the field: "is `latest`, and must not be"; `nil` if nothing is.
  func problem(with value: Value?) -> String? {
    var value = value
    // A truth value that is not set is false.
    if case .boolean = type, value == nil { value = .bool(false) }
    guard let value else { return isSet == true || !includes.isEmpty ? "is not set" : nil }
    if isSet == false { return "is \(shown(value.scalarText)), and must not be set" }
    if let elements = value.list {
      if let missing = includes.first(where: { !elements.contains(.string($0)) }) {
        return "lacks `\(missing)`"
      }
      return elements.lazy.compactMap { $0.scalarText.flatMap { problem(withText: $0, verb: "has") } }.first
    }
    return value.scalarText.flatMap { problem(withText: $0, verb: "is") }
  }

  /// - Parameter verb: "is" for a value, "has" for an element of a list.
  private func problem(withText text: String, verb: String) -> String? {
    let measure = Self.measure(text, as: type)
    func isEqual(_ operand: Operand) -> Bool {
      operand.measure.map { $0 == measure } ?? (operand.text == text)
    }
    let start = "\(verb) \(shown(text)), and must"
    if !oneOf.isEmpty, !oneOf.contains(where: isEqual) {
      return "\(start) be \(Self.list(oneOf.map(\.text), "one of"))"
    }
    if noneOf.contains(where: isEqual) { return "\(start) not" + (verb == "is" ? " be" : "") }
    if !matches.isEmpty, !matches.contains(where: { $0.matches(text) }) {
      return "\(start) be like \(Self.list(matches.map(\.text), "one of"))"
    }
    if let pattern = matchesNone.first(where: { $0.matches(text) }) {
      return "\(start) not be like `\(pattern.text)`"
    }
    if let atMost, let bound = atMost.measure, measure.map({ $0.upperBound > bound.upperBound }) ?? true {
      return "\(start) be `\(atMost.text)` at most"
    }
    if let atLeast, let bound = atLeast.measure, measure.map({ $0.lowerBound < bound.lowerBound }) ?? true {
      return "\(start) be `\(atLeast.text)` at least"
    }
    return nil
  }

  /// A value as it may be shown: the beginning of one that is long.
  private func shown(_ text: String?) -> String {
    guard !isSecret else { return "a value that is not shown" }
    guard let text else { return "set" }
    return text.unicodeScalars.count > 100 ? "`\(String(text.prefix(100)))…`" : "`\(text)`"
  }

  private static func list(_ texts: [String], _ words: String) -> String {
    let quoted = texts.map { "`\($0)`" }
    return quoted.count == 1 ? quoted[0] : "\(words) \(quoted.joined(separator: ", "))"
  }
}
