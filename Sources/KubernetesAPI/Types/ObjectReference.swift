/// Which object of a type is meant.
public struct ObjectReference: Sendable, Hashable {
  /// The name.
  public var name: String
  /// The namespace; `nil` if it is in none.
  public var namespace: String?

  /// A reference.
  public init(name: String, namespace: String? = nil) {
    self.name = name
    self.namespace = namespace
  }
}
