import Diagnostics
import Engine
import Planning
import Synchronization
import WorkloadSpec

/// Workloads that depend on one another.
enum JointExamples {
  /// One service with a name of its own.
  static func workload(
    _ name: String, after dependencies: [String] = [], version: Int = 1, port: Int? = nil,
    _ edit: (inout Workload) -> Void = { _ in }
  ) -> Workload {
    var service = Examples.service(name) { $0.env = ["VERSION": "\(version)"] }
    if let port {
      service.ports = [Port()]
      service.ports[0].container = 8080
      service.ports[0].host = port
    }
    return Examples.workload([service]) {
      $0.name = name
      $0.dependsOn = StringSet(dependencies)
      edit(&$0)
    }
  }

  /// A database and a cache, what refers to the addresses of both, and what works with that.
  static func tiers(version: Int = 1) -> [Workload] {
    func listening(_ name: String) -> Workload {
      workload(name, version: version) {
        $0.services[0].ports = [Port()]
        $0.services[0].ports[0].container = 8080
      }
    }
    return [
      workload("api", version: version) {
        $0.services[0].env["CACHE"] = "${host.cache/cache}"
        $0.services[0].env["DB"] = "${address.db/db.8080}"
      },
      listening("cache"), listening("db"), workload("web", after: ["api"], version: version),
    ]
  }
}

extension WorkloadKey {
  static func named(_ name: String) -> WorkloadKey { WorkloadKey(name: name) }
}

extension Bench {
  /// Applies workloads, and deletes others.
  @discardableResult
  func apply(
    _ workloads: [Workload], deleting names: [String] = [], stop: StopRequest = StopRequest(),
    log: JointLog = JointLog(), approve: @escaping @Sendable ([Plan]) async throws -> Bool = { _ in true }
  ) async -> [String: RunEnding] {
    let requests = Self.requests(workloads, deleting: names)
    let endings = await engine(stop: stop).apply(requests, watching: log.watch(approve))
    return Dictionary(uniqueKeysWithValues: zip(requests.map(\.key.name), endings))
  }

  static func requests(_ workloads: [Workload], deleting names: [String] = []) -> [WorkloadRequest] {
    workloads.map { WorkloadRequest(key: .named($0.name), goal: .spec($0, services: nil)) }
      + names.map { WorkloadRequest(key: .named($0), goal: .destroy(volumes: true)) }
  }
}

extension RunEnding {
  /// `succeeded`, `refused E0660`, `not started: db`.
  var words: String {
    switch self {
    case .result(let result): result.outcome.rawValue
    case .refused(let error as DiagnosticError):
      (["refused"] + error.diagnostics.filter { $0.severity == .error }.map(\.code.rawValue))
        .joined(separator: " ")
    case .refused(let error): "refused: \(error)"
    case .interrupted: "interrupted"
    case .notStarted(let cause): "not started: \(cause.name)"
    case .notBegun: "not begun"
    }
  }
}

/// What happened in the runs of a command, in order.
final class JointLog: Sendable {
  private struct State {
    var lines: [String] = []
    var underWay = 0
    var most = 0
  }

  private let state = Mutex(State())

  /// `started db`, `succeeded db`, … for each action, and `ended db`.
  var all: [String] { state.withLock { $0.lines } }

  /// The most actions that were under way at once.
  var mostAtOnce: Int { state.withLock { $0.most } }

  /// The workloads, in the order in which the first action of each began.
  var order: [String] {
    all.filter { $0.hasPrefix("started ") }.map { String($0.dropFirst(8)) }
      .reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  func add(_ line: String, _ change: Int = 0) {
    state.withLock { state in
      state.lines.append(line)
      state.underWay += change
      state.most = max(state.most, state.underWay)
    }
  }

  func watch(_ approve: @escaping @Sendable ([Plan]) async throws -> Bool) -> RunWatch {
    RunWatch(
      proposed: { plans, later in
        self.add("proposed \(plans.map(\.key.name)) later \(later.keys.map(\.name).sorted())")
      }, approve: approve,
      events: { key, event in
        switch event {
        case .started: self.add("started \(key.name)", 1)
        case .succeeded: self.add("succeeded \(key.name)", -1)
        case .failed: self.add("failed \(key.name)", -1)
        case .planned: self.add("planned \(key.name)")
        case .waitingForWorkloads(let keys):
          self.add("\(key.name) waits for \(keys.map(\.name).joined(separator: ", "))")
        case .progress, .recorded, .goingBack, .waitingForLock: break
        }
      }, ended: { key, _, _ in self.add("ended \(key.name)") })
  }
}
