import Diagnostics
import KubernetesAPI
import Planning
import ProviderKit
import WorkloadSpec

/// Refuses volumes that would have to grow and can't, before anything is changed for them.
struct GrowthRule: Sendable {
  let client: KubernetesClient
  /// All claims of the namespace.
  let claims: [KubernetesObject]

  /// What is wrong with the volumes of a workload. Where berth may not read storage classes, the cluster says so later.
  func problems(
    with workload: Workload, as key: WorkloadKey, given observation: Observation
  ) async throws -> [Diagnostic] {
    let growing = ClaimObjects.persistent(workload.services).filter { volume in
      guard let wanted = volume.size else { return false }
      return observation.volumes.contains { $0.name == volume.name && ($0.size ?? wanted) < wanted }
    }
    guard !growing.isEmpty else { return [] }
    let claims = claims.filter { $0.isOurs(as: key) }
    var problems: [Diagnostic] = []
    for volume in growing {
      let classes = Set(
        claims.filter { $0.labels[Mark.volume] == volume.name }.map {
          $0.json.at("spec", "storageClassName")?.string ?? ""
        })
      for name in classes.sorted() where try await !letsGrow(name) {
        let what = name.isEmpty ? "a volume without a storage class" : "the storage class `\(name)`"
        problems.append(
          Diagnostic(
            .providerRefuses,
            "\(what) does not grow, and `\(volume.name)` is to have \(volume.size?.description ?? "")",
            help:
              "leave the size as it is, or have the class allow it (`allowVolumeExpansion: true`), if what makes its volumes can grow them"
          ))
      }
    }
    return problems
  }

  private func letsGrow(_ name: String) async throws -> Bool {
    guard !name.isEmpty else { return false }
    do {
      return try await client.objects(.storageClasses).get(name)["allowVolumeExpansion"]?.bool == true
    } catch let error as KubernetesError where error.isForbidden {
      return true
    } catch let error as KubernetesError where error.isNotFound {
      return false
    }
  }
}
