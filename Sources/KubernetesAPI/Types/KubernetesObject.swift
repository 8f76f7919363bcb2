import Values

/// An object of a cluster: a tree of JSON, of which the members that all objects have can be asked for by
/// name.
package struct KubernetesObject: Sendable, Hashable {
  /// All of it.
  package var json: JSON

  package init(_ json: JSON) { self.json = json }

  /// A new object with nothing but its name.
  package init(_ type: ResourceType, name: String, namespace: String? = nil) {
    var metadata: JSON = ["name": .string(name)]
    metadata["namespace"] = namespace.map(JSON.string)
    json = ["apiVersion": .string(type.apiVersion), "kind": .string(type.kind), "metadata": metadata]
  }

  /// What stands under a key.
  package subscript(key: String) -> JSON? {
    get { json[key] }
    set { json[key] = newValue }
  }

  /// The group and version.
  package var apiVersion: String { json["apiVersion"]?.string ?? "" }
  package var kind: String { json["kind"]?.string ?? "" }
  /// What is known of the object.
  package var metadata: JSON {
    get { json["metadata"] ?? [:] }
    set { json["metadata"] = newValue }
  }
  package var name: String { metadata["name"]?.string ?? "" }
  /// The namespace; `nil` if it is in none.
  package var namespace: String? { metadata["namespace"]?.string }
  /// What tells it apart from all others that ever were.
  package var uid: String { metadata["uid"]?.string ?? "" }
  /// What changes with each change of the object.
  package var resourceVersion: String { metadata["resourceVersion"]?.string ?? "" }
  package var labels: [String: String] { metadata["labels"]?.strings ?? [:] }
  package var annotations: [String: String] { metadata["annotations"]?.strings ?? [:] }
  /// Whether it is being deleted.
  package var isBeingDeleted: Bool { metadata["deletionTimestamp"]?.string != nil }
  /// Who wrote which fields.
  package var managers: [FieldManager] {
    (metadata["managedFields"]?.array ?? []).compactMap(FieldManager.init)
  }

  /// Which object of a type is meant.
  package var reference: ObjectReference { ObjectReference(name: name, namespace: namespace) }
}
