import Diagnostics
import Values
import YAMLNodes

/// A type that a field of the language can have.
public protocol SpecValue: Equatable, Sendable {
  /// What the type takes.
  static var fieldType: FieldType { get }

  /// Reads a value from a node. What is wrong is reported to the decoder; then the result is `nil`, or as
  /// much of the value as could be read.
  static func read(_ node: Node, by decoder: inout SpecDecoder) -> Self?

  /// The value as plain data, in canonical form.
  var plain: Value { get }

  /// Whether there is nothing in it, so that it counts as not set.
  var isUnset: Bool { get }

  /// What a list of such values takes.
  static var listType: FieldType { get }

  /// Reads a list of such values; by default each element, in the order of the list.
  static func readList(_ node: Node, by decoder: inout SpecDecoder) -> [Self]?

  /// A list of such values as plain data, in canonical form.
  static func plainList(_ elements: [Self]) -> Value
}

extension SpecValue {
  /// A value is something, unless its type says otherwise.
  public var isUnset: Bool { false }

  /// A list in which order matters.
  public static var listType: FieldType { .list(fieldType) }

  /// Reads every element, in order.
  public static func readList(_ node: Node, by decoder: inout SpecDecoder) -> [Self]? {
    guard decoder.expect(.sequence, node, listType) else { return nil }
    var elements: [Self] = []
    elements.reserveCapacity(min(node.descendantCount, SpecDecoder.maximumElements))
    var child = node.index + 1
    let end = node.end
    while child < end {
      let element = Node(tree: node.tree, index: child)
      child = element.end
      if element.isNull {
        decoder.reportEmptyElement(element)
      } else if let value = read(element, by: &decoder) {
        elements.append(value)
      }
    }
    return elements
  }

  /// The elements in order.
  public static func plainList(_ elements: [Self]) -> Value { .list(elements.map(\.plain)) }
}

/// A type whose values are one of some words.
public protocol SpecChoice: SpecValue, CaseIterable, RawRepresentable where RawValue == String {}

extension SpecChoice {
  /// The words.
  public static var fieldType: FieldType { .choice(allCases.map(\.rawValue)) }

  /// Reads one of the words.
  public static func read(_ node: Node, by decoder: inout SpecDecoder) -> Self? {
    guard let text = decoder.scalar(node, expecting: fieldType) else { return nil }
    if let choice = Self(rawValue: text) { return choice }
    let words = allCases.map(\.rawValue)
    decoder.report(
      .badChoice, "`\(decoder.fieldName)` can't be `\(text)`", at: node,
      help: Suggestion.help(for: text, among: words) ?? "it takes \(fieldType.phrase)")
    return nil
  }

  /// The word of the choice.
  public var plain: Value { .string(rawValue) }
}

extension String: SpecValue {
  /// Any text.
  public static var fieldType: FieldType { .string }

  /// Takes the scalar's text as it is written, whatever it looks like.
  public static func read(_ node: Node, by decoder: inout SpecDecoder) -> String? {
    decoder.scalar(node, expecting: fieldType)
  }

  /// The text as it is.
  public var plain: Value { .string(self) }
}

extension Int: SpecValue {
  /// A whole number.
  public static var fieldType: FieldType { .integer }

  /// Reads decimal digits.
  public static func read(_ node: Node, by decoder: inout SpecDecoder) -> Int? {
    // This is how nearly all of them are written.
    if let number = node.plainNumber { return number }
    guard let text = decoder.scalar(node, expecting: fieldType) else { return nil }
    let bytes = text.utf8
    let digits = bytes.first == UInt8(ascii: "-") ? bytes.dropFirst() : bytes[...]
    let areDigits =
      !digits.isEmpty && digits.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    if areDigits, digits.count > 1, digits.first == UInt8(ascii: "0") {
      decoder.report(
        .badInteger, "`\(text)` starts with a zero, which some YAML readers take for an octal number",
        at: node,
        help: "write it without the zero, if that is meant")
      return nil
    }
    if areDigits, let number = Int(text) { return number }
    decoder.report(
      .badInteger, "`\(decoder.fieldName)` must be a whole number, not `\(text)`", at: node,
      help: "write digits only, such as `8080`")
    return nil
  }

  /// The number as 64 bits.
  public var plain: Value { .int(Int64(self)) }
}

extension Bool: SpecValue {
  /// `true` or `false`.
  public static var fieldType: FieldType { .boolean }

  /// Reads `true` or `false`, and no other spelling of them.
  public static func read(_ node: Node, by decoder: inout SpecDecoder) -> Bool? {
    guard let text = decoder.scalar(node, expecting: fieldType) else { return nil }
    switch text {
    case "true": return true
    case "false": return false
    default:
      let spellings = ["yes": "true", "on": "true", "no": "false", "off": "false"]
      let meant =
        spellings[text.lowercased()]
        ?? (["true", "false"].contains(text.lowercased()) ? text.lowercased() : nil)
      decoder.report(
        .badBoolean, "`\(decoder.fieldName)` must be `true` or `false`, not `\(text)`", at: node,
        help: "write \(meant.map { "`\($0)`" } ?? fieldType.phrase)")
      return nil
    }
  }

  /// The truth value as it is.
  public var plain: Value { .bool(self) }
}

extension Array: SpecValue where Element: SpecValue {
  /// A list, as its elements have it.
  public static var fieldType: FieldType { Element.listType }

  /// Reads the list, as its elements have it.
  public static func read(_ node: Node, by decoder: inout SpecDecoder) -> [Element]? {
    Element.readList(node, by: &decoder)
  }

  /// A list with the elements as plain data, in the order that their type keeps.
  public var plain: Value { Element.plainList(self) }

  /// Whether there are no elements.
  public var isUnset: Bool { isEmpty }
}
