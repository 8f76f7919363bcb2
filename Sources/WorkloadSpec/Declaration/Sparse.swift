import Values
import YAMLNodes

/// An object that few have: one with nothing but defaults takes the room of a pointer, however many fields it has.
///
/// A field is declared by the projected value, `\.$security`, so that what is not set costs nothing to read, to compare
/// or to write down.
@propertyWrapper
public struct Sparse<Object: SpecObject>: Equatable, Sendable {
  private final class Box: Sendable {
    let object: Object

    init(_ object: Object) { self.object = object }
  }

  /// `nil` for an object with nothing but defaults.
  private var box: Box?

  public init(wrappedValue: Object) { box = wrappedValue == Object() ? nil : Box(wrappedValue) }

  /// An object with nothing but defaults.
  public init() {}

  /// The object; an empty one where none is stored.
  public var wrappedValue: Object {
    get { box?.object ?? Object() }
    set { self = Sparse(wrappedValue: newValue) }
  }

  /// The wrapper itself, by which a field is declared.
  public var projectedValue: Sparse {
    get { self }
    set { self = newValue }
  }

  /// By what they hold.
  public static func == (left: Sparse, right: Sparse) -> Bool {
    left.box === right.box || left.wrappedValue == right.wrappedValue
  }
}

extension Sparse: SpecValue {
  /// What the object takes: that it is sparse shows nowhere in the language.
  public static var fieldType: FieldType { Object.fieldType }

  /// Reads the object.
  public static func read(_ node: Node, by decoder: inout SpecDecoder) -> Sparse? {
    Object.read(node, by: &decoder).map { Sparse(wrappedValue: $0) }
  }

  /// The object as plain data.
  public var plain: Value { wrappedValue.plain }

  /// Whether it has nothing but defaults.
  public var isUnset: Bool { box == nil }
}
