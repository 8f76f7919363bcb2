import Values

/// A value that few have: one that is not there takes the room of a pointer, however large it is.
@propertyWrapper
public struct Indirect<Value: Equatable & Sendable>: Equatable, Sendable {
  private final class Box: Sendable {
    let value: Value

    init(_ value: Value) { self.value = value }
  }

  private var box: Box?

  /// A value, if it is there.
  public init(wrappedValue: Value?) { box = wrappedValue.map(Box.init) }

  /// Whether there is none.
  public var isAbsent: Bool { box == nil }

  /// The wrapper itself.
  public var projectedValue: Indirect { self }

  /// The value, if it is there.
  public var wrappedValue: Value? {
    get { box?.value }
    set { box = newValue.map(Box.init) }
  }

  /// By the values.
  public static func == (left: Indirect, right: Indirect) -> Bool {
    left.box === right.box || left.box?.value == right.box?.value
  }
}
