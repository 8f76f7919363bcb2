import Values
import YAMLNodes

/// An object of the language: a Swift value whose fields are stated in its ``ObjectSchema``.
public protocol SpecObject: SpecValue {
  /// An object with nothing set but defaults.
  init()

  /// The same, made once where that takes long. Reading begins with it.
  static var blank: Self { get }

  /// Whether lists are kept of it, as a ``SpecElement``.
  static var isElement: Bool { get }

  /// The statement of its fields.
  static var schema: ObjectSchema<Self> { get }
}

extension SpecObject {
  /// No list is kept of most objects.
  public static var isElement: Bool { false }
}

/// The statement of an object's fields.
public final class ObjectSchema<Root: SpecObject>: Sendable {
  /// The fields in the order in which they are documented and printed.
  public let fields: [Field<Root>]
  /// What is known of the object without its Swift type.
  public let description: ObjectDescription
  /// Keys that are kept for later, with the reason that a message gives.
  let reserved: [String: String]
  /// Keys that other tools have for a field of this object, with the field's.
  let synonyms: [String: String]
  let required: UInt64
  /// Of each field's key, its length with its first and last byte: what tells nearly all of them apart.
  private let signatures: [UInt32]
  /// The fields of which one at least must be given, as a set of indices; empty if there are none such.
  let alternatives: UInt64

  /// States an object.
  ///
  /// - Parameters:
  ///   - name: the word for one of it, such as `port`.
  ///   - plural: the word for several; by default, that word with an `s`.
  ///   - summary: what it is, in one sentence.
  ///   - reserved: keys that are kept for later, with the reason that a message gives.
  ///   - synonyms: keys that other tools have for a field of this object, with the field's.
  ///   - shorthand: what to write instead of a scalar that means such an object elsewhere.
  ///   - text: the text that may stand in its place, in words; an object that takes one reads it by itself.
  ///   - alternatives: the fields of which one at least must be given.
  ///   - fields: the fields, at most 64, in the order in which they are documented and printed.
  public init(
    _ name: String, plural: String? = nil, _ summary: String, reserved: [String: String] = [:],
    synonyms: [String: String] = [:], shorthand: @escaping @Sendable (String) -> String? = { _ in nil },
    text: String? = nil, alternatives: Alternatives? = nil, fields: [Field<Root>]
  ) {
    precondition(fields.count <= 64, "a set of fields is one machine word")
    self.fields = fields
    self.reserved = reserved
    self.synonyms = synonyms
    required = Self.set(of: fields) { $0.isRequired }
    signatures = fields.map { Self.signature($0.key[...]) }
    self.alternatives = Self.set(of: fields) { alternatives?.fields.contains($0.name) == true }
    description = ObjectDescription(
      name: name, plural: plural ?? name + "s", summary: summary,
      isElement: Root.isElement, shorthand: shorthand, text: text, alternatives: alternatives,
      fields: fields.map(\.description))
  }

  /// The statement of an object whose fields are another one's.
  ///
  /// - Parameters:
  ///   - inner: the statement of those.
  ///   - get: what they are in an object.
  ///   - set: has an object have others.
  init<Inner>(
    of inner: ObjectSchema<Inner>, get: @escaping @Sendable (Root) -> Inner,
    set: @escaping @Sendable (inout Root, Inner) -> Void
  ) {
    fields = inner.fields.map { Field(of: $0, get: get, set: set) }
    (reserved, synonyms) = (inner.reserved, inner.synonyms)
    (required, alternatives, description) = (inner.required, inner.alternatives, inner.description)
    signatures = fields.map { Self.signature($0.key[...]) }
  }

  private static func set(of fields: [Field<Root>], where isMember: (FieldDescription) -> Bool) -> UInt64 {
    fields.indices.reduce(0) { isMember(fields[$1].description) ? $0 | 1 << UInt64($1) : $0 }
  }

  @inline(__always)
  private static func signature(_ key: some RandomAccessCollection<UInt8>) -> UInt32 {
    guard let first = key.first, let last = key.last else { return 0 }
    return UInt32(truncatingIfNeeded: key.count) << 16 | UInt32(first) << 8 | UInt32(last)
  }

  /// The index of the field with a key.
  @inline(__always)
  func index(of key: Node) -> Int? {
    let record = key.record
    let count = Int(record.textCount)
    let start = Int(record.textStart)
    let signature = Self.signature(key.tree.text[start..<start + count])
    search: for index in signatures.indices where signatures[index] == signature {
      guard fields[index].key.count == count else { continue }
      for offset in 0..<count where fields[index].key[offset] != key.tree.text[start + offset] {
        continue search
      }
      return index
    }
    return nil
  }
}

extension SpecObject {
  /// Made anew.
  public static var blank: Self { Self() }

  /// An object with these fields.
  public static var fieldType: FieldType { .object { schema.description } }

  /// Reads the fields that are given; unknown, duplicate and missing ones are reported.
  @inline(__always)
  public static func read(_ node: Node, by decoder: inout SpecDecoder) -> Self? {
    readFields(node, by: &decoder)
  }

  /// What ``read(_:by:)`` does, for a type that has more to do there.
  public static func readFields(_ node: Node, by decoder: inout SpecDecoder) -> Self? {
    guard decoder.expect(.mapping, node, fieldType) else { return nil }
    let schema = schema
    let outerField = decoder.fieldName
    defer { decoder.fieldName = outerField }
    var object = blank
    var seen: UInt64 = 0
    var misspelt: UInt64 = 0
    var key = node.index + 1
    let end = node.end
    while key < end {
      let keyNode = Node(tree: node.tree, index: key)
      let value = Node(tree: node.tree, index: keyNode.end)
      key = value.end
      guard let index = schema.index(of: keyNode) else {
        if let index = decoder.reportUnknown(key: keyNode, of: schema) { misspelt |= 1 << UInt64(index) }
        continue
      }
      let bit = UInt64(1) << UInt64(index)
      if seen & bit != 0 {
        decoder.reportDuplicate(key: keyNode, in: node)
        continue
      }
      seen |= bit
      if value.isNull {
        // A key with nothing behind it is a field that is not set.
        if (schema.required | schema.alternatives) & bit != 0 { seen &= ~bit }
        continue
      }
      decoder.fieldName = schema.fields[index].description.name
      schema.fields[index].read(value, &object, &decoder)
    }
    let missing = schema.required & ~seen
    if missing != 0 {
      for index in schema.fields.indices where missing & (1 << UInt64(index)) != 0 {
        decoder.reportMissing(schema.fields[index].description, of: schema.description, at: node)
      }
    }
    if schema.alternatives != 0, schema.alternatives & (seen | misspelt) == 0 {
      decoder.reportMissingAlternatives(of: schema.description, at: node)
    }
    return object
  }

  /// Every field that is set, defaults included, in the order of the schema.
  public var plain: Value {
    var members: [Value.Member] = []
    for field in Self.schema.fields {
      if let value = field.value(self) { members.append(Value.Member(field.description.name, value)) }
    }
    return .map(members)
  }
}

extension SpecObject {
  /// Every field that is set and differs from its default: what is worth showing.
  public var plainWithoutDefaults: Value { Self.schema.description.pruned(plain) { _, _ in true } }

  /// Every field that is compared, is set and differs from its default: what a digest is made of.
  ///
  /// - Parameter engine: what an engine declares; then what is said on others is left out. `nil` keeps what is said on
  ///   engines as it is.
  public func essence(on engine: EngineFields? = nil) -> Value {
    Self.schema.description.pruned(plain, on: engine) { _, field in field.comparison == .value }
  }

  /// The ``essence(on:)`` without what must not be shown.
  public func shownEssence(on engine: EngineFields? = nil) -> Value {
    Self.schema.description.pruned(plain, on: engine) { _, field in
      field.comparison == .value && !field.isSecret
    }
  }

  /// The ``essence(on:)`` without some fields, and without objects that have nothing left.
  ///
  /// - Parameter paths: those fields, by their path in the language, in which no element is named: `volumes.size`.
  public func essence(without paths: Set<String>, on engine: EngineFields? = nil) -> Value {
    Self.schema.description.pruned(plain, dropsEmpty: true, on: engine) { path, field in
      field.comparison == .value && !paths.contains(path)
    }
  }
}

extension ObjectDescription {
  /// An object's plain data without the members that equal their default or are not kept.
  ///
  /// - Parameters:
  ///   - path: the object's own path in the language; empty for a whole.
  ///   - dropsEmpty: whether an object with nothing left in it is left out as well.
  ///   - engine: what is left of what is said on engines; `nil` leaves it as it is.
  ///   - keeping: whether a field is kept, by its path.
  fileprivate func pruned(
    _ value: Value, path: String = "", dropsEmpty: Bool = false, on engine: EngineFields? = nil,
    keeping: (String, FieldDescription) -> Bool
  ) -> Value {
    guard let members = value.members else { return value }
    return .map(
      members.compactMap { member in
        guard let field = fields.first(where: { $0.name == member.key }) else { return member }
        let path = path.isEmpty ? field.name : "\(path).\(field.name)"
        guard keeping(path, field), field.defaultValue != member.value else { return nil }
        let value = field.type.pruned(
          member.value, path: path, dropsEmpty: dropsEmpty, on: engine, keeping: keeping)
        if value.members?.isEmpty ?? false {
          if case .engines = field.type { return nil }
          if dropsEmpty, case .object = field.type { return nil }
        }
        return Value.Member(member.key, value)
      })
  }
}

extension FieldType {
  fileprivate func pruned(
    _ value: Value, path: String, dropsEmpty: Bool, on engine: EngineFields?,
    keeping: (String, FieldDescription) -> Bool
  ) -> Value {
    switch (self, value) {
    case (.object(let description), _):
      return description().pruned(value, path: path, dropsEmpty: dropsEmpty, on: engine, keeping: keeping)
    case (.keyed(let description, _), .list(let elements)):
      let description = description()
      return .list(
        elements.map {
          description.pruned($0, path: path, dropsEmpty: dropsEmpty, on: engine, keeping: keeping)
        })
    case (.engines(let place), .map(let members)):
      guard let engine else { return value }
      let own = Value.map(members.filter { $0.key == engine.engine })
      let pruned = [engine].description(at: place).pruned(own, path: path, on: engine, keeping: keeping)
      return .map((pruned.members ?? []).filter { $0.value.members?.isEmpty != true })
    default: return value
    }
  }
}
