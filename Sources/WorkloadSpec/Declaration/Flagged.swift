import Values
import YAMLNodes

/// A truth value that is not set where it is false: neither written down nor shown, so that a field that few need leaves no
/// trace in the snapshots of all others.
///
/// A field is declared by the projected value, `\.$readOnly`.
@propertyWrapper
public struct Flagged: SpecValue, Hashable {
  /// The truth value.
  public var wrappedValue: Bool

  public init(wrappedValue: Bool) { self.wrappedValue = wrappedValue }

  /// The wrapper itself, by which a field is declared.
  public var projectedValue: Flagged {
    get { self }
    set { self = newValue }
  }

  /// `true` or `false`.
  public static var fieldType: FieldType { Bool.fieldType }

  /// Reads `true` or `false`.
  public static func read(_ node: Node, by decoder: inout SpecDecoder) -> Flagged? {
    Bool.read(node, by: &decoder).map { Flagged(wrappedValue: $0) }
  }

  /// The truth value.
  public var plain: Value { wrappedValue.plain }

  /// Whether it is false.
  public var isUnset: Bool { !wrappedValue }
}
