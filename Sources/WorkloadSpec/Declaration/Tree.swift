/// Data of any shape, whose meaning only an engine knows. The order of keys does not matter in it.
public struct Tree: SpecValue, Hashable {
  /// The data, a map; the keys in order.
  public let value: Value

  /// A tree of some data.
  public init(_ value: Value = .map([])) { self.value = Self.sorted(value) }

  private static func sorted(_ value: Value) -> Value {
    switch value {
    case .map(let members):
      .map(members.map { .init($0.key, sorted($0.value)) }.sorted { $0.key < $1.key })
    case .list(let elements): .list(elements.map(sorted))
    case .null, .bool, .int, .string: value
    }
  }

  // MARK: SpecValue

  /// A mapping of anything.
  public static var fieldType: FieldType { .tree }

  /// Reads a mapping as YAML 1.2 says: `true` and `false`, `null` and whole numbers are what they look like, and
  /// everything else is a text. A number with a fraction is reported: no two engines write it alike.
  public static func read(_ node: Node, by decoder: inout SpecDecoder) -> Tree? {
    guard decoder.expect(.mapping, node, fieldType) else { return nil }
    return value(of: node, by: &decoder).map { Tree($0) }
  }

  private static func value(of node: Node, by decoder: inout SpecDecoder) -> Value? {
    switch node.kind {
    case .mapping:
      decoder.reportDuplicateKeys(in: node)
      return .map(
        node.members.compactMap { key, node in value(of: node, by: &decoder).map { .init(key.text, $0) } })
    case .sequence: return .list(node.elements.compactMap { value(of: $0, by: &decoder) })
    case .scalar: return scalar(node, by: &decoder)
    }
  }

  private static func scalar(_ node: Node, by decoder: inout SpecDecoder) -> Value? {
    if node.isNull { return .null }
    guard let text = decoder.scalar(node, expecting: .string) else { return nil }
    guard node.isPlain else { return .string(text) }
    if text == "true" || text == "false" { return .bool(text == "true") }
    if let number = Int64(text) { return .int(number) }
    guard isFraction(text) else { return .string(text) }
    decoder.report(
      .badInteger, "`\(text)` is a number with a fraction", at: node,
      help: "write it in quotes if a text is meant, or as a whole number of a smaller unit")
    return nil
  }

  /// Whether YAML 1.2 takes a plain text for a number that is not whole.
  private static func isFraction(_ text: String) -> Bool {
    guard let first = text.utf8.first,
      first == UInt8(ascii: ".") || first == UInt8(ascii: "-")
        || first == UInt8(ascii: "+") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first),
      text.utf8.allSatisfy({ "0123456789+-.eE".utf8.contains($0) })
    else { return false }
    return Double(text) != nil
  }

  /// The data.
  public var plain: Value { value }

  /// Whether there is nothing in it.
  public var isUnset: Bool { value == .map([]) }
}
