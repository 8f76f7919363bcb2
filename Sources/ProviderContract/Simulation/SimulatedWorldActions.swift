import Planning
import ProviderKit
import WorkloadSpec

extension SimulatedWorld {
  /// Performs an action, as ``ProviderKit/Provider/perform(_:in:)`` says.
  ///
  /// - Throws: `ActionFailure` if a service can't get ready, or if what the action is done to can't be there.
  public mutating func perform(_ action: Action, in context: ActionContext) throws {
    switch (action.kind, action.subject) {
    case (.delete, .service(let id, let name)): remove(name, from: id, of: context.key)
    case (.delete, .instance(let id)): delete(id, of: context.key)
    case (.delete, .volume(let name, let ordinal)):
      meddle(with: context.key) { $0.volumes.removeAll { $0.name == name && $0.ordinal == ordinal } }
    case (.adopt, .service(let id, let name)): try adopt(name, in: id, action, context)
    case (.create, .instance(let id)) where action.reach == nil: make(id, of: context.key)
    case (.run, .service(let id, let name)):
      make(id, of: context.key)
      try put(name, in: id, by: .run, context)
    case (.start, .instance(let id)):
      for name in ServiceOrder(try desiredWorkload(context).ofInstances.elements).startOrder {
        try start(name, in: id, context)
      }
    case (.stop, .instance(let id)):
      for service in observation(of: context.key).instance(id)?.services ?? [] {
        stop(service.name, in: id, of: context.key)
      }
    case (_, .instance(let id)):
      try change(id, by: action.kind, leavesStopped: action.leavesStopped, context)
    case (.start, .service(let id, let name)): try start(name, in: id, context)
    case (.stop, .service(let id, let name)): stop(name, in: id, of: context.key)
    case (_, .service(let id, let name)):
      try put(name, in: id, by: action.kind, leavesStopped: action.leavesStopped, context)
    case (_, .workload): try accept(action, in: context)
    case (_, .volume), (_, .operatorState): throw ActionFailure("no engine can \(action.id)")
    }
  }

  // MARK: Instances

  mutating func make(_ id: InstanceID, of key: WorkloadKey) {
    meddle(with: key) { observation in
      if observation.instance(id)?.isAlive == true { return }
      if id == .before { return observation.before = ObservedInstance(id: id) }
      observation.instances.removeAll { $0.id == id }
      observation.instances.append(ObservedInstance(id: id))
    }
  }

  mutating func delete(_ id: InstanceID, of key: WorkloadKey) {
    controllers[key]?.revisions[id] = nil
    if id == .before { return remove(id, of: key) }
    meddle(with: key) { observation in
      observation.instances.removeAll { $0.id == id }
      guard !observation.instances.contains(where: { $0.id.ordinal == id.ordinal }) else { return }
      observation.volumes.removeAll { $0.type == .ephemeral && $0.ordinal == id.ordinal }
    }
  }

  /// What is done to an instance as a whole is done to each of its services.
  mutating func change(
    _ id: InstanceID, by kind: ActionKind, leavesStopped: Bool, _ context: ActionContext
  ) throws {
    let desired = try desiredWorkload(context).ofInstances
    make(id, of: context.key)
    let wanted = Set(desired.elements.map(\.name))
    meddle(with: id, of: context.key) { $0.services.removeAll { !wanted.contains($0.name) } }
    for name in ServiceOrder(desired.elements).startOrder {
      try put(name, in: id, by: kind, leavesStopped: leavesStopped, context)
    }
  }

  // MARK: Services

  /// Makes a service what it should be. What a repetition finds done by its own run stays as it is.
  private mutating func put(
    _ name: String, in id: InstanceID, by kind: ActionKind, leavesStopped: Bool = false,
    _ context: ActionContext
  ) throws {
    let desired = try desiredWorkload(context)
    guard let service = desired.element(name) else {
      throw ActionFailure("the workload has no `\(name)`")
    }
    guard let instance = observation(of: context.key).instance(id), instance.isAlive else {
      throw ActionFailure("instance \(id) is not there")
    }
    let stamp = context.stamp(for: service, in: id)
    let old = instance.service(name)
    let live = LiveService(spec: service, labels: desired.labels, workloadBlocks: desired.on)
    if let old, old.live.spec == service, old.live.labels == desired.labels,
      old.live.workloadBlocks == desired.on, old.stamp.digest == stamp.digest,
      kind == .create || old.stamp.run == context.run
    {
      return leavesStopped ? stop(name, in: id, of: context.key) : try start(name, in: id, context)
    }
    addVolumes(of: service, for: id, isStateful: desired.kind.hasStableInstances, context.key)
    var new = ObservedService(
      name: name, stamp: stamp, state: .provisioning, isReady: false, live: live,
      secretDigests: context.secretDigests(of: service), imageDigests: imageDigests(of: service))
    if leavesStopped {
      new.state = .stopped
    } else if kind == .update, let old {
      new.state = old.state
      new.isReady = old.isReady
      new.exitCode = old.exitCode
      new.processID = old.processID
      new.endpoints = old.endpoints
      new.restarts = old.restarts
      new.origin = old.origin
    }
    meddle(with: id, of: context.key) { instance in
      instance.services.removeAll { $0.name == name }
      instance.services.append(new)
    }
    if kind != .update, !leavesStopped { try start(name, in: id, context) }
  }

  /// What a service that is made now runs.
  private func imageDigests(of service: AnyElement) -> Set<String> {
    guard let image = service.containerImage else { return [] }
    let digest = ImageReference.split(image).digest ?? registry[image]
    return digest.map { [$0] } ?? []
  }

  /// Ends the process of a service, and keeps it so.
  private mutating func stop(_ name: String, in id: InstanceID, of key: WorkloadKey) {
    meddle(with: name, in: id, of: key) { service in
      service.end(.stopped, exitCode: nil)
      service.endpoints = []
    }
  }

  /// Starts the process of a service, unless it runs, and waits until it is ready.
  private mutating func start(_ name: String, in id: InstanceID, _ context: ActionContext) throws {
    guard let service = observation(of: context.key).instance(id)?.service(name) else {
      throw ActionFailure("there is no service `\(name)` in instance \(id)")
    }
    if service.isReady { return }
    let spec = service.live.spec
    let processID = service.processID ?? makeProcessID()
    if service.processID == nil { log("started", of: name, in: id, context.key) }
    let outcome = outcome(of: spec)
    meddle(with: name, in: id, of: context.key) { service in
      switch outcome {
      case .completes:
        service.end(.stopped, exitCode: 0)
        service.isReady = true
      case .fails: service.end(.failed, exitCode: 1)
      case .hangs, .runs:
        service.state = outcome == .runs ? .running : .starting
        service.isReady = outcome == .runs
        service.exitCode = nil
        service.processID = processID
        service.endpoints = spec.ports.map { port in
          Endpoint(
            containerPort: port.container, transport: port.protocol, hostAddress: "127.0.0.1",
            hostPort: port.host ?? 20_000 + processID)
        }
      }
    }
    switch outcome {
    case .completes, .runs: return
    case .fails:
      log("giving up", of: name, in: id, context.key)
      throw ActionFailure("exited with code 1 before it was ready", logTail: tail(of: name, in: id, context))
    case .hangs:
      // What runs once per run is not left running.
      if id == .before { meddle(with: name, in: id, of: context.key) { $0.end(.failed, exitCode: 137) } }
      throw ActionFailure(
        "was not ready within \(context.timeout)", logTail: tail(of: name, in: id, context), hasTimedOut: true
      )
    }
  }

  private enum Outcome { case completes, runs, fails, hangs }

  private func outcome(of service: AnyElement) -> Outcome {
    if failingCommands.contains(service.simulatedCommand) { return .fails }
    if unreadyCommands.contains(service.simulatedCommand) { return .hangs }
    return service.role.isRunToEnd ? .completes : .runs
  }

  mutating func addVolumes(
    of service: AnyElement, for id: InstanceID, isStateful: Bool, _ key: WorkloadKey
  ) {
    meddle(with: key) { observation in
      // Those of what runs once per run go with it.
      for volume in service.volumes
      where volume.type.isMade && (id != .before || volume.type == .persistent) {
        let ordinal = isStateful || volume.type == .ephemeral ? id.ordinal : nil
        let existing = observation.volumes.firstIndex { $0.name == volume.name && $0.ordinal == ordinal }
        if let existing {
          observation.volumes[existing].size = volume.size ?? observation.volumes[existing].size
        } else {
          observation.volumes.append(
            ObservedVolume(name: volume.name, ordinal: ordinal, type: volume.type, size: volume.size))
        }
      }
    }
  }

  private func tail(of name: String, in id: InstanceID, _ context: ActionContext) -> [LogLine] {
    (logs[context.key] ?? []).filter { $0.instance == id && $0.service == name }.suffix(10)
  }

  private func desiredWorkload(_ context: ActionContext) throws -> Workload {
    guard let desired = context.desired else {
      throw ActionFailure("a workload that is being destroyed is only taken away")
    }
    return desired
  }
}

extension AnyElement {
  /// What ``SimulatedWorld/failingCommands`` knows it by: the command of a service, the image of a machine, what an object
  /// is called.
  fileprivate var simulatedCommand: [String] {
    if let service = self.as(Service.self) { return service.command }
    return [self.as(Machine.self)?.image ?? name]
  }
}
