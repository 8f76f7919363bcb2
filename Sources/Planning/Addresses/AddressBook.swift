import WorkloadSpec

/// What the addresses in a workload's texts stand for, as far as that is known before anything is done.
public struct AddressBook: Sendable {
  /// Another workload that is referred to.
  public struct Neighbour: Sendable {
    /// The workload, as it will be.
    public let workload: Workload
    /// What is true of it now; `nil` if it was not looked at.
    public let observation: Observation?

    /// A workload that is referred to.
    public init(_ workload: Workload, _ observation: Observation?) {
      self.workload = workload
      self.observation = observation
    }
  }

  /// What is known of an address, or of a part of it.
  public enum Finding<Known: Sendable & Equatable>: Sendable, Equatable {
    /// It will be this.
    case known(Known)
    /// It will be another one than it is, which is known when its service is ready.
    case moving
    /// Nothing is known until its service is ready.
    case later

    fileprivate func map<Other>(_ change: (Known) -> Other) -> Finding<Other> {
      switch self {
      case .known(let known): .known(change(known))
      case .moving: .moving
      case .later: .later
      }
    }
  }

  private let addressing: Addressing
  /// The workload that refers, as it will be.
  private let workload: Workload
  private let observation: Observation
  private let neighbours: [String: Neighbour]

  /// The addresses of a workload.
  ///
  /// - Parameters:
  ///   - workload: the whole workload, as it will be.
  ///   - observation: what is true of it now.
  ///   - neighbours: the other workloads that it refers to, by name.
  public init(
    of workload: Workload, by addressing: Addressing, given observation: Observation,
    neighbours: [String: Neighbour] = [:]
  ) {
    self.workload = workload
    self.addressing = addressing
    self.observation = observation
    self.neighbours = neighbours
  }

  /// What a reference stands for.
  ///
  /// - Parameters:
  ///   - service: the service that refers.
  ///   - instance: the instance that it is in.
  public func finding(
    _ reference: AddressReference, seenFrom service: Service, in instance: InstanceID
  ) -> Finding<String> {
    switch addressing {
    case .names: return .known(Addressing.text(of: reference, seenFrom: service))
    case .pods: return .known(Addressing.podText(of: reference))
    case .loopback(let assigned):
      guard let container = reference.port else { return .known(Addressing.loopbackHost) }
      let port = ServicePort(service: reference.service, container: container)
      let number: Finding<Int>
      if let name = reference.workload {
        guard let other = neighbours[name] else { return .later }
        let instances = other.observation?.instances ?? []
        number = Self.host(
          of: port, in: other.workload, instances, held: other.observation?.heldPorts ?? [], assigned)
      } else {
        let instances = [observation.instance(instance)].compactMap(\.self)
        number = Self.host(of: port, in: workload, instances, held: [], assigned)
      }
      return number.map { reference.text(host: Addressing.loopbackHost, port: $0) }
    }
  }

  /// The port of the machine that a service will have: what its spec says, what it has, or what it had last.
  private static func host(
    of port: ServicePort, in workload: Workload, _ instances: [ObservedInstance], held: [HeldPort],
    _ assigned: Range<Int>
  ) -> Finding<Int> {
    guard let stated = workload.port(port) else { return .later }
    if let host = stated.host { return .known(host) }
    let last = held.first { $0.port == port }?.host
    let there = instances.compactMap { instance in
      instance.service(port.service)?.assignedPorts.first {
        $0.containerPort == port.container && $0.transport == .tcp
      }?.hostPort
    }
    guard let kept = AssignedNumber.choose(there, last: last) else { return .later }
    // What the spec has pinned until now is given up, as is what another service of it has or wants.
    let others = Set(
      workload.services.flatMap(\.ports).compactMap(\.host)
        + instances.prefix(1).flatMap(\.services).filter { $0.name != port.service }.flatMap(\.assignedPorts)
        .map(\.hostPort))
    return assigned.contains(kept) && !others.contains(kept) ? .known(kept) : .moving
  }
}

/// Which of several numbers an address leads to.
public enum AssignedNumber {
  /// The number that was handed over last, if an instance still has it; else that of the first instance; and where there is no
  /// instance, the one that was handed over last.
  ///
  /// - Parameters:
  ///   - numbers: those of the instances, in order.
  ///   - last: the one that was handed over last.
  public static func choose(_ numbers: [Int], last: Int?) -> Int? {
    if let last, numbers.contains(last) { return last }
    return numbers.first ?? last
  }
}
