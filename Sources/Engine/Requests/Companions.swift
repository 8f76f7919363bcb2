import Planning
import WorkloadSpec

/// What the workloads of one command become, as far as others have to do with it.
struct Companions: Sendable {
  /// What becomes of one of them.
  enum Future: Sendable {
    /// It becomes what a spec says as a whole.
    case stated(Workload)
    /// It goes away.
    case gone
    /// It stays what its last release says, apart from what no other workload sees.
    case released
  }

  private let futures: [WorkloadKey: Future]

  /// The workloads of a command.
  init(_ requests: [WorkloadRequest]) {
    futures = Dictionary(requests.map { ($0.key, $0.future) }) { first, _ in first }
  }

  /// The names of all in a namespace, in order.
  func names(in namespace: String) -> [String] {
    futures.keys.filter { $0.namespace == namespace }.map(\.name).sorted()
  }

  /// What becomes of a workload: of one that the command does not name, nothing else than it is.
  subscript(key: WorkloadKey) -> Future { futures[key] ?? .released }
}

extension WorkloadRequest {
  /// What becomes of the workload.
  var future: Companions.Future {
    switch goal {
    case .spec(let workload, services: nil): .stated(workload)
    case .saved(let plan) where plan.intent == .apply && plan.services == nil:
      plan.desired.map { .stated($0) } ?? .released
    case .saved(let plan): plan.desired == nil ? .gone : .released
    case .destroy: .gone
    case .spec, .release, .scale, .operation, .promote, .abort: .released
    }
  }

  /// Whether the workload goes away.
  public var isDeletion: Bool { if case .gone = future { true } else { false } }

  /// The workloads that must be ready before anything is done; none where what is wanted was in force before.
  var dependencies: [WorkloadKey] {
    guard case .stated(let workload) = future else { return [] }
    return workload.dependencies(in: key.namespace)
  }
}

extension Workload {
  /// The workloads that it depends on, because it names them or refers to their addresses.
  func dependencies(in namespace: String) -> [WorkloadKey] {
    waitsFor.elements.map { WorkloadKey(namespace: namespace, name: $0) }
  }
}
