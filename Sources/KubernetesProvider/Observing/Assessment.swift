import Diagnostics
import KubernetesAPI
import Planning
import ProviderKit
import WorkloadSpec

/// What a person should know before a workload is applied to a cluster, as far as only the cluster can tell.
struct Assessment: Sendable {
  let client: KubernetesClient
  /// What is true of its namespace.
  let sight: NamespaceSight
  /// How the target writes workloads.
  let target: KubernetesTarget
  /// What the server has.
  let facts: EngineFacts

  func assess(
    _ workload: Workload, as key: WorkloadKey, given observation: Observation
  ) async throws -> Diagnostics {
    var diagnostics = KubernetesTable.on(facts).findings(on: workload, as: key, facts: facts)
    checkNamespace(key.namespace, &diagnostics)
    diagnostics.append(
      contentsOf: HeldFieldRule(facts: facts).findings(on: workload, as: key, given: observation))
    diagnostics.append(
      contentsOf: ClaimRule(claims: sight.claims).problems(
        with: workload, as: key, beside: observation))
    diagnostics.append(
      contentsOf: try await GrowthRule(client: client, claims: sight.claims).problems(
        with: workload, as: key, given: observation))
    return diagnostics
  }

  private func checkNamespace(_ name: String, _ diagnostics: inout Diagnostics) {
    switch sight.state {
    case .usable: break
    case .beingDeleted:
      diagnostics.report(
        .namespaceUnusable, "the namespace `\(name)` is being deleted: the cluster takes nothing new into it",
        help: "wait until it is gone, and apply again")
    case .missing:
      guard !target.createNamespace else { return }
      diagnostics.report(
        .namespaceUnusable, "the cluster has no namespace `\(name)`",
        help:
          "create it (`kubectl create namespace \(name)`), or say `createNamespace: true` at the target")
    }
  }
}
