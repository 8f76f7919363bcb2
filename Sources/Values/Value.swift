/// A tree of plain data: what a typed value looks like from outside, in a snapshot, a diff or JSON.
///
/// There are no floating-point numbers: every number of the language is a whole number of some unit.
public enum Value: Hashable, Sendable {
  /// Nothing.
  case null
  /// True or false.
  case bool(Bool)
  /// A whole number.
  case int(Int64)
  /// A text.
  case string(String)
  /// Values in order.
  case list([Value])
  /// Values under keys, in the order in which they are printed.
  case map([Member])

  /// A key with its value.
  public struct Member: Hashable, Sendable {
    /// The text by which the map finds the value.
    public let key: String
    /// The value under the key.
    public let value: Value

    /// Pairs a key with a value.
    public init(_ key: String, _ value: Value) {
      self.key = key
      self.value = value
    }
  }

  /// The value under a key of a map.
  public subscript(key: String) -> Value? {
    guard case .map(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }

  /// The text; `nil` for every other kind, also for a number.
  public var string: String? { if case .string(let text) = self { text } else { nil } }
  /// The whole number, if this is one.
  public var int: Int64? { if case .int(let number) = self { number } else { nil } }
  /// The truth value; `nil` for every other kind, also for the text `true`.
  public var bool: Bool? { if case .bool(let truth) = self { truth } else { nil } }
  /// The elements in order; `nil` if this is no list.
  public var list: [Value]? { if case .list(let elements) = self { elements } else { nil } }
  /// The members in the order in which they are printed; `nil` if this is no map.
  public var members: [Member]? { if case .map(let members) = self { members } else { nil } }
}

extension Value {
  public init(_ number: Int) { self = .int(Int64(number)) }
  /// A whole number, or nothing.
  public init(_ number: Int?) { self = number.map { Value($0) } ?? .null }
  /// A text, or nothing.
  public init(_ text: String?) { self = text.map(Value.string) ?? .null }
}

extension Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  public init(stringLiteral value: String) { self = .string(value) }
  public init(integerLiteral value: Int64) { self = .int(value) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(arrayLiteral elements: Value...) { self = .list(elements) }
  /// A map that keeps the order in which it is written.
  public init(dictionaryLiteral elements: (String, Value)...) {
    self = .map(elements.map { Member($0.0, $0.1) })
  }
}
