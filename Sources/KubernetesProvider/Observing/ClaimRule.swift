import Diagnostics
import KubernetesAPI
import Planning
import ProviderKit
import WorkloadSpec

/// Refuses volumes whose claims would be those of others. A cluster calls the claims of a stateful set `VOLUME-NAME-ORDINAL`, which two
/// workloads can share: `data-a-b-0` is that of `data` of `a-b`, and of `data-a` of `b`.
struct ClaimRule: Sendable {
  /// All claims of the namespace.
  let claims: [KubernetesObject]

  /// What stands in the way of a workload's volumes.
  ///
  /// - Parameter observation: what is the workload's, or becomes so. A StatefulSet that was adopted makes claims without berth's
  ///   labels, until its template is written.
  func problems(
    with workload: Workload, as key: WorkloadKey, beside observation: Observation
  ) -> [Diagnostic] {
    let volumes = ClaimObjects.persistent(workload.services).map(\.name)
    guard !volumes.isEmpty, observation.adopted.isEmpty else { return [] }
    let names = ObjectNames(key: key)
    let known = Set(
      observation.volumes.map { volume in
        volume.ordinal.map { names.claim(of: volume.name, ordinal: $0) } ?? names.claim(of: volume.name)
      })
    return claims.filter { claim in
      !claim.isOurs(as: key) && !known.contains(claim.name)
        && volumes.contains { isMeant(claim.name, by: $0, names, workload.kind) }
    }.map { claim in
      let owner = claim.labels[Mark.managedBy] == Mark.berth ? claim.labels[Mark.workload] : nil
      return Diagnostic(
        .foreignObject,
        "the PersistentVolumeClaim \(claim.name) has the name of a volume of `\(key.name)`, and "
          + (owner.map { "is the workload `\($0)`'s" } ?? "berth did not create it"),
        help: "rename the volume or the workload: two that share a claim share their data")
    }
  }

  private func isMeant(_ claim: String, by volume: String, _ names: ObjectNames, _ kind: WorkloadKind) -> Bool
  {
    guard kind.hasStableInstances else { return claim == names.claim(of: volume) }
    guard let ordinal = claim.split(separator: "-").last.flatMap({ Int($0) }) else { return false }
    return claim == names.claim(of: volume, ordinal: ordinal)
  }
}
