import KubernetesAPI
import Values

extension ObjectWriter {
  /// Has a controller's template be all berth's, also the fields that other clients wrote: so what is not applied next is
  /// taken away.
  ///
  /// As `kubectl` does it that goes over to server-side apply.
  func takeTemplate(of live: KubernetesObject) async throws -> KubernetesObject {
    let path = ["fieldsV1", "f:spec", "f:template"]
    var entries = live.metadata["managedFields"]?.array ?? []
    guard let own = entries.firstIndex(where: { $0.isApplied(by: Self.manager) }) else { return live }
    for index in entries.indices where index != own && entries[index]["subresource"]?.string ?? "" == "" {
      guard let fields = entries[index][path] else { continue }
      entries[own][path] = fields.joined(with: entries[own][path])
      entries[index][path] = nil
    }
    return try await patch(
      live,
      ["metadata": ["resourceVersion": .string(live.resourceVersion), "managedFields": .array(entries)]])
  }
}

extension JSON {
  fileprivate func isApplied(by manager: String) -> Bool {
    self["manager"]?.string == manager && self["operation"]?.string == "Apply"
  }

  /// The fields of two managers together.
  fileprivate func joined(with other: JSON?) -> JSON {
    var joined = self
    for member in other?.members ?? [] {
      joined[member.key] = joined[member.key]?.joined(with: member.value) ?? member.value
    }
    return joined
  }
}
