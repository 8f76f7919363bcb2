import Planning
import ProviderKit
import WorkloadSpec

/// Lists the workloads of a target, and has nothing to write with.
public struct WorkloadLister: Sendable {
  /// How many workloads are looked at at the same time. One that takes its time holds up none of the others.
  public static let width = 16

  private let reader: any ProviderReader

  /// Lists what a provider's history knows.
  public init(reader: any ProviderReader) { self.reader = reader }

  /// A page of the workloads that live or should, by namespace and name. Where a page ends does not depend on
  /// what comes and goes before it.
  ///
  /// - Throws: `DiagnosticError` if the engine or its history can't be read.
  public func page(_ query: ListQuery) async throws -> ListPage {
    try await explaining {
      var keys = try await reader.history.workloads(in: query.namespace)[...]
      if let after = query.after { keys = keys.drop { $0 <= after } }
      return try await page(of: Array(keys), query)
    }
  }

  private func page(of keys: [WorkloadKey], _ query: ListQuery) async throws -> ListPage {
    try await withThrowingTaskGroup(of: (Int, ListedWorkload).self) { group in
      defer { group.cancelAll() }
      var looked: [Int: ListedWorkload] = [:]
      var found: [ListedWorkload] = []
      var asked = 0
      for place in keys.indices {
        while asked < min(keys.count, place + Self.width) {
          let index = asked
          group.addTask { (index, try await look(at: keys[index])) }
          asked += 1
        }
        while looked[place] == nil, let (index, workload) = try await group.next() {
          looked[index] = workload
        }
        guard let workload = looked.removeValue(forKey: place), matches(workload, query) else { continue }
        guard found.count < query.limit else { return ListPage(workloads: found, next: found.last?.key) }
        found.append(workload)
      }
      return ListPage(workloads: found, next: nil)
    }
  }

  private func look(at key: WorkloadKey) async throws -> ListedWorkload {
    async let observation = reader.observe(key)
    let head = try await reader.history.head(of: key)
    return ListedWorkload(
      key: key, observation: try await observation,
      release: head.release?.snapshot == nil ? nil : head.release, lastRun: head.run,
      operatorState: head.operatorState)
  }

  private func matches(_ workload: ListedWorkload, _ query: ListQuery) -> Bool {
    let observation = workload.observation
    guard workload.release != nil || observation.state != nil else { return false }
    let labels =
      workload.release?.snapshot?.labels ?? observation.instances.first?.services.first?.live.labels ?? [:]
    guard query.labels.entries.allSatisfy({ labels[$0.key] == $0.value }) else { return false }
    guard !query.states.isEmpty else { return true }
    if workload.operatorState.suspension != nil, query.states.contains(.suspended) { return true }
    return observation.state.map { query.states.contains(.instances($0)) } ?? false
  }
}
