import Values

/// An object of a cluster: a tree of JSON, of which the members that all objects have can be asked for by
/// name.
public struct KubernetesObject: Sendable, Hashable {
  /// All of it.
  public var json: JSON

  /// An object.
  public init(_ json: JSON) { self.json = json }

  /// A new object with nothing but its name.
  public init(_ type: ResourceType, name: String, namespace: String? = nil) {
    var metadata: JSON = ["name": .string(name)]
    metadata["namespace"] = namespace.map(JSON.string)
    json = ["apiVersion": .string(type.apiVersion), "kind": .string(type.kind), "metadata": metadata]
  }

  /// What stands under a key.
  public subscript(key: String) -> JSON? {
    get { json[key] }
    set { json[key] = newValue }
  }

  /// The group and version.
  public var apiVersion: String { json["apiVersion"]?.string ?? "" }
  /// The kind.
  public var kind: String { json["kind"]?.string ?? "" }
  /// What is known of the object.
  public var metadata: JSON {
    get { json["metadata"] ?? [:] }
    set { json["metadata"] = newValue }
  }
  /// The name.
  public var name: String { metadata["name"]?.string ?? "" }
  /// The namespace; `nil` if it is in none.
  public var namespace: String? { metadata["namespace"]?.string }
  /// What tells it apart from all others that ever were.
  public var uid: String { metadata["uid"]?.string ?? "" }
  /// What changes with each change of the object.
  public var resourceVersion: String { metadata["resourceVersion"]?.string ?? "" }
  /// The labels.
  public var labels: [String: String] { metadata["labels"]?.strings ?? [:] }
  /// The annotations.
  public var annotations: [String: String] { metadata["annotations"]?.strings ?? [:] }
  /// Whether it is being deleted.
  public var isBeingDeleted: Bool { metadata["deletionTimestamp"]?.string != nil }
  /// Who wrote which fields.
  public var managers: [FieldManager] {
    (metadata["managedFields"]?.array ?? []).compactMap(FieldManager.init)
  }

  /// Which object of a type is meant.
  public var reference: ObjectReference { ObjectReference(name: name, namespace: namespace) }
}
