import Values

/// A type that a server has.
package struct ServedType: Sendable, Equatable {
  package let type: ResourceType
  /// What can be done: `get`, `list`, `watch`, `create` …
  package let verbs: Set<String>
  /// What its objects have besides: `scale`, `status` …
  package let subresources: Set<String>

  static func list(_ json: JSON, of apiVersion: String) -> [ServedType] {
    let parts = apiVersion.split(separator: "/").map(String.init)
    let entries = json["resources"]?.array ?? []
    var subresources: [String: Set<String>] = [:]
    for entry in entries {
      let path = (entry["name"]?.string ?? "").split(separator: "/").map(String.init)
      if path.count == 2 { subresources[path[0], default: []].insert(path[1]) }
    }
    return entries.compactMap { entry in
      guard let name = entry["name"]?.string, !name.contains("/"), let kind = entry["kind"]?.string else {
        return nil
      }
      return ServedType(
        type: ResourceType(
          group: parts.count == 2 ? parts[0] : "", version: parts.last ?? "", plural: name, kind: kind,
          isNamespaced: entry["namespaced"]?.bool ?? false),
        verbs: Set((entry["verbs"]?.array ?? []).compactMap(\.string)), subresources: subresources[name] ?? []
      )
    }
  }
}
