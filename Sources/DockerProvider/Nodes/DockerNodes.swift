import ClusterNodes
import DockerAPI
import ProviderKit

/// Keeps the nodes of clusters that are containers of a Docker engine, whatever made them.
public struct DockerNodes: NodeProvider {
  private let connection: EngineConnection

  /// The nodes of a target's engine. Nothing is connected to before something is asked for.
  ///
  /// - Parameter environment: the variables of the program, by which the docker client is told of engines.
  public init(_ target: TargetOptions, environment: [String: String]) {
    self.init(
      connection: EngineConnection { try DockerEndpoint(of: target, environment: environment) })
  }

  init(connection: EngineConnection) { self.connection = connection }

  // MARK: Looking

  /// Makes sure that the engine answers, and speaks a version of the API that is known here.
  public func connect() async throws { try await asking { _ in } }

  /// The containers that are nodes; an engine tells them all at once.
  public func nodes(of cluster: ClusterID?, after cursor: String?) async throws -> NodePage {
    try await asking { client in
      // What berth itself made is no node, whatever it is called.
      let containers = try await client.containers.list().filter { container in
        !(container.labels ?? [:]).keys.contains { $0.hasPrefix(Label.prefix) }
      }
      let memberships = NodeRecognition.memberships(
        of: containers.map { NodeCandidate(name: $0.names.first ?? "", labels: $0.labels ?? [:]) })
      let host = ProbeRoute(to: client.endpoint).host
      return NodePage(
        zip(containers, memberships).compactMap { container, membership in
          guard let membership, cluster == nil || membership.cluster == cluster else { return nil }
          return ClusterNode(container, membership, host: host)
        })
    }
  }

  /// The container, as lists tell it.
  public func node(_ node: ClusterNode) async throws -> ClusterNode? {
    try await asking { client in
      let found = try await client.containers.list(filters: ["id": [node.id]]).first { $0.id == node.id }
      return found.map {
        ClusterNode(
          $0, NodeMembership(cluster: node.cluster, rawRole: node.rawRole),
          host: ProbeRoute(to: client.endpoint).host)
      }
    }
  }

  /// The networks and volumes that carry the labels of clusters.
  public func belongings(of cluster: ClusterID?) async throws -> [Belonging] {
    try await asking { client in
      async let networks = client.networks.list()
      async let volumes = client.volumes.list()
      let all =
        try await networks.compactMap { network in
          NodeRecognition.cluster(ofBelonging: network.labels ?? [:]).map {
            Belonging(.network, id: network.id, name: network.name, cluster: $0)
          }
        }
        + volumes.compactMap { volume in
          NodeRecognition.cluster(ofBelonging: volume.labels ?? [:]).map {
            Belonging(.volume, id: volume.name, name: volume.name, cluster: $0)
          }
        }
      return all.filter { cluster == nil || $0.cluster == cluster }
    }
  }

  /// The addresses that were noted on the engine.
  public func notedAddresses(of cluster: ClusterID) async throws -> [String: [String]] {
    try await asking { try await AddressNotes(client: $0).last(of: cluster) }
  }

  private func asking<Result>(_ body: (DockerClient) async throws -> Result) async throws -> Result {
    try await DockerError.asProviderError { try await body(try await connection.client()) }
  }

  // MARK: Changing

  /// Starts the container, or lets it go on.
  public func start(_ node: ClusterNode) async throws -> NodeAnswer {
    try await acting { client in
      if node.state == .paused {
        try await client.containers.unpause(node.id)
      } else {
        try await client.containers.start(node.id)
      }
      return .done
    }
  }

  /// Stops the container, which has as long for it as it was created to have.
  public func stop(_ node: ClusterNode) async throws -> NodeAnswer {
    try await acting { client in
      let grace = try await client.containers.inspect(node.id).config.stopTimeout
      try await client.containers.stop(node.id, grace: grace)
      return .done
    }
  }

  /// Removes the container, and the volumes without a name that were made for it.
  public func delete(_ node: ClusterNode) async throws {
    try await acting { client in
      do {
        _ = try await ifFound { try await client.containers.remove(node.id, force: true, volumes: true) }
      } catch let error as DockerError where error.isConflict {
        // Another request for the same may be under way. If it is not, asking again tells.
        let container = try await ifFound { try await client.containers.inspect(node.id) }
        guard container == nil || container?.state.status == "removing" else { throw error }
      }
    }
  }

  /// How long an engine may lag behind what it has removed.
  private static let patience = Duration.seconds(5)

  /// Removes the network or volume.
  public func delete(_ belonging: Belonging) async throws {
    _ = try await acting { client in
      try await ifFound {
        switch belonging.kind {
        case .network: try await client.networks.remove(belonging.id, patience: Self.patience)
        case .volume: try await client.volumes.remove(belonging.id)
        }
      }
    }
  }

  /// Notes addresses in the labels of an empty volume.
  public func noteAddresses(_ addresses: [String: [String]], of cluster: ClusterID) async throws {
    try await acting { try await AddressNotes(client: $0).write(addresses, of: cluster) }
  }

  private func acting<Result>(_ body: (DockerClient) async throws -> Result) async throws -> Result {
    try await DockerError.asActionError { try await body(try await connection.client()) }
  }
}
