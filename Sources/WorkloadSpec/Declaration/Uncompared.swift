import Values

/// Something that goes along with a value and is no part of it: two values that differ in nothing else are equal.
@propertyWrapper
public struct Uncompared<Value: Sendable>: Equatable, Hashable, Sendable {
  /// What goes along.
  public var wrappedValue: Value

  /// Something that goes along.
  public init(wrappedValue: Value) { self.wrappedValue = wrappedValue }

  /// Always.
  public static func == (left: Uncompared, right: Uncompared) -> Bool { true }

  /// Nothing.
  public func hash(into hasher: inout Hasher) {}
}
