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

  /// What is known of an address.
  public enum Finding: Sendable, Equatable {
    /// It will be this.
    case known(String)
    /// It will be another one than it is, which is known when its service is ready.
    case moving
    /// Nothing is known until its service is ready.
    case later
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
  ) -> Finding {
    switch addressing {
    case .names: return .known(Addressing.text(of: reference, seenFrom: service))
    case .loopback(let assigned):
      guard let container = reference.port else {
        return .known(reference.text(host: Addressing.loopbackHost, port: 0))
      }
      let port: Finding
      if let name = reference.workload {
        port =
          neighbours[name].map { neighbour in
            Self.port(
              container, of: reference.service, in: neighbour.workload,
              neighbour.observation?.instances.first { $0.service(reference.service) != nil },
              held: neighbour.observation?.heldPorts ?? [], assigned)
          } ?? .later
      } else {
        port = Self.port(
          container, of: reference.service, in: workload, observation.instance(instance),
          held: observation.heldPorts, assigned)
      }
      guard case .known(let number) = port else { return port }
      return .known(reference.text(host: Addressing.loopbackHost, port: Int(number) ?? 0))
    }
  }

  /// The port of the machine that a service will have: what its spec says, what it has, or what is held for it.
  private static func port(
    _ container: Int, of name: String, in workload: Workload, _ instance: ObservedInstance?,
    held: [HeldPort], _ assigned: Range<Int>
  ) -> Finding {
    let ports = workload.service(name)?.ports ?? []
    guard let port = ports.first(where: { $0.container == container && $0.protocol == .tcp }) else {
      return .later
    }
    if let host = port.host { return .known(String(host)) }
    let pinned = Set(ports.compactMap(\.host))
    let kept =
      held.first { $0.service == name && $0.container == container }?.host
      ?? instance?.service(name)?.assignedPorts.first {
        $0.containerPort == container && $0.transport == .tcp
      }?.hostPort
    guard let kept else { return .later }
    // What a spec has pinned until now is given up, and another one assigned.
    return assigned.contains(kept) && !pinned.contains(kept) ? .known(String(kept)) : .moving
  }
}
