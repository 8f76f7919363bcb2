/// Something that only one instance of a workload can have at a time.
public enum SoleUse: Sendable, Hashable {
  /// A port of the machine that the spec states, by its number on the machine.
  case hostPort(Int)
  /// A port of the machine to which another workload refers, by its number inside of the instance, and its service.
  case referredPort(Int, service: String)
  /// A volume to which one instance may write, by name.
  case volume(String)
}

extension Workload {
  /// What only one instance can have at a time: because of it, there can be no second one, and no new one beside an
  /// old one. `nil` if there is no such thing.
  public var soleUse: SoleUse? {
    if let hostPort { return .hostPort(hostPort) }
    for service in services {
      if let volume = service.volumes.first(where: isForOne) { return .volume(volume.name) }
    }
    return nil
  }

  /// The first port of the host that it wants.
  public var hostPort: Int? {
    for service in services { for port in service.ports { if let host = port.host { return host } } }
    return nil
  }

  /// The volumes of a service that the instances share, and that one of them at a time may write to.
  public func volumesForOne(of service: Service) -> [Volume] { volumesForOne(service.volumes) }

  /// The volumes of some that the instances share, and that one of them at a time may write to.
  public func volumesForOne(_ volumes: [Volume]) -> [Volume] {
    volumes.filter(isForOne)
  }

  private func isForOne(_ volume: Volume) -> Bool {
    // What berth makes for a stateful set belongs to one ordinal.
    volume.isForOneWriter && !(kind.hasStableInstances && volume.type.isMade)
  }
}
