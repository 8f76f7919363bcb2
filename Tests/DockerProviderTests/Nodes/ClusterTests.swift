import ClusterNodes
import DockerAPI
import Engine
import ProviderContract
import TestSupport
import Testing

@testable import DockerProvider

/// Clusters of every maker side by side on one engine.
@Suite(.serialized, TestEngine.isThere) struct ClusterTests {
  /// Names that are parts of each other, also with the words that names of nodes are made of.
  private static let labels = ["a", "a-b", "a-worker"]

  @Test("clusters of every maker are told apart, stopped, started and deleted one by one")
  func sideBySide() async throws {
    try await withClusters { world in
      for maker in ClusterMaker.allCases where maker != .kindWithoutLabels {
        for label in Self.labels {
          try await world.make(label, by: maker, hasBalancer: label == "a")
        }
      }
      try await world.make("old", by: .kindWithoutLabels, workers: 2, hasBalancer: true)
      try await world.make("old-worker", by: .kindWithoutLabels)
      // What is on the engine besides, and no node.
      try await world.start(world.name("shop-worker"))
      try await world.start(world.name("old-worker3"), ["com.docker.compose.project": "old"])
      try await world.start(world.name("a-worker-control-plane2"), ["berth.version": "1"])

      let all = try await world.clusters()
      let expected = ClusterMaker.allCases.filter { $0 != .kindWithoutLabels }.flatMap { maker in
        Self.labels.map { ClusterID(scheme: maker.scheme, name: world.name($0)) }
      }
      let old = ["old", "old-worker"].map { ClusterID(scheme: "kind", name: world.name($0)) }
      #expect(all.map(\.id) == (expected + old).sorted())
      for cluster in all {
        let hasBalancer =
          [world.name("a"), world.name("old")].contains(cluster.id.name)
          && !["talos", "kwok"].contains(cluster.id.scheme)
        let workers = cluster.id.name == world.name("old") ? 2 : 1
        #expect(cluster.total == 1 + workers + (hasBalancer ? 1 : 0), "\(cluster.id)")
        #expect(cluster.phase == .running, "\(cluster.id)")
      }

      for id in [expected[0], expected[4], old[0]] {
        let others = try await world.clusters().filter { $0.id != id }
        let cluster = try #require(try await world.cluster(id))
        #expect(await world.keeper().stop(cluster).now?.phase == .stopped, "\(id)")
        let stopped = try #require(try await world.cluster(id))
        #expect(await world.keeper().start(stopped).now?.phase == .running, "\(id)")
        let change = await world.keeper().delete(cluster)
        #expect(!change.hasFailed && change.now == nil, "\(change.ends)")
        #expect(try await world.clusters().map(\.nodes.count) == others.map(\.nodes.count), "\(id)")
        #expect(try await world.clusters().allSatisfy { $0.phase == .running }, "\(id)")
      }
    }
  }

  @Test("a node that stands still is started")
  func pausedNodes() async throws {
    try await withClusters { world in
      let id = try await world.make("a", by: .kind)
      try await world.connection.client().containers.pause(world.name("a-worker"))
      let paused = try #require(try await world.cluster(id))
      #expect(paused.phase == .degraded && paused.nodes.map(\.state) == [.running, .paused])
      #expect(await world.keeper().start(paused).now?.phase == .running)
    }
  }

  @Test("the API is where its port is published")
  func endpoints() async throws {
    try await withClusters { world in
      let (name, labels) = ClusterMaker.k3d.loadBalancer(of: world.name("a")) ?? ("", [:])
      try await world.start(name, labels) { creation in
        creation.config.exposedPorts = ["6443/tcp": EmptyObject()]
        creation.host.portBindings = ["6443/tcp": [PortBinding(address: "127.0.0.1")]]
      }
      let (plane, planeLabels) = ClusterMaker.k3d.controlPlane(of: world.name("a"))
      try await world.start(plane, planeLabels)
      let cluster = try #require(try await world.clusters().first)
      let endpoint = try #require(cluster.endpoint)
      #expect(endpoint.wholeMatch(of: /https:\/\/127\.0\.0\.1:[0-9]+/) != nil, "\(endpoint)")
      #expect(cluster.nodes.map(\.role) == [.controlPlane, .loadBalancer])
    }
  }

  @Test("a node that the engine gave another address is named", arguments: [ClusterMaker.kind, .talos])
  func movedNodes(_ maker: ClusterMaker) async throws {
    try await withClusters { world in
      let id = try await world.make("a", by: maker, workers: 1)
      let cluster = try #require(try await world.cluster(id))
      let addresses = cluster.nodes.map(\.addresses)
      _ = await world.keeper().stop(cluster)
      // It takes the first address that is free.
      try await world.start(world.name("thief"), in: "\(id.name).\(maker.rawValue)")
      let change = await world.keeper().start(try #require(try await world.cluster(id)))
      #expect(!change.moved.isEmpty && change.remarks == [])
      for node in change.moved { #expect(addresses.contains(node.before) && node.before != node.now) }
      let again = await world.keeper().start(try #require(try await world.cluster(id)))
      #expect(again.isUnchanged && again.moved == [])
    }
  }

  @Test("a network that a stranger's container is in stays, and nothing of the stranger's goes")
  func usedNetworks() async throws {
    try await withClusters { world in
      let id = try await world.make("a", by: .talos)
      try await world.start(world.name("stranger"), in: "\(id.name).talos")
      let change = await world.keeper().delete(try #require(try await world.cluster(id)))
      #expect(change.ends.filter { $0.outcome == .failed }.map(\.item.kind) == ["network"])
      let client = try await world.connection.client()
      #expect(try await client.containers.inspect(world.name("stranger")).state.running)
      let left = try #require(try await world.cluster(id))
      #expect(left.nodes == [] && left.belongings.map(\.kind) == [.network, .volume])
      try await client.containers.remove(world.name("stranger"), force: true)
      #expect(await world.keeper().delete(left).now == nil)
    }
  }

  @Test("a deletion that is broken off is taken up", arguments: 1...5)
  func killedDeletions(effect: Int) async throws {
    try await withClusters { world in
      let id = try await world.make("a", by: .k3d, workers: 2)
      try await world.make("a-b", by: .k3d)
      let crash = CrashSwitch(.init(after: effect))
      _ = await world.keeper(GatedNodes(world.provider, gate: crash)).delete(
        try #require(try await world.cluster(id)))
      #expect(crash.hasTripped)
      if let left = try await world.cluster(id) {
        let change = await world.keeper().delete(left)
        #expect(!change.hasFailed && change.now == nil, "\(change.ends)")
      }
      #expect(try await world.clusters().map(\.id.name) == [world.name("a-b")])
      #expect(try await world.clusters()[0].belongings.count == 2)
    }
  }
}
