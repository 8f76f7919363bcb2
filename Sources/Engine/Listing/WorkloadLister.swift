import Planning
import ProviderKit
import WorkloadSpec

/// Lists the workloads of a target, and has nothing to write with.
public struct WorkloadLister: Sendable {
  /// How many workloads are looked at together.
  private static let stride = 8

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
      var found: [ListedWorkload] = []
      while !keys.isEmpty {
        for workload in try await look(at: Array(keys.prefix(Self.stride))) where matches(workload, query) {
          guard found.count < query.limit else { return ListPage(workloads: found, next: found.last?.key) }
          found.append(workload)
        }
        keys = keys.dropFirst(Self.stride)
      }
      return ListPage(workloads: found, next: nil)
    }
  }

  private func look(at keys: [WorkloadKey]) async throws -> [ListedWorkload] {
    try await withThrowingTaskGroup(of: ListedWorkload.self) { group in
      for key in keys { group.addTask { try await look(at: key) } }
      return try await group.reduce(into: []) { $0.append($1) }.sorted { $0.key < $1.key }
    }
  }

  private func look(at key: WorkloadKey) async throws -> ListedWorkload {
    let head = try await reader.history.head(of: key)
    return ListedWorkload(
      key: key, observation: try await reader.observe(key),
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
