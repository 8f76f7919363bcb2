import WorkloadSpec

/// A port of the machine that a workload keeps because another one refers to it.
public struct HeldPort: Sendable, Hashable {
  /// The service that listens on the port.
  public let service: String
  /// The number inside of the instance. It is a port of TCP.
  public let container: Int
  /// The number on the machine.
  public let host: Int

  /// A port.
  public init(service: String, container: Int, host: Int) {
    self.service = service
    self.container = container
    self.host = host
  }
}

extension Observation {
  /// The ports of those that are held that a workload still lists, without a `host` of its own.
  public func heldPorts(of workload: Workload) -> [HeldPort] {
    guard !heldPorts.isEmpty else { return [] }
    return heldPorts.filter { held in
      workload.service(held.service)?.ports.contains {
        $0.container == held.container && $0.protocol == .tcp && $0.host == nil
      } ?? false
    }
  }
}
