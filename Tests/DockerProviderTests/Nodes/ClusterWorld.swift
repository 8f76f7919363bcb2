import ClusterNodes
import DockerAPI
import Engine
import ProviderKit
import TestSupport
import WorkloadSpec

@testable import DockerProvider

/// Clusters on the test engine whose names are their own, made as their makers make them, and taken away at the end.
struct ClusterWorld {
  /// What all names of this world begin with.
  let prefix = "t" + String(UInt32.random(in: .min ... .max), radix: 36)
  let connection = TestEngine.connection()
  var provider: DockerNodes { DockerNodes(connection: connection) }

  /// A name of this world.
  func name(_ label: String) -> String { "\(prefix)-\(label)" }

  /// Makes a cluster whose nodes run in a network and use a volume of its own.
  @discardableResult
  func make(
    _ label: String, by maker: ClusterMaker, workers: Int = 1, hasBalancer: Bool = false
  ) async throws -> ClusterID {
    let client = try await connection.client()
    let cluster = name(label)
    let thing = "\(cluster).\(maker.rawValue)"
    let labels = maker.belongingLabels(of: cluster) ?? [:]
    try await client.networks.create(NetworkCreation(name: thing, labels: labels))
    try await client.volumes.create(VolumeCreation(name: thing, labels: labels))
    var nodes = [maker.controlPlane(of: cluster)] + (0..<workers).map { maker.worker($0 + 1, of: cluster) }
    if hasBalancer, let balancer = maker.loadBalancer(of: cluster) { nodes.append(balancer) }
    try await withThrowingTaskGroup { group in
      for node in nodes {
        group.addTask {
          try await start(node.name, node.labels, in: thing) { $0.host.binds = ["\(thing):/data"] }
        }
      }
      try await group.waitForAll()
    }
    return ClusterID(scheme: maker.scheme, name: cluster)
  }

  /// Makes a container that runs until it is asked to stop, and then ends at once.
  func start(
    _ name: String, _ labels: [String: String] = [:], in network: String = "bridge",
    _ edit: (inout ContainerCreation) -> Void = { _ in }
  ) async throws {
    let client = try await connection.client()
    var creation = ContainerCreation()
    creation.config.image = TestEngine.image
    creation.config.command = ["/bin/sh", "-c", Service.idling]
    creation.config.labels = labels
    creation.host.networkMode = network
    edit(&creation)
    try await client.containers.create(named: name, creation)
    try await client.containers.start(name)
  }

  /// The clusters of this world.
  func clusters() async throws -> [Cluster] {
    try await ClusterLister(reader: provider).clusters().filter { $0.id.name.hasPrefix(prefix) }
  }

  func cluster(_ id: ClusterID) async throws -> Cluster? {
    try await ClusterLister(reader: provider).cluster(id)
  }

  /// What keeps its clusters, through a gate if there is one.
  func keeper(_ provider: (any NodeProvider)? = nil) -> ClusterKeeper {
    ClusterKeeper(provider: provider ?? self.provider)
  }

  /// Takes everything away.
  func end() async throws {
    let client = try await connection.client()
    for container in try await client.containers.list() where isOurs(container.names.first ?? "") {
      _ = try await ifFound { try await client.containers.remove(container.id, force: true, volumes: true) }
    }
    for network in try await client.networks.list() where isOurs(network.name) {
      _ = try await ifFound { try await client.networks.remove(network.id, patience: .seconds(10)) }
    }
    for volume in try await client.volumes.list()
    where isOurs(volume.name) || isOurs(volume.labels?["berth.cluster.name"] ?? "") {
      _ = try await ifFound { try await client.volumes.remove(volume.name) }
    }
  }

  private func isOurs(_ name: String) -> Bool { name.contains(prefix) }
}

/// Runs a body in a world of its own and cleans up behind it, whatever happens.
func withClusters(_ body: (ClusterWorld) async throws -> Void) async throws {
  let world = ClusterWorld()
  do { try await body(world) } catch {
    try? await world.end()
    throw error
  }
  try await world.end()
}
