/// Which object of a type is meant.
package struct ObjectReference: Sendable, Hashable {
  package var name: String
  /// The namespace; `nil` if it is in none.
  package var namespace: String?

  package init(name: String, namespace: String? = nil) {
    self.name = name
    self.namespace = namespace
  }
}
