import Planning
import ProviderKit
import Values
import WorkloadSpec

/// The state of an imaginary engine: a plain value that actions change.
///
/// It does at once, and without fail, what a real engine does in time. What can go wrong on the way is the
/// business of ``FaultPlan``; what a service does by itself is said by ``failingCommands`` and
/// ``unreadyCommands``.
public struct SimulatedWorld: Sendable, Equatable {
  /// The identity that the provider of this world tells, and that observations carry.
  public let engine: EngineIdentity
  /// Commands whose process ends in failure before it is ready.
  public var failingCommands: Set<[String]> = []
  /// Commands whose process runs and never becomes ready.
  public var unreadyCommands: Set<[String]> = []
  /// The fields of a service, by name, that this engine can't tell.
  public var unobservable: Set<String> = []

  /// The digests that the names of images lead to.
  public var registry: [String: String] = [:]

  /// The configuration of services that a usual look takes for theirs, where only a deep one sees what became of it.
  private var pasts: [Place: AnyElement] = [:]

  private struct Place: Hashable {
    let key: WorkloadKey
    let instance: InstanceID
    let service: String
  }

  private(set) var workloads: [WorkloadKey: Observation] = [:]
  /// What stands for workloads where the engine rolls them.
  public internal(set) var controllers: [WorkloadKey: SimulatedController] = [:]
  /// The fields of a service, by name, that controllers never change.
  public var immutableFields: Set<String> = []
  /// Something on the engine that belongs to no workload, by the id that the engine gave it.
  public internal(set) var strangers: [String: SimulatedStranger] = [:]
  private(set) var logs: [WorkloadKey: [LogLine]] = [:]
  private var lastProcessID = 100

  /// An engine on which nothing lives.
  public init(engine: EngineIdentity = EngineIdentity(provider: "simulated", id: "simulated-1")) {
    self.engine = engine
  }

  // MARK: Looking

  /// The workloads of which anything is there.
  public var keys: [WorkloadKey] { Set(workloads.keys).union(controllers.keys).sorted() }

  /// What is true of a workload.
  public func observation(of key: WorkloadKey, deeply: Bool = false) -> Observation {
    var observation = workloads[key] ?? Observation(engine: engine)
    observation.controller = observedController(of: key)
    if !deeply { overlook(in: &observation, of: key) }
    guard !unobservable.isEmpty else { return observation }
    for instance in observation.instances.indices {
      for service in observation.instances[instance].services.indices {
        observation.instances[instance].services[service].live.unobservable = unobservable
      }
    }
    return observation
  }

  private func overlook(in observation: inout Observation, of key: WorkloadKey) {
    guard !pasts.isEmpty else { return }
    for instance in observation.instances.indices {
      let id = observation.instances[instance].id
      for service in observation.instances[instance].services.indices {
        let name = observation.instances[instance].services[service].name
        guard let past = pasts[Place(key: key, instance: id, service: name)] else { continue }
        observation.instances[instance].services[service].live.spec = past
      }
    }
  }

  /// What is true of a workload, without what two worlds that are alike may differ in: generations, process
  /// ids, assigned ports, the order in which things were made, and what stamps say of how.
  public func outline(of key: WorkloadKey) -> Observation {
    var outline = observation(of: key)
    outline.volumes.sort { ($0.name, $0.ordinal ?? -1) < ($1.name, $1.ordinal ?? -1) }
    for index in (outline.controller?.template ?? []).indices {
      outline.controller?.template[index].stamp = Stamp(
        key: key, instance: InstanceID(0), service: "any", run: RunID("any"), digest: SpecDigest("any"))
    }
    outline.before?.services.sort { $0.name < $1.name }
    for index in (outline.before?.services ?? []).indices {
      outline.before?.services[index].stamp = Stamp(
        key: key, instance: .before, service: "any", run: RunID("any"), digest: SpecDigest("any"))
    }
    for instance in outline.instances.indices {
      // What the engine called them says nothing.
      let id = InstanceID(outline.instances[instance].id.ordinal ?? instance)
      outline.instances[instance].id = id
      outline.instances[instance].services.sort { $0.name < $1.name }
      for service in outline.instances[instance].services.indices {
        let stamp = outline.instances[instance].services[service].stamp
        outline.instances[instance].services[service].stamp = Stamp(
          key: stamp.key, instance: id, service: stamp.service, run: RunID("any"),
          digest: SpecDigest("any"))
        outline.instances[instance].services[service].processID = nil
        outline.instances[instance].services[service].restarts = 0
        outline.instances[instance].services[service].endpoints = []
      }
    }
    return outline
  }

  /// What the services of a workload use that have a process: the same for all, and as much memory as they may
  /// have at most.
  public func usage(of key: WorkloadKey) -> [ServiceUsage] {
    observation(of: key).instances.flatMap { instance in
      instance.services.filter { $0.processID != nil }.sorted { $0.name < $1.name }.map { service in
        let limit = service.live.service.resources.memory.map { UInt64($0.bytes) }
        return ServiceUsage(
          instance: instance.id, service: service.name, at: Timestamp(milliseconds: 0),
          cpuTime: .milliseconds(10), memory: min(1 << 20, limit ?? .max), memoryLimit: limit, openFiles: 3,
          processes: 1)
      }
    }
  }

  // MARK: Meddling

  /// Changes what is there behind berth's back, in any way.
  public mutating func meddle(with key: WorkloadKey, _ change: (inout Observation) -> Void) {
    var observation = workloads[key] ?? Observation(engine: engine)
    change(&observation)
    observation.instances.sort { $0.id < $1.id }
    let isGone =
      observation.places.isEmpty && observation.volumes.isEmpty && observation.foreign.isEmpty
      && observation.gaps.isEmpty
    workloads[key] = isGone ? nil : observation
  }

  /// Changes an instance behind berth's back, if it is there.
  public mutating func meddle(
    with id: InstanceID, of key: WorkloadKey, _ change: (inout ObservedInstance) -> Void
  ) {
    meddle(with: key) { observation in
      if id == .before, var before = observation.before {
        change(&before)
        observation.before = before
      }
      guard let index = observation.instances.firstIndex(where: { $0.id == id }) else { return }
      change(&observation.instances[index])
    }
  }

  /// Changes a service behind berth's back, if it is there.
  public mutating func meddle(
    with service: String, in id: InstanceID, of key: WorkloadKey, _ change: (inout ObservedService) -> Void
  ) {
    meddle(with: id, of: key) { instance in
      guard let index = instance.services.firstIndex(where: { $0.name == service }) else { return }
      change(&instance.services[index])
    }
  }

  /// Edits how a service is configured.
  public mutating func edit(
    _ service: String, in id: InstanceID, of key: WorkloadKey, _ change: (inout Service) -> Void
  ) {
    meddle(with: service, in: id, of: key) { change(&$0.live.service) }
  }

  /// Edits how an element of any body is configured, in a workload that holds that element alone.
  public mutating func editElement(
    _ name: String, in id: InstanceID, of key: WorkloadKey, _ change: (inout Workload) -> Void
  ) {
    meddle(with: name, in: id, of: key) { live in
      var workload = Workload()
      workload.put(live.live.spec)
      change(&workload)
      if let edited = workload.element(name) { live.live.spec = edited }
    }
  }

  /// Edits how a service is configured, and covers the traces: a usual look does not see it.
  public mutating func editUnseen(
    _ service: String, in id: InstanceID, of key: WorkloadKey, _ change: (inout Service) -> Void
  ) {
    pasts[Place(key: key, instance: id, service: service)] =
      observation(of: key).instance(id)?.service(service)?.live.spec
    edit(service, in: id, of: key, change)
  }

  /// Ends the process of a service by force; nothing starts it again.
  public mutating func kill(_ service: String, in id: InstanceID, of key: WorkloadKey) {
    meddle(with: service, in: id, of: key) { $0.end(.failed, exitCode: 137) }
  }

  /// Ends what the services of an instance live in.
  public mutating func kill(_ id: InstanceID, of key: WorkloadKey) {
    meddle(with: id, of: key) { instance in
      instance.isAlive = false
      instance.message = "its supervisor is gone"
      for index in instance.services.indices where !instance.services[index].hasCompleted {
        instance.services[index].end(.failed, exitCode: 137)
      }
    }
  }

  /// Takes a service away.
  public mutating func remove(_ service: String, from id: InstanceID, of key: WorkloadKey) {
    meddle(with: id, of: key) { $0.services.removeAll { $0.name == service } }
  }

  /// Takes an instance away; its volumes stay.
  public mutating func remove(_ id: InstanceID, of key: WorkloadKey) {
    meddle(with: key) { observation in
      if id == .before { observation.before = nil }
      observation.instances.removeAll { $0.id == id }
    }
  }

  /// Changes what stands for a workload behind berth's back, as another tool does.
  public mutating func editController(of key: WorkloadKey, _ change: (inout Workload) -> Void) {
    guard var controller = controllers[key] else { return }
    change(&controller.template)
    controller.run = RunID("another-client")
    controller.revision += 1
    controllers[key] = controller
  }

  // MARK: Making

  mutating func makeProcessID() -> Int {
    lastProcessID += 1
    return lastProcessID
  }

  mutating func log(_ text: String, of service: String, in id: InstanceID, _ key: WorkloadKey) {
    let line = LogLine(
      instance: id, service: service, at: Timestamp(milliseconds: Int64(logs[key, default: []].count)),
      isError: false, bytes: Array(text.utf8))
    logs[key, default: []].append(line)
  }
}

extension ObservedService {
  /// Its process is over.
  mutating func end(_ state: InstanceState, exitCode: Int?) {
    self.state = state
    self.exitCode = exitCode
    isReady = false
    processID = nil
  }
}
