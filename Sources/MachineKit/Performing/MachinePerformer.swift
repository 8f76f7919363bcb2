import HealthChecks
import Planning
import ProviderKit
import WorkloadSpec

/// Carries out the actions on the instances of a group, each of which is one machine.
///
/// Whatever is there is found by its tags, so that an action which is performed again, by this runner or another one, goes on where
/// it was broken off: no machine is made twice, and none is forgotten.
struct MachinePerformer: Sendable {
  let machines: any Machines
  let context: ActionContext

  /// Performs an action.
  ///
  /// - Throws: what `Provider.perform` throws.
  func perform(_ action: Action) async throws {
    guard let id = action.subject.instance, action.subject.service.map({ $0 == Machine().name }) ?? true
    else { throw ActionFailure("no cloud can \(action.id)") }
    try Task.checkCancellation()
    do {
      switch action.kind {
      case .create: try await create(id, leavesStopped: action.leavesStopped)
      case .update: try await update(id, leavesStopped: action.leavesStopped)
      case .start: try await start(id)
      case .stop: try await stop(id)
      case .restart: try await restart(id, leavesStopped: action.leavesStopped)
      case .replace: try await replace(id, leavesStopped: action.leavesStopped)
      case .delete: try await delete(id)
      case .adopt, .run, .scale, .hold, .record: throw ActionFailure("no cloud can \(action.id)")
      }
    } catch let gone as GoneMachine {
      throw ActionFailure("machine \(gone.id) is gone: another client ended it meanwhile")
    }
  }

  // MARK: Finding

  /// The machines of an instance, those that have ended included.
  private func all(of id: InstanceID) async throws -> [FoundMachine] {
    var tags = MachineTags.query(of: context.key)
    tags[MachineTags.instance] = id.description
    return try await machines.list(MachineQuery(tags: tags, states: Set(MachineState.allCases)))
  }

  private func require(_ id: InstanceID) async throws -> FoundMachine {
    guard let machine = try await settle(id) else { throw ActionFailure("instance \(id) has no machine") }
    return machine
  }

  /// The machine that an instance is, after all others of it have been ended; `nil` if there is none.
  private func settle(_ id: InstanceID) async throws -> FoundMachine? {
    let found = try await all(of: id)
    guard let meant = GroupReading.meant(in: found) else { return nil }
    for double in found where double.id != meant.id && !double.state.isEnd {
      try await end(double)
    }
    return meant
  }

  private func desired() throws -> (workload: Workload, machine: Machine) {
    guard let workload = context.desired, let machine = workload.machine else {
      throw ActionFailure("the workload has no machine")
    }
    return (workload, machine)
  }

  private func stamp(_ id: InstanceID) throws -> Stamp { context.stamp(for: try desired().machine, in: id) }

  /// Whether the run of this action made a machine what it is to be.
  private func isDone(_ machine: FoundMachine, _ id: InstanceID) throws -> Bool {
    let (wanted, found) = (try stamp(id), MachineTags.stamp(in: machine.tags))
    return machine.tags[MachineTags.ended] == nil && found?.digest == wanted.digest
      && found?.run == wanted.run
  }

  // MARK: Making

  private func create(_ id: InstanceID, leavesStopped: Bool) async throws {
    let found = try await settle(id)
    if let found, found.tags[MachineTags.ended] == nil,
      MachineTags.stamp(in: found.tags)?.digest == (try stamp(id).digest)
    {
      return try await bring(found, id, toRest: leavesStopped)
    }
    if let found { try await end(found) }
    try await make(id, leavesStopped: leavesStopped)
  }

  private func replace(_ id: InstanceID, leavesStopped: Bool) async throws {
    let found = try await settle(id)
    if let found {
      if try isDone(found, id) { return try await bring(found, id, toRest: leavesStopped) }
      try await end(found)
    }
    try await make(id, leavesStopped: leavesStopped)
  }

  private func make(_ id: InstanceID, leavesStopped: Bool) async throws {
    let (workload, machine) = try desired()
    let former = try await all(of: id)
    // What another hand ended is not told of once there is a machine in its place.
    for lost in former where lost.state.isEnd && lost.tags[MachineTags.ended] == nil {
      _ = try await machines.tag(
        lost.id, with: [MachineTags.ended: context.run.description], dropping: [])
    }
    let stamp = try stamp(id)
    // Tokens are of one run; what it made and ended itself on the way is counted.
    let attempt = former.count {
      MachineTags.stamp(in: $0.tags)?.run == context.run && $0.state.isEnd
    }
    var order = MachineOrder(
      machine: machine, name: "\(context.key.namespace)_\(context.key.name)_\(id)",
      token:
        "\(context.key.namespace)_\(context.key.name)_\(id)_\(context.run)"
        + (attempt > 0 ? "_\(attempt)" : ""),
      subnet: try await subnet(for: machine),
      tags: MachineTags.tags(of: stamp), notes: MachineTags.notes(of: workload))
    order.machine.userData = machine.userData.map { FileText(UserData.text(of: $0)) }
    for label in workload.labels.entries { order.tags[label.key] = label.value }
    context.report("asks for a machine")
    let made = try await machines.create(order)
    // One that stops by itself on its way up is not started a second time.
    if leavesStopped { _ = try await rest(made) } else { try await awaitReadiness(of: made) }
  }

  /// The first of the stated subnets with room or, if machines are to be spread, the one with the fewest of the group's.
  private func subnet(for machine: Machine) async throws -> String? {
    guard !machine.subnets.isEmpty else { return nil }
    var order = machine.subnets
    if machine.spread {
      let group = try await machines.list(MachineQuery(tags: MachineTags.query(of: context.key)))
      let counts = Dictionary(grouping: group.compactMap(\.subnet)) { $0 }.mapValues(\.count)
      order = order.enumerated().sorted { left, right in
        (counts[left.element] ?? 0, left.offset) < (counts[right.element] ?? 0, right.offset)
      }.map(\.element)
    }
    for subnet in order {
      if let room = try await machines.room(in: subnet), room < 1 { continue }
      return subnet
    }
    throw ActionFailure("none of the subnets \(order.joined(separator: ", ")) has room for a machine")
  }

  // MARK: Changing

  private func update(_ id: InstanceID, leavesStopped: Bool) async throws {
    var machine = try await require(id)
    if leavesStopped { machine = try await rest(machine) }
    let disk = try desired().machine.disk
    if let disk, disk != machine.disk {
      machine = try still(try await machines.change(machine.id, to: MachineChange(disk: disk)), machine)
    }
    try await mark(machine, id)
  }

  private func restart(_ id: InstanceID, leavesStopped: Bool) async throws {
    var machine = try await require(id)
    if try !isDone(machine, id) {
      machine = try await rest(machine)
      let wanted = try desired().machine
      var change = MachineChange()
      if let type = wanted.type, type != machine.type { change.type = type }
      if let disk = wanted.disk, disk != machine.disk { change.disk = disk }
      if !change.isEmpty {
        machine = try still(try await machines.change(machine.id, to: change), machine)
      }
      machine = try await mark(machine, id)
    }
    try await bring(machine, id, toRest: leavesStopped)
  }

  /// Writes what a machine is now: the stamp and the labels.
  @discardableResult
  private func mark(_ machine: FoundMachine, _ id: InstanceID) async throws -> FoundMachine {
    let workload = try desired().workload
    var tags = MachineTags.tags(of: try stamp(id))
    for label in workload.labels.entries { tags[label.key] = label.value }
    for note in MachineTags.notes(of: workload) { tags[note.key] = note.value }
    var gone = Set(MachineTags.names(of: machine.tags)).subtracting(workload.labels.entries.map(\.key))
    if workload.healthCheck == nil { gone.insert(MachineTags.check) }
    return try still(
      try await machines.tag(machine.id, with: tags, dropping: gone.union([MachineTags.ended])), machine)
  }

  // MARK: Starting and stopping

  private func start(_ id: InstanceID) async throws {
    var machine = try await require(id)
    if machine.tags[MachineTags.ended] != nil {
      machine = try still(
        try await machines.tag(machine.id, with: [:], dropping: [MachineTags.ended]), machine)
    }
    try await bring(machine, id, toRest: false)
  }

  private func stop(_ id: InstanceID) async throws {
    guard let machine = try await settle(id) else { return }
    _ = try await rest(machine)
  }

  /// Stops a machine, unless it does not run, and waits until it doesn't.
  private func rest(_ machine: FoundMachine) async throws -> FoundMachine {
    if machine.state.isAtRest { return machine }
    var machine = machine
    // What starts is let start first: not every cloud stops it before.
    if machine.state == .pending || machine.state == .repairing {
      machine = try await wait(for: machine, until: "was not running") {
        $0.state != .pending && $0.state != .repairing
      }
    }
    if !machine.state.isAtRest {
      context.report("stops machine \(machine.id)")
      machine = try still(try await machines.stop(machine.id), machine)
    }
    return try await wait(for: machine, until: "did not stop") { $0.state.isAtRest }
  }

  /// Brings a machine to where an action leaves it: it works, or it is stopped.
  private func bring(_ machine: FoundMachine, _ id: InstanceID, toRest: Bool) async throws {
    if toRest {
      _ = try await rest(machine)
      return
    }
    var machine = machine
    if machine.state == .stopping || machine.state == .suspending {
      machine = try await wait(for: machine, until: "did not stop") { $0.state.isAtRest }
    }
    if machine.state.isAtRest {
      context.report("starts machine \(machine.id)")
      machine = try still(try await machines.start(machine.id), machine)
    }
    try await awaitReadiness(of: machine)
  }

  private func awaitReadiness(of machine: FoundMachine) async throws {
    let health = MachineHealth(context.desired?.healthCheck)
    var watch = Watch(machines: machines, machine: machine, timeout: context.timeout)
    while true {
      let now = watch.machine
      switch now.state {
      case .running:
        switch try await health.verdict(on: now) {
        case .works: return
        case .fails(let reason): throw ActionFailure("machine \(now.id) does not work: \(reason)")
        case .waits(let reason): watch.last = reason
        }
      case .pending, .repairing, .unknown: watch.last = now.reason ?? "it is \(now.state.rawValue)"
      case .stopping, .stopped, .suspending, .suspended, .terminating, .terminated:
        let reason = now.reason.map { ": \($0)" } ?? ""
        throw ActionFailure(Readiness.hopeless("machine \(now.id) is \(now.state.rawValue)\(reason)"))
      }
      context.report(watch.last.map { "machine \(now.id): \($0)" } ?? "waits for machine \(now.id)")
      try await watch.next(missed: "was not ready")
    }
  }

  // MARK: Ending

  private func delete(_ id: InstanceID) async throws {
    for machine in try await all(of: id) {
      if machine.state == .terminated {
        if machine.tags[MachineTags.ended] == nil {
          _ = try await machines.tag(
            machine.id, with: [MachineTags.ended: context.run.description], dropping: [])
        }
      } else {
        try await end(machine)
      }
    }
  }

  /// Ends a machine for good, and waits until it is gone. It is marked first, so that what another runner finds of it is known to be
  /// on its way.
  private func end(_ machine: FoundMachine) async throws {
    let mark = [MachineTags.ended: context.run.description]
    guard try await machines.tag(machine.id, with: mark, dropping: []) != nil else { return }
    context.report("ends machine \(machine.id)")
    guard let ending = try await machines.terminate(machine.id) else { return }
    var watch = Watch(machines: machines, machine: ending, timeout: context.timeout)
    while watch.machine.state != .terminated {
      watch.last = "it is \(watch.machine.state.rawValue)"
      do { try await watch.next(missed: "did not end") } catch is GoneMachine { return }
    }
  }

  // MARK: Waiting

  private func wait(
    for machine: FoundMachine, until missed: String, _ isSo: (FoundMachine) -> Bool
  ) async throws -> FoundMachine {
    var watch = Watch(machines: machines, machine: machine, timeout: context.timeout)
    while !isSo(watch.machine) {
      if watch.machine.state.isEnd {
        throw ActionFailure("another client ended machine \(machine.id) meanwhile")
      }
      watch.last = "it is \(watch.machine.state.rawValue)"
      try await watch.next(missed: missed)
    }
    return watch.machine
  }

  /// A machine after a call that finds it, which one that was there a moment ago must be.
  private func still(_ machine: FoundMachine?, _ before: FoundMachine) throws -> FoundMachine {
    guard let machine else { throw GoneMachine(id: before.id) }
    return machine
  }
}
