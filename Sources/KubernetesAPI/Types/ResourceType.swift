/// A kind of objects that a server keeps.
package struct ResourceType: Sendable, Hashable, CustomStringConvertible {
  /// The group; empty for the core.
  package let group: String
  /// The version within the group.
  package let version: String
  /// The name in paths, such as `deployments`.
  package let plural: String
  /// The name in objects, such as `Deployment`.
  package let kind: String
  /// Whether objects of the kind are in a namespace.
  package let isNamespaced: Bool

  /// A kind of objects.
  package init(
    group: String = "", version: String = "v1", plural: String, kind: String, isNamespaced: Bool = true
  ) {
    self.group = group
    self.version = version
    self.plural = plural
    self.kind = kind
    self.isNamespaced = isNamespaced
  }

  /// The group and version, as objects name them: `v1`, `apps/v1`.
  package var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }
  /// The kind as a person would name it: `deployments.apps`.
  package var description: String { group.isEmpty ? plural : "\(plural).\(group)" }

  package static let namespaces = ResourceType(plural: "namespaces", kind: "Namespace", isNamespaced: false)
  package static let pods = ResourceType(plural: "pods", kind: "Pod")
  package static let configMaps = ResourceType(plural: "configmaps", kind: "ConfigMap")
  package static let leases = ResourceType(group: "coordination.k8s.io", plural: "leases", kind: "Lease")

  /// The parts of the path of all objects of a namespace.
  ///
  /// - Parameter namespace: `nil` means all namespaces.
  /// - Throws: ``KubernetesError`` if the name is none.
  func path(ofAllIn namespace: String?) throws -> [String] {
    let root = group.isEmpty ? ["api", version] : ["apis", group, version]
    guard isNamespaced, let namespace else { return root + [plural] }
    return root + ["namespaces", try part(namespace, "the namespace"), plural]
  }

  /// The parts of the path of an object.
  ///
  /// - Parameter name: `nil` if it has yet to get one.
  /// - Throws: ``KubernetesError`` if a name is missing, or would lead elsewhere.
  func path(namespace: String?, name: String? = nil, subresource: String? = nil) throws -> [String] {
    guard !isNamespaced || namespace != nil else {
      throw KubernetesError("the \(kind) \"\(name ?? "")\" is named without its namespace")
    }
    var path = try path(ofAllIn: namespace)
    if let name { path.append(try part(name, "the name")) }
    if let subresource { path.append(try part(subresource, "the subresource")) }
    return path
  }

  /// A name that is a part of a path. Servers take paths apart after they have decoded them, so that an
  /// escape would not keep it together.
  private func part(_ name: String, _ what: String) throws -> String {
    guard !name.isEmpty, name != ".", name != "..", !name.contains("/"), !name.contains("%") else {
      throw KubernetesError(
        "\(what) \"\(name)\" of a \(kind) can't be used",
        help: "a name has no '/' and no '%', and is neither '.' nor '..'")
    }
    return name
  }
}
