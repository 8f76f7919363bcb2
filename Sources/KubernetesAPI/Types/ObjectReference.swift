/// Which object of a type is meant.
package struct ObjectReference: Sendable, Hashable {
  /// The name.
  package var name: String
  /// The namespace; `nil` if it is in none.
  package var namespace: String?

  /// A reference.
  package init(name: String, namespace: String? = nil) {
    self.name = name
    self.namespace = namespace
  }
}
