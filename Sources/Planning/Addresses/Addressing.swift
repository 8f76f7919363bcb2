import WorkloadSpec

/// How the services of an engine are found: what an address in a text stands for there.
public enum Addressing: Sendable, Equatable {
  /// By name, at the port inside of the instance.
  case names
  /// Services of an instance share one machine, and find each other there at the port inside of the instance; another
  /// workload is found by its name, whichever of its services is meant.
  case pods
  /// At ports of one machine, on its loopback address. The engine assigns a port from these where `host` says none.
  case loopback(assigned: Range<Int>)

  /// Whether an address leads to one instance alone, and so a workload that others refer to has one.
  public var leadsToOneInstance: Bool { if case .loopback = self { true } else { false } }

  /// The host of a service on an engine that has names. It follows from the text alone, so that it never moves.
  ///
  /// A service of another workload is `SERVICE.WORKLOAD`, whichever role it has; a service itself is `localhost`.
  public static func name(of reference: AddressReference, seenFrom service: Service) -> String {
    if let workload = reference.workload { return "\(reference.service).\(workload)" }
    // A service in the machine's own network refers only to services that are in it as well.
    let isOfHost = !service.$network.isUnset && service.network.mode == .host
    return reference.service == service.name || isOfHost ? "localhost" : reference.service
  }

  /// What a reference stands for on an engine that has names.
  public static func text(of reference: AddressReference, seenFrom service: Service) -> String {
    reference.text(host: name(of: reference, seenFrom: service), port: reference.port ?? 0)
  }

  /// What a reference stands for on an engine whose instances are pods. It follows from the text alone, so that it never
  /// moves.
  public static func podText(of reference: AddressReference) -> String {
    reference.text(host: reference.workload ?? "localhost", port: reference.port ?? 0)
  }

  /// The address of the machine itself.
  public static let loopbackHost = "127.0.0.1"
}

extension AddressReference {
  /// What it stands for, if its service is there.
  public func text(host: String, port: Int) -> String {
    switch part {
    case .address: "\(host):\(port)"
    case .host: host
    case .port: String(port)
    }
  }
}
