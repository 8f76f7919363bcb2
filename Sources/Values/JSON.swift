/// A tree of JSON as a server sent it, or as it is to be sent: what no code of ours knows of is kept, members
/// stay in their order, and numbers as they are written.
///
/// Two objects are equal if they have equal members in the same order; ``contains(_:)`` heeds no order.
public enum JSON: Hashable, Sendable {
  /// Nothing.
  case null
  /// True or false.
  case bool(Bool)
  /// A whole number.
  case int(Int64)
  /// Any other number, as it is written.
  case number(String)
  /// A text.
  case string(String)
  /// Values in order.
  case array([JSON])
  /// Values under keys, in order.
  case object([Member])

  /// A key with its value.
  public struct Member: Hashable, Sendable {
    /// The text by which the object finds the value, with escapes resolved.
    public let key: String
    /// What stands under the key; it can be changed in its place.
    public var value: JSON

    /// Pairs a key with a value.
    public init(_ key: String, _ value: JSON) {
      self.key = key
      self.value = value
    }
  }

  /// The value under a key of an object. Setting it to `nil` removes the key; setting it on anything but an
  /// object makes an object of it.
  public subscript(key: String) -> JSON? {
    get {
      guard case .object(let members) = self else { return nil }
      return members.first { $0.key == key }?.value
    }
    set {
      var members = members ?? []
      let index = members.firstIndex { $0.key == key }
      switch (index, newValue) {
      case (let index?, let value?): members[index].value = value
      case (let index?, nil): members.remove(at: index)
      case (nil, let value?): members.append(Member(key, value))
      case (nil, nil): return
      }
      self = .object(members)
    }
  }

  /// The value that is reached by keys, one below the other.
  public func at(_ path: String...) -> JSON? {
    var value: JSON? = self
    for key in path { value = value?[key] }
    return value
  }

  /// The text; `nil` for every other kind, also for a number.
  public var string: String? { if case .string(let text) = self { text } else { nil } }
  /// The whole number, if this is one.
  public var int: Int64? { if case .int(let number) = self { number } else { nil } }
  /// The truth value, if this is one.
  public var bool: Bool? { if case .bool(let truth) = self { truth } else { nil } }
  /// The elements in order; `nil` if this is no array.
  public var array: [JSON]? { if case .array(let elements) = self { elements } else { nil } }
  /// The members in the order in which they stand; `nil` if this is no object.
  public var members: [Member]? { if case .object(let members) = self { members } else { nil } }
  /// Whether this is `null`.
  public var isNull: Bool { self == .null }

  /// The texts under keys, if this is an object; what is no text is left out.
  public var strings: [String: String] {
    var strings: [String: String] = [:]
    for member in members ?? [] { strings[member.key] = member.value.string }
    return strings
  }

  /// Whether all that a part says is so here: an object may have more members; anything else must be equal.
  public func contains(_ part: JSON) -> Bool {
    switch (self, part) {
    case (.object, .object(let members)):
      members.allSatisfy { member in self[member.key].map { $0.contains(member.value) } ?? member.value.isNull
      }
    case (.array(let elements), .array(let parts)):
      elements.count == parts.count && zip(elements, parts).allSatisfy { $0.contains($1) }
    default: self == part
    }
  }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
  public init(stringLiteral value: String) { self = .string(value) }
  public init(integerLiteral value: Int64) { self = .int(value) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(arrayLiteral elements: JSON...) { self = .array(elements) }
  /// An object that keeps the order in which it is written.
  public init(dictionaryLiteral elements: (String, JSON)...) {
    self = .object(elements.map { Member($0.0, $0.1) })
  }
  /// `null`.
  public init(nilLiteral: ()) { self = .null }
}
