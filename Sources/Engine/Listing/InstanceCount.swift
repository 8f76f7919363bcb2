import Planning
import ProviderKit
import WorkloadSpec

extension WorkloadLister {
  /// How many instances each workload of a namespace has: by its last release or, where that states no number, by what
  /// lives.
  ///
  /// - Throws: `DiagnosticError` if the engine or its history can't be read.
  public func instances(in namespace: String) async throws -> [WorkloadKey: Int] {
    try await explaining { try await count(in: namespace) }
  }

  private func count(in namespace: String) async throws -> [WorkloadKey: Int] {
    var counts: [WorkloadKey: Int] = [:]
    var unstated: [WorkloadKey: Workload?] = [:]
    let keys = try await reader.history.workloads(in: namespace)
    let heads = await reader.history.heads(of: keys)
    for key in keys {
      let last = try heads.answer(for: key).release
      if let last, last.snapshot == nil {
        counts[key] = 0
      } else if let replicas = last?.snapshot?.replicas {
        counts[key] = replicas
      } else {
        unstated[key] = last?.snapshot
      }
    }
    guard !unstated.isEmpty else { return counts }
    let observations = await reader.observe(Array(unstated.keys), deeply: false)
    for (key, last) in unstated {
      counts[key] = InstanceNumber.before(try observations.answer(for: key), last: last)
    }
    return counts
  }
}
