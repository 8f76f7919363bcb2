import WorkloadSpec

/// A port of a service, by its number inside of the instance. It is one of TCP.
public struct ServicePort: Sendable, Hashable, Comparable {
  /// The name of the service that listens on it.
  public let service: String
  /// The number inside of the instance.
  public let container: Int

  public init(service: String, container: Int) {
    self.service = service
    self.container = container
  }

  /// By service, then by number.
  public static func < (left: ServicePort, right: ServicePort) -> Bool {
    (left.service, left.container) < (right.service, right.container)
  }
}

/// The port of the machine that a service has, or had last, and to which other workloads refer.
public struct HeldPort: Sendable, Hashable {
  /// The port inside of the instance.
  public let port: ServicePort
  /// The number on the machine.
  public let host: Int
  /// The workloads of the namespace that were given it, by name.
  public let referrers: Set<String>

  public init(_ port: ServicePort, host: Int, referrers: Set<String>) {
    self.port = port
    self.host = host
    self.referrers = referrers
  }
}

extension Workload {
  /// The port that the workload lists as one of its services' ports of TCP.
  public func port(_ port: ServicePort) -> Port? {
    service(port.service)?.ports.first { $0.container == port.container && $0.protocol == .tcp }
  }

  /// The ports of another workload of the namespace that the workload refers to.
  public func ports(of other: String) -> Set<ServicePort> {
    Set(
      services.flatMap(\.addressUses).compactMap { use in
        guard use.reference.workload == other, let port = use.reference.port else { return nil }
        return ServicePort(service: use.reference.service, container: port)
      })
  }
}
