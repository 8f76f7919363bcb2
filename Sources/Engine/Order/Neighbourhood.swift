import Planning
import ProviderKit
import WorkloadSpec

/// The histories of the workloads of a command, and of those that they have to do with: what they depend on, directly or
/// not, and, where any is deleted, whatever could depend on it.
struct Neighbourhood: Sendable {
  /// What the command's workloads become.
  let companions: Companions
  /// What is known of each workload.
  private(set) var heads: Answers<HistoryHead>
  /// The workloads of the namespaces in which any is deleted.
  private let residents: Result<[WorkloadKey], any Error>

  /// Reads the histories.
  init(of requests: [WorkloadRequest], among companions: Companions, in history: any ReleaseReader) async {
    self.companions = companions
    let namespaces = Set(requests.filter { $0.isDeletion }.map(\.key.namespace)).sorted()
    residents = await Self.residents(of: namespaces, in: history)
    var next = Set(requests.map(\.key)).union(requests.flatMap(\.dependencies))
    if let residents = try? residents.get() { next.formUnion(residents) }
    heads = await history.heads(of: next.sorted())
    // What they depend on depends on others: mostly on some that are known already.
    var known = next
    next = Set(requests.flatMap(\.dependencies))
    var seen = next
    while !next.isEmpty {
      next = Set(next.flatMap(dependencies)).subtracting(seen)
      seen.formUnion(next)
      let unknown = next.subtracting(known)
      guard !unknown.isEmpty else { continue }
      known.formUnion(unknown)
      heads.add(await history.heads(of: unknown.sorted()))
    }
  }

  private static func residents(
    of namespaces: [String], in history: any ReleaseReader
  ) async -> Result<[WorkloadKey], any Error> {
    var keys: [WorkloadKey] = []
    do {
      for namespace in namespaces { keys += try await history.residents(in: namespace) }
      return .success(keys)
    } catch {
      return .failure(error)
    }
  }

  /// What is in force of a workload; `nil` if nothing is.
  func released(_ key: WorkloadKey) -> Workload? { (try? heads.answer(for: key))?.release?.snapshot }

  /// The workloads on which one will depend.
  func dependencies(of key: WorkloadKey) -> [WorkloadKey] {
    switch companions[key] {
    case .stated(let workload): workload.dependencies(in: key.namespace)
    case .gone: []
    case .released: released(key)?.dependencies(in: key.namespace) ?? []
    }
  }

  /// The workloads that will depend on one.
  ///
  /// - Throws: `StoreError` if it is not known which there are.
  func dependents(of key: WorkloadKey) throws -> [WorkloadKey] {
    try residents.get().filter { other in
      if case .released = companions[other] { _ = try heads.answer(for: other) }
      return other != key && dependencies(of: other).contains(key)
    }
  }
}
