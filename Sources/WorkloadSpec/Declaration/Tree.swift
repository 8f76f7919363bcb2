import Values
import YAMLNodes

/// Data of any shape, whose meaning only an engine knows. The order of keys does not matter in it, and a key without a
/// value is none.
public struct Tree: SpecValue, Hashable {
  /// The data, a map; the keys in order.
  public let value: Value

  /// How deep maps and lists may stand in each other: what is kept of them can be read again.
  static let maximumDepth = 48
  /// How long a key may be, in bytes of JSON: what is kept of it can be read again.
  static let maximumKeyLength = 1000

  /// A tree of some data.
  public init(_ value: Value = .map([])) { self.value = Self.canonical(value) }

  private static func canonical(_ value: Value) -> Value {
    switch value {
    case .map(let members):
      .map(
        members.filter { $0.value != .null }.map { .init($0.key, canonical($0.value)) }
          .sorted { $0.key < $1.key })
    case .list(let elements): .list(elements.map(canonical))
    case .null, .bool, .int, .string: value
    }
  }

  // MARK: SpecValue

  /// A mapping of anything.
  public static var fieldType: FieldType { .tree }

  /// Reads a mapping. `true`, `false`, `null` and decimal numbers are what they look like, and everything else is a text;
  /// what versions of YAML read differently is reported.
  public static func read(_ node: Node, by decoder: inout SpecDecoder) -> Tree? {
    guard decoder.expect(.mapping, node, fieldType) else { return nil }
    return value(of: node, depth: 1, by: &decoder).map { Tree($0) }
  }

  private static func value(of node: Node, depth: Int, by decoder: inout SpecDecoder) -> Value? {
    guard node.kind != .scalar else { return TreeScalar.read(node, by: &decoder) }
    guard depth <= maximumDepth else {
      decoder.report(
        .nestedTooDeep, "`\(decoder.fieldName)` is nested more than \(maximumDepth) levels deep", at: node,
        help: "hand data of this shape over as a text")
      return nil
    }
    if node.kind == .sequence {
      return .list(node.elements.compactMap { value(of: $0, depth: depth + 1, by: &decoder) })
    }
    decoder.reportDuplicateKeys(in: node)
    return .map(
      node.members.compactMap { key, node in
        guard isKey(key, by: &decoder) else { return nil }
        return value(of: node, depth: depth + 1, by: &decoder).map { .init(key.text, $0) }
      })
  }

  private static func isKey(_ key: Node, by decoder: inout SpecDecoder) -> Bool {
    let name = key.text
    if name == ElementPatch.key {
      decoder.report(
        .unknownKey, "`\(name)` has no meaning within `\(decoder.fieldName)`", at: key,
        help: "a later layer is merged by its keys, and `null` takes one away")
      return false
    }
    guard CanonicalJSON.compact(.string(name)).utf8.count > maximumKeyLength else { return true }
    decoder.report(
      .outOfRange, "a key of `\(decoder.fieldName)` is longer than \(maximumKeyLength) bytes", at: key,
      help: "keys are names; write long texts as values")
    return false
  }

  /// The data.
  public var plain: Value { value }

  /// Whether there is nothing in it.
  public var isUnset: Bool { value == .map([]) }
}
