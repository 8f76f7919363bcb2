/// Something that only one instance of a workload can have at a time.
public enum SoleUse: Sendable, Hashable {
  /// A port of the host.
  case hostPort(Int)
  /// A volume to which one instance may write, by name.
  case volume(String)
}

extension Workload {
  /// What only one instance can have at a time: because of it, there can be no second one, and no new one beside an
  /// old one. `nil` if there is no such thing.
  public var soleUse: SoleUse? {
    hostPort.map { .hostPort($0) }
      ?? services.lazy.flatMap { volumesForOne($0.volumes) }.first.map { .volume($0.name) }
  }

  /// The first port of the host that it wants.
  public var hostPort: Int? { services.lazy.flatMap(\.ports).compactMap(\.host).first }

  /// The volumes of a service that the instances share, and that one of them at a time may write to.
  public func volumesForOne(of service: Service) -> [Volume] { volumesForOne(service.volumes) }

  /// The volumes of some that the instances share, and that one of them at a time may write to.
  public func volumesForOne(_ volumes: [Volume]) -> [Volume] {
    // What berth makes for a stateful set belongs to one ordinal.
    volumes.filter { $0.isForOneWriter && !(kind.hasStableInstances && $0.type.isMade) }
  }
}
