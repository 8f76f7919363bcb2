import DockerAPI
import HealthProbes
import WorkloadSpec

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// By which way services of an engine are reached from here.
struct ProbeRoute: Sendable, Equatable {
  /// What the engine's published ports are reached at: its machine's name or address.
  let host: String
  /// Whether the engine may be on this machine, so that containers' own addresses may be reached.
  let isLocal: Bool

  /// The route to an engine.
  init(to endpoint: DockerEndpoint) {
    switch endpoint {
    case .unix: (host, isLocal) = ("127.0.0.1", true)
    case .tcp(let host, _, _): (self.host, isLocal) = (host, false)
    case .ssh(let destination): (host, isLocal) = (destination.host, false)
    }
  }

  /// Where a port of a running container is asked; `nil` if no way is known.
  ///
  /// - Parameter hasInterface: whether a network interface is here; by default, the system is asked.
  func place(
    of port: Int, in container: Container, hasInterface: (String) -> Bool = NetworkInterfaces.contains
  ) -> ProbePlace? {
    if let address = ownAddress(of: container, hasInterface: hasInterface) {
      return ProbePlace(host: address, port: port)
    }
    let published = (container.network.ports?["\(port)/tcp"] ?? nil)?.first
    return published?.port.flatMap { Int($0) }.map { ProbePlace(host: host, port: $0) }
  }

  /// A running container's own address, if it can be reached from here.
  func ownAddress(
    of container: Container, hasInterface: (String) -> Bool = NetworkInterfaces.contains
  ) -> String? {
    guard isLocal else { return nil }
    // The network that is its way out comes first: what only names are found in has no gateway.
    let networks = (container.network.networks ?? [:]).sorted { left, right in
      let isOut = [left, right].map { $0.value.gateway?.isEmpty == false }
      return isOut[0] != isOut[1] ? isOut[0] : left.key < right.key
    }
    for (_, settings) in networks {
      guard let address = settings.address, !address.isEmpty, let id = settings.networkID,
        hasInterface(Self.bridge(ofNetwork: id))
      else { continue }
      return address
    }
    return nil
  }

  /// Whether the engine's networks are on this machine, so that its containers are reached at their own addresses.
  ///
  /// - Parameter reach: whether one was reached before; then none is asked.
  func leadsToContainers(of client: DockerClient, _ reach: ContainerReach) async throws -> Bool {
    guard isLocal else { return false }
    if reach.isKnown { return true }
    return try await client.networks.list(filters: ["driver": ["bridge"]]).contains { network in
      NetworkInterfaces.contains(
        network.options?["com.docker.network.bridge.name"] ?? Self.bridge(ofNetwork: network.id))
    }
  }

  /// The interface that the engine makes for a network on its machine.
  static func bridge(ofNetwork id: String) -> String { "br-" + id.prefix(12) }
}

/// The network interfaces of this machine.
enum NetworkInterfaces {
  /// Whether there is one of this name.
  static func contains(_ name: String) -> Bool { if_nametoindex(name) != 0 }
}
