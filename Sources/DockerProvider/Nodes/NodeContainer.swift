import ClusterNodes
import DockerAPI

extension ClusterNode {
  /// A container as a node.
  ///
  /// - Parameter host: what the engine's published ports are reached at.
  init(_ container: ContainerSummary, _ membership: NodeMembership, host: String) {
    let scheme = NodeScheme.named(membership.cluster.scheme)
    let (role, rank) = scheme?.role(of: membership.rawRole) ?? (.worker, 0)
    self.init(
      id: container.id, name: container.names.first ?? container.id, cluster: membership.cluster, role: role,
      rawRole: membership.rawRole, rank: rank, state: NodeState(container: container.state),
      rawState: container.state, addresses: container.ownAddresses, note: container.status)
    if let scheme, role == .controlPlane || role == .loadBalancer {
      endpoint = container.publishedPlace(of: scheme.apiPort, host: host).map { "https://\($0)" }
    }
  }
}

extension NodeState {
  /// What a container's state means.
  init(container state: String) {
    self =
      switch state {
      case "running": .running
      case "restarting": .starting
      case "paused": .paused
      case "created", "exited": .stopped
      case "removing": .deleting
      case "dead": .failed
      default: .unknown
      }
  }
}

extension ContainerSummary {
  /// The addresses that it has in its networks, in the order of their names.
  fileprivate var ownAddresses: [String] {
    (network?.networks ?? [:]).sorted { $0.key < $1.key }.flatMap { [$0.value.address, $0.value.address6] }
      .compactMap(\.self).filter { !$0.isEmpty }
  }

  /// Where a TCP port is published: `127.0.0.1:6443`.
  fileprivate func publishedPlace(of port: Int, host: String) -> String? {
    let places = (ports ?? []).filter { $0.container == port && $0.type == "tcp" && $0.host != nil }
    guard let place = places.first(where: { $0.address?.contains(":") != true }) ?? places.first else {
      return nil
    }
    let isAnywhere = ["", "0.0.0.0", "::"].contains(place.address ?? "")
    let address = isAnywhere ? host : place.address ?? host
    return "\(address.contains(":") ? "[\(address)]" : address):\(place.host ?? port)"
  }
}
