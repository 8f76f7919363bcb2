import DockerAPI
import Foundation
import TestSupport
import Values

/// Clusters of kind on the test engine, and a folder whose berth.yaml leads there.
final class ClusterStage: Sendable {
  let stage: DockerStage
  /// What the names of all of its clusters begin with.
  let name: String
  var client: DockerClient { stage.client }

  /// - Parameter name: by default one that no other cluster's is a part of.
  init(name: String = "t" + String(UInt32.random(in: .min ... .max), radix: 36)) async throws {
    stage = try await DockerStage()
    self.name = name
  }

  /// Runs a body, and takes away what it made, whatever happens.
  func use(_ body: (ClusterStage) async throws -> Void) async throws {
    do { try await body(self) } catch {
      try? await end()
      throw error
    }
    try await end()
  }

  private func end() async throws {
    for container in try await client.containers.list() where container.names.contains(where: isOurs) {
      try? await client.containers.remove(container.id, force: true, volumes: true)
    }
    for network in try await client.networks.list() where isOurs(network.name) {
      try await client.networks.remove(network.id, patience: .seconds(10))
    }
    for volume in try await client.volumes.list()
    where isOurs(volume.name) || isOurs(volume.labels?["berth.cluster.name"] ?? "") {
      try? await client.volumes.remove(volume.name)
    }
  }

  private func isOurs(_ other: String) -> Bool { other.hasPrefix(name) }

  /// Makes a cluster of kind whose nodes run, with a network and a volume that carry its labels.
  func make(_ cluster: String, workers: Int) async throws {
    let maker = ClusterMaker.kind
    let labels = maker.belongingLabels(of: cluster) ?? [:]
    try await client.networks.create(NetworkCreation(name: cluster, labels: labels))
    try await client.volumes.create(VolumeCreation(name: cluster, labels: labels))
    for node in [maker.controlPlane(of: cluster)] + (0..<workers).map({ maker.worker($0 + 1, of: cluster) }) {
      var creation = ContainerCreation()
      creation.config.image = "berth-test/busybox:1"
      creation.config.command = ["/bin/sh", "-c", "trap 'exit 0' TERM; sleep 1000 & wait"]
      creation.config.labels = node.labels
      creation.host.networkMode = cluster
      creation.host.binds = ["\(cluster):/data"]
      try await client.containers.create(named: node.name, creation)
      try await client.containers.start(node.name)
    }
  }

  /// Runs `berth cluster` with these words.
  func berth(_ words: String) throws -> Sandbox.Result {
    try stage.sandbox.berth(["cluster"] + words.split(separator: " ").map(String.init))
  }

  /// Its clusters, as the list for programs has them.
  func rows() throws -> [Value] {
    let list = try berth("list --format json").json["clusters"]?.list ?? []
    return list.filter { $0["cluster"]?.string.map(isOurs) == true }
  }
}
