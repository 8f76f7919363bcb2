import KubernetesAPI
import Planning
import ProviderKit

@testable import KubernetesProvider

extension KubernetesStage: DoomedStage {
  static let engine = "a Kubernetes cluster"
  static let remains = ["Lease berth.shop.lock"]

  static func make(judging judge: @escaping @Sendable (String) -> Bool) async throws -> KubernetesStage {
    try await KubernetesStage { judge($0) ? .pass : .refuse }
  }

  /// What is said in an inventory of a pod that is still there.
  static let ending = "which ends"

  /// What there is of berth's in the namespace, but for the history, so that it compares with what there is in another one:
  /// without digests, and without the names that a controller makes up.
  func inventory() async throws -> [String] {
    let berths = Selection(labels: "\(Mark.managedBy)=\(Mark.berth)")
    let sets = try await client.objects(.replicaSets).list(in: namespace, berths).items
    let leases = try await client.objects(.leases).list(in: namespace, berths).items
    return (try await objects() + sets + leases).map(words).sorted()
  }

  private func words(_ object: KubernetesObject) -> String {
    let workload = object.labels[Mark.workload] ?? ""
    switch object.kind {
    case "Pod":
      let phase = object.json.at("status", "phase")?.string ?? ""
      return "Pod of \(workload), \(object.isBeingDeleted ? Self.ending : phase)"
    case "ReplicaSet":
      return "ReplicaSet of \(workload), \(object.json.at("spec", "replicas")?.int ?? 1) pods"
    case "Lease":
      let holder = object.json.at("spec", "holderIdentity")?.string
      return "Lease \(object.name)" + (holder.map { ", held by \($0)" } ?? "")
    case _ where object.labels[Mark.part] == Part.config.rawValue:
      return "\(object.kind) \(object.name.split(separator: "-").dropLast().joined(separator: "-"))"
    default: return "\(object.kind) \(object.name)"
    }
  }

  /// The history of the namespace's workloads.
  var history: RegisterStore<ClusterRegisters> {
    RegisterStore(ClusterRegisters(createsNamespaces: false) { [client] in client })
  }

  /// The records of a workload that its history does not refer to.
  func unreferred(of workload: String) async throws -> [String] {
    try await history.unreferred(of: WorkloadKey(namespace: namespace, name: workload))
  }
}
