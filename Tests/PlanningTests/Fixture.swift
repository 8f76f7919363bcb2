import Planning
import Values
import WorkloadSpec

/// Workloads, observations and plans in few words, for tables of cases.
enum Fixture {
  static let key = WorkloadKey(name: "shop")
  static let engine = EngineIdentity(provider: "simulated", id: "engine-1")
  static let released = RunID("run-1")
  static let broken = RunID("run-2")

  static func service(
    _ name: String, _ role: Role = .main, _ edit: (inout Service) -> Void = { _ in }
  ) -> Service {
    var service = Service()
    service.name = name
    service.role = role
    service.command = ["/bin/\(name)"]
    edit(&service)
    return service
  }

  /// A workload that is changed in place, unless it says otherwise.
  static func workload(
    replicas: Int? = 1, _ services: [Service], _ edit: (inout Workload) -> Void = { _ in }
  ) -> Workload {
    var workload = Workload()
    workload.name = key.name
    workload.replicas = replicas
    workload.strategy.maxUnavailable = 1
    workload.services = services
    edit(&workload)
    return workload
  }

  /// An init, a main that depends on a sidecar, and a sidecar that follows it.
  static let shop = workload([
    service("migrate", .`init`),
    service("api") {
      $0.env = ["LEVEL": "info"]; $0.dependsOn = ["db"]
    },
    service("db", .sidecar), service("envoy", .sidecar),
  ])

  static func release(_ workload: Workload?, number: Int = 1) -> Release {
    Release(
      number: number, key: key, snapshot: workload, recordedAt: Timestamp(milliseconds: 0), by: "ada@build",
      run: released)
  }

  static func observed(
    _ service: Service, in instance: InstanceID, of workload: Workload, run: RunID = released,
    _ edit: (inout ObservedService) -> Void = { _ in }
  ) -> ObservedService {
    observed(AnyElement(service), in: instance, of: workload, run: run, edit)
  }

  static func observed(
    _ service: AnyElement, in instance: InstanceID, of workload: Workload, run: RunID = released,
    _ edit: (inout ObservedService) -> Void = { _ in }
  ) -> ObservedService {
    let isInit = service.role.isRunToEnd
    var observed = ObservedService(
      name: service.name,
      stamp: Stamp(
        key: key, instance: instance, service: service.name, run: run,
        digest: SpecDigest(of: service, in: workload, on: nil)),
      state: isInit ? .stopped : .running, isReady: true, exitCode: isInit ? 0 : nil,
      live: LiveService(spec: service, labels: workload.labels))
    edit(&observed)
    return observed
  }

  /// The live state after a workload was applied with success.
  static func observation(
    of workload: Workload, run: RunID = released, _ edit: (inout Observation) -> Void = { _ in }
  ) -> Observation {
    var observation = Observation(
      engine: engine,
      instances: (0..<(workload.replicas ?? 1)).map { ordinal in
        let id = InstanceID(ordinal)
        return ObservedInstance(
          id: id, services: workload.ofInstances.elements.map { observed($0, in: id, of: workload, run: run) }
        )
      })
    edit(&observation)
    return observation
  }

  static func plan(
    _ desired: Workload?, observed: Observation? = nil, last: Workload? = nil, services: Set<String>? = nil,
    incomplete: Set<RunID> = [], _ edit: (inout PlanInput) -> Void = { _ in }
  ) throws -> Plan {
    var input = PlanInput(
      key: key, target: "local", intent: desired == nil ? .destroy : .apply, desired: desired,
      services: services,
      observation: observed ?? Observation(engine: engine), lastRelease: last.map { release($0) },
      incompleteRuns: incomplete, impact: { ImpactStatement($0.minimum) })
    edit(&input)
    return try Planner.plan(input)
  }
}

extension Plan {
  /// The actions in order, each as `replace 0.api`.
  var steps: [String] { actions.map(\.id.description) }

  func action(_ id: String) -> Action? { actions.first { $0.id.description == id } }

  /// The paths of the changes of an action.
  func paths(_ id: String) -> [String] { action(id)?.changes.map(\.path) ?? [] }
}
