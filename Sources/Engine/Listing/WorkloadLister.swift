import Planning
import ProviderKit
import WorkloadSpec

/// Lists the workloads of a target, and has nothing to write with.
public struct WorkloadLister: Sendable {
  /// How many workloads are looked at together, at least and at most.
  private static let widths = 16...200

  let reader: any ProviderReader

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

  /// A workload; `nil` if the target knows nothing of it, which was never applied.
  ///
  /// - Throws: `DiagnosticError` if the engine or its history can't be read.
  public func workload(_ key: WorkloadKey) async throws -> ListedWorkload? {
    try await explaining {
      let workload = try await look(at: [key])[0]
      let isKnown =
        workload.release != nil || workload.lastRun != nil || !workload.observation.places.isEmpty
        || !workload.observation.volumes.isEmpty
      // What could not be looked at may be there.
      return isKnown || !workload.observation.gaps.isEmpty ? workload : nil
    }
  }

  private func page(of keys: [WorkloadKey], _ query: ListQuery) async throws -> ListPage {
    var found: [ListedWorkload] = []
    var rest = keys[...]
    while !rest.isEmpty {
      // One more than the page has room for tells whether there is another page.
      let next = rest.prefix(Self.widths.clamping(query.limit - found.count) + 1)
      rest = rest.dropFirst(next.count)
      for workload in try await look(at: Array(next)) where matches(workload, query) {
        guard found.count < query.limit else { return ListPage(workloads: found, next: found.last?.key) }
        found.append(workload)
      }
    }
    return ListPage(workloads: found, next: nil)
  }

  private func look(at keys: [WorkloadKey]) async throws -> [ListedWorkload] {
    async let observations = reader.observe(keys, deeply: false)
    let heads = await reader.history.heads(of: keys)
    let observed = await observations
    return try keys.map { key in
      let head = try heads.answer(for: key)
      return ListedWorkload(
        key: key, observation: try observed.answer(for: key),
        release: head.release?.snapshot == nil ? nil : head.release, lastRun: head.run,
        operatorState: head.operatorState)
    }
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

extension ClosedRange<Int> {
  /// The number in the range that is nearest to another one.
  fileprivate func clamping(_ number: Int) -> Int { Swift.min(Swift.max(number, lowerBound), upperBound) }
}
