import Values

/// Objects of one type, as they were at one moment.
package struct ObjectList: Sendable {
  package internal(set) var items: [KubernetesObject]
  /// The moment: from here a watch goes on.
  package let resourceVersion: String
  /// How the next page is asked for; `nil` if this is the last one.
  let next: String?

  /// - Throws: ``KubernetesError`` if it is no list.
  init(_ json: JSON, of type: ResourceType) throws {
    guard let kind = json["kind"]?.string, kind.hasSuffix("List"), let metadata = json["metadata"] else {
      throw KubernetesError(
        "the server's answer makes no sense: it was asked for \(type), and gives no list",
        help: "check that no proxy in between answers")
    }
    // The items of a list do not say what they are. An object that is read by itself does, in this order.
    let (apiVersion, itemKind) = (
      json["apiVersion"] ?? .string(type.apiVersion), JSON.string(String(kind.dropLast(4)))
    )
    items = (json["items"]?.array ?? []).map { item in
      var members: [JSON.Member] = []
      if item["kind"] == nil { members.append(JSON.Member("kind", itemKind)) }
      if item["apiVersion"] == nil { members.append(JSON.Member("apiVersion", apiVersion)) }
      return KubernetesObject(.object(members + (item.members ?? [])))
    }
    resourceVersion = metadata["resourceVersion"]?.string ?? ""
    next = metadata["continue"]?.string.flatMap { $0.isEmpty ? nil : $0 }
  }
}
