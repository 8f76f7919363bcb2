import KubernetesAPI
import Planning
import ProviderKit
import Values
import WorkloadSpec

extension ActionPerformer {
  /// Makes room for a StatefulSet whose claim templates are others: a cluster never changes them. The claims that are there
  /// grow, and the controller goes without its pods; what is written next takes them over.
  ///
  /// - Returns: whether the controller is gone.
  func makeRoom(
    for wanted: KubernetesObject, in live: KubernetesObject, _ writer: ObjectWriter
  ) async throws -> Bool {
    guard live.kind == "StatefulSet", wanted.kind == live.kind,
      live.claimTemplates != wanted.claimTemplates
    else { return false }
    try await growClaims(to: wanted.claimSizes)
    context.report("makes the StatefulSet \(live.name) anew, without its pods")
    try await writer.delete(live, dependents: .orphan)
    try await waitUntilGone(.statefulSets, Selection(fields: "metadata.name=\(live.name)")) {
      $0.uid == live.uid
    }
    return true
  }

  private func growClaims(to sizes: [String: ByteQuantity]) async throws {
    for claim in try await find().claims {
      guard let volume = claim.labels[Mark.volume] ?? claim.annotations[Mark.volume],
        let size = sizes[volume],
        let now = ByteQuantity(amount: claim.json.at("spec", "resources", "requests", "storage")), now < size
      else { continue }
      try await writer().patch(claim, ["spec": ["resources": ["requests": ["storage": size.amount]]]])
    }
  }
}

extension KubernetesObject {
  /// How large the claims are that a StatefulSet makes, by their names.
  fileprivate var claimSizes: [String: ByteQuantity] {
    var sizes: [String: ByteQuantity] = [:]
    for template in json.at("spec", "volumeClaimTemplates")?.array ?? [] {
      guard let name = template.at("metadata", "name")?.string else { continue }
      sizes[name] = ByteQuantity(amount: template.at("spec", "resources", "requests", "storage"))
    }
    return sizes
  }
}
