import Planning
import WorkloadSpec

/// What the machines of a cloud say of one group: the instances, each with the machine that is meant by it.
struct GroupReading {
  let key: WorkloadKey
  /// The machines with the group's tags, those that have ended included.
  let found: [FoundMachine]
  let fields: MachineFields

  /// The machines of each instance.
  private var byInstance: [InstanceID: [FoundMachine]] {
    Dictionary(grouping: found.compactMap { machine in stamp(of: machine).map { (machine, $0) } }) {
      $0.1.instance
    }.mapValues { $0.map(\.0) }
  }

  private func stamp(of machine: FoundMachine) -> Stamp? {
    MachineTags.stamp(in: machine.tags).flatMap { $0.key == key ? $0 : nil }
  }

  /// The instances, in order, none of them asked whether it works.
  func instances() -> [ObservedInstance] {
    byInstance.compactMap { id, machines in instance(id, machines) }.sorted { $0.id < $1.id }
  }

  /// The machine that an instance is.
  func machine(of id: InstanceID) -> FoundMachine? { Self.meant(in: byInstance[id] ?? []) }

  private func instance(_ id: InstanceID, _ machines: [FoundMachine]) -> ObservedInstance? {
    guard let machine = Self.meant(in: machines) else { return lost(id, machines) }
    let others = machines.filter { !$0.state.isEnd && $0.id != machine.id }
    guard var service = service(machine) else { return nil }
    if !others.isEmpty {
      service.isUnsettled = true
      service.message =
        "\(machine.id) has the work, and \(others.map(\.id).sorted().joined(separator: ", ")) is its double"
    }
    // A run began to end it, and was broken off.
    if machine.tags[MachineTags.ended] != nil { service.isUnsettled = true }
    return ObservedInstance(id: id, services: [service])
  }

  /// An instance whose machine another hand ended; `nil` if berth did.
  private func lost(_ id: InstanceID, _ machines: [FoundMachine]) -> ObservedInstance? {
    let last = machines.filter { $0.tags[MachineTags.ended] == nil }.max(by: Self.isWorse)
    guard let last else { return nil }
    let reason = last.reason.map { ": \($0)" } ?? ""
    return ObservedInstance(
      id: id, isAlive: false, message: "machine \(last.id) is \(last.state.rawValue)\(reason)")
  }

  // MARK: One machine

  /// Of several machines of an instance, the one that is it: every look, and every runner, chooses the same.
  static func meant(in machines: [FoundMachine]) -> FoundMachine? {
    machines.filter { !$0.state.isEnd }.max(by: isWorse)
  }

  private static func isWorse(_ left: FoundMachine, _ right: FoundMachine) -> Bool {
    let ranks = [left, right].map { machine -> (Int, Int) in
      (machine.tags[MachineTags.ended] == nil ? 1 : 0, machine.state == .running ? 1 : 0)
    }
    if ranks[0] != ranks[1] { return ranks[0] < ranks[1] }
    return left.id > right.id
  }

  private func service(_ machine: FoundMachine) -> ObservedService? {
    guard let stamp = stamp(of: machine) else { return nil }
    var spec = Machine()
    (spec.image, spec.type, spec.disk) = (machine.image, machine.type, machine.disk)
    spec.on = machine.on
    var service = ObservedService(
      name: spec.name, stamp: stamp, state: machine.state.instance, isReady: isReady(machine),
      since: machine.launchedAt, message: message(of: machine),
      live: LiveService(
        spec: spec, labels: MachineTags.labels(in: machine.tags), unobservable: fields.stamped,
        untold: fields.untold))
    service.machine = ObservedMachine(
      id: machine.id, addresses: machine.addresses, zone: machine.zone, subnet: machine.subnet)
    // What does not work gives way to another one.
    if machine.state == .running, case .failed(let reason) = machine.check {
      service.deviations = [
        Deviation("status", from: .string(reason), to: "healthy", impact: .replace)
      ]
    }
    return service
  }

  /// Whether its cloud says that it works.
  private func isReady(_ machine: FoundMachine) -> Bool {
    machine.state == .running && (machine.check == .passed || machine.check == .none)
  }

  private func message(of machine: FoundMachine) -> String? {
    switch (machine.state, machine.check) {
    case (.running, .failed(let reason)): reason
    case (.running, .pending): "its cloud checks it"
    case (.running, _): nil
    case (.repairing, _): machine.reason ?? "its cloud moves it to other hardware"
    case (.unknown, _): machine.reason ?? "its cloud says a state that berth does not know"
    default: machine.reason
    }
  }
}
