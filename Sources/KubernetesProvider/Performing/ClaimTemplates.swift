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

/// What decides whether a StatefulSet has to be made anew for a claim template.
struct ClaimTemplate: Equatable {
  /// Whether two StatefulSets make the same claims, but for their labels.
  static func areSame(_ left: KubernetesObject, _ right: KubernetesObject) -> Bool {
    func unlabelled(_ set: KubernetesObject) -> [ClaimTemplate] {
      set.claimTemplates.map { template in
        var template = template
        template.labels = [:]
        return template
      }
    }
    return unlabelled(left) == unlabelled(right)
  }

  let name: String
  let size: ByteQuantity?
  let storageClass: String?
  let accessModes: [String]
  var labels: [String: String]

  fileprivate init(_ json: JSON) {
    name = json.at("metadata", "name")?.string ?? ""
    size = ByteQuantity(amount: json.at("spec", "resources", "requests", "storage"))
    storageClass = json.at("spec", "storageClassName")?.string
    accessModes = (json.at("spec", "accessModes")?.array ?? []).compactMap(\.string)
    labels = json.at("metadata", "labels")?.strings ?? [:]
  }
}

extension KubernetesObject {
  /// What a StatefulSet makes claims of, in order.
  fileprivate var claimTemplates: [ClaimTemplate] {
    (json.at("spec", "volumeClaimTemplates")?.array ?? []).map { ClaimTemplate($0) }
  }

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
