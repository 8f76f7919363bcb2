import ClusterNodes
import ProviderKit

/// What every provider of nodes must do, in cases that a test runs one by one.
///
/// With Swift Testing, for a provider whose harness is `MyHarness`:
///
///     @Test(arguments: NodeContract.cases)
///     func passesTheContract(_ contract: NodeCase) async throws { try await contract.run(MyHarness()) }
public enum NodeContract {
  /// The cases; one harness may serve them all, one after the other.
  public static let cases: [NodeCase] = lookingCases + changingCases + deletingCases + noteCases

  // MARK: Looking

  private static let lookingCases: [NodeCase] = [
    NodeCase("the nodes of a cluster are told, each with its role and state") { scene in
      let id = try await scene.harness.make("a", workers: 2)
      let cluster = try await scene.cluster(id)
      try expect(cluster.nodes.map(\.role), is: [.controlPlane, .worker, .worker], "the roles")
      try expect(cluster.phase, is: .running, "the phase")
      try expect(cluster.total, is: 3, "how many nodes there are")
      try expect(cluster.ready, is: 3, "how many nodes are ready")
      try expect(cluster.nodes.allSatisfy { !$0.rawRole.isEmpty && !$0.rawState.isEmpty }, "raw words")
      try expect(Set(cluster.nodes.map(\.id)).count, is: 3, "the different ids")
    },
    NodeCase("clusters whose names are parts of others' are told apart") { scene in
      let ids = [
        try await scene.harness.make("a", workers: 1), try await scene.harness.make("a-b", workers: 2),
        try await scene.harness.make("b", workers: 0),
      ]
      let counts = try await scene.clusters().filter { ids.contains($0.id) }
      try expect(counts.map(\.id), is: ids.sorted(), "the clusters")
      for (id, count) in zip(ids, [2, 3, 1]) {
        try expect(try await scene.cluster(id).nodes.count, is: count, "the nodes of \(id)")
        let alone = try await scene.nodes(of: id)
        try expect(alone.allSatisfy { $0.cluster == id } && alone.count == count, "\(id) asked for alone")
      }
    },
    NodeCase("what is not there is an answer, and what can't be asked is an error") { scene in
      let nothing = ClusterID(scheme: "kind", name: "contract-nothing")
      try expect(try await scene.nodes(of: nothing), is: [], "the nodes of a cluster that is not there")
      try expect(try await scene.provider.belongings(of: nothing), is: [], "what belongs to it")
      try expect(try await scene.provider.notedAddresses(of: nothing), is: [:], "its addresses")
      let silent = scene.harness.unreachable
      try await expectError(ProviderError.self, "connecting") { try await silent.connect() }
      try await expectError(ProviderError.self, "asking for nodes") {
        try await silent.nodes(of: nil, after: nil)
      }
      try await expectError(ProviderError.self, "asking for belongings") {
        try await silent.belongings(of: nil)
      }
      try await expectError(ProviderError.self, "asking for addresses") {
        try await silent.notedAddresses(of: nothing)
      }
      let id = try await scene.harness.make("a", workers: 0)
      let node = try await scene.cluster(id).nodes[0]
      try await expectError(ProviderError.self, "asking for a node") { try await silent.node(node) }
      try await expectError(ProviderError.self, "stopping a node") { try await silent.stop(node) }
      try await expectError(ProviderError.self, "deleting a node") { try await silent.delete(node) }
    },
  ]

  // MARK: Starting and stopping

  private static let changingCases: [NodeCase] = [
    NodeCase("a node stops and starts, and the others go on") { scene in
      let id = try await scene.harness.make("a", workers: 1)
      let other = try await scene.harness.make("a-b", workers: 0)
      let worker = try await scene.node(.worker, of: id)
      _ = try await scene.provider.stop(worker)
      try await scene.wait(for: worker, "to have stopped") { $0?.state == .stopped }
      try expect(try await scene.node(.worker, of: id).addresses, is: [], "the addresses of what is stopped")
      try expect(try await scene.cluster(id).phase, is: .degraded, "the phase")
      try expect(try await scene.cluster(other).phase, is: .running, "the phase of the other")
      _ = try await scene.provider.start(worker)
      try await scene.wait(for: worker, "to run") { $0?.state == .running }
      try expect(try await scene.node(.worker, of: id).id, is: worker.id, "its id")
      try expect(try await scene.cluster(id).phase, is: .running, "the phase")
    },
    NodeCase("starting and stopping twice is doing it once") { scene in
      let id = try await scene.harness.make("a", workers: 0)
      let node = try await scene.node(.controlPlane, of: id)
      _ = try await scene.provider.start(node)
      try await scene.wait(for: node, "to run") { $0?.state == .running }
      for _ in 1...2 {
        _ = try await scene.provider.stop(node)
        try await scene.wait(for: node, "to have stopped") { $0?.state == .stopped }
      }
    },
    NodeCase("what is gone can't be started or stopped, and the engine is no worse for it") { scene in
      let id = try await scene.harness.make("a", workers: 1)
      let worker = try await scene.node(.worker, of: id)
      try await scene.provider.delete(worker)
      try await scene.wait(for: worker, "to be gone") { $0 == nil }
      try await expectError(ActionFailure.self, "starting what is gone") {
        try await scene.provider.start(worker)
      }
      try await expectError(ActionFailure.self, "stopping what is gone") {
        try await scene.provider.stop(worker)
      }
    },
  ]

  // MARK: Deleting

  private static let deletingCases: [NodeCase] = [
    NodeCase("a cluster is deleted piece by piece, twice, and nothing of others goes") { scene in
      let id = try await scene.harness.make("a", workers: 1)
      let other = try await scene.harness.make("a-b", workers: 1)
      let before = try await scene.cluster(other)
      let cluster = try await scene.cluster(id)
      try expect(cluster.belongings.isEmpty, is: !scene.harness.hasBelongings, "that nothing belongs to it")
      for _ in 1...2 {
        for node in cluster.nodes.reversed() {
          try await scene.provider.delete(node)
          try await scene.wait(for: node, "to be gone") { $0 == nil }
        }
      }
      let left = try await scene.clusters().first { $0.id == id }
      try expect(left?.nodes ?? [], is: [], "the nodes that are left")
      try expect(left?.belongings ?? [], is: cluster.belongings, "what is left without its nodes")
      for _ in 1...2 { for belonging in cluster.belongings { try await scene.provider.delete(belonging) } }
      try expect(try await scene.clusters().contains { $0.id == id }, is: false, "that something is left")
      // What a provider says of a state may hold how long it has lasted.
      let after = try await scene.cluster(other)
      try expect(after.nodes.map(\.id), is: before.nodes.map(\.id), "the nodes of the other cluster")
      try expect(after.belongings, is: before.belongings, "what belongs to the other cluster")
      try expect(after.phase, is: .running, "the phase of the other cluster")
    },
    NodeCase("a network or volume that is used is not deleted") { scene in
      let id = try await scene.harness.make("a", workers: 0)
      for belonging in try await scene.cluster(id).belongings {
        try await expectError(ActionFailure.self, "deleting the \(belonging.kind) of a node that runs") {
          try await scene.provider.delete(belonging)
        }
      }
      try expect(try await scene.cluster(id).phase, is: .running, "the phase")
    },
  ]

  // MARK: Addresses

  private static let noteCases: [NodeCase] = [
    NodeCase("addresses are noted, noted anew and forgotten, each cluster's by itself") { scene in
      let ids = [
        try await scene.harness.make("a", workers: 0), try await scene.harness.make("a-b", workers: 0),
      ]
      let nodes = try await [scene.node(.controlPlane, of: ids[0]), scene.node(.controlPlane, of: ids[1])]
      for (id, node) in zip(ids, nodes) {
        try await scene.provider.noteAddresses([node.id: ["10.0.0.1"]], of: id)
      }
      try await scene.provider.noteAddresses([nodes[0].id: ["10.0.0.2", "fd00::2"]], of: ids[0])
      func noted(_ index: Int) async throws -> [String: [String]] {
        try await scene.provider.notedAddresses(of: ids[index])
      }
      try expect(try await noted(0), is: [nodes[0].id: ["10.0.0.2", "fd00::2"]], "what was noted last")
      try expect(try await noted(1), is: [nodes[1].id: ["10.0.0.1"]], "what was noted of the other")
      try await scene.provider.noteAddresses([:], of: ids[0])
      try expect(try await noted(0), is: [:], "what is left of what was forgotten")
      try expect(try await noted(1), is: [nodes[1].id: ["10.0.0.1"]], "what is left of the other")
      try await scene.provider.noteAddresses([:], of: ids[1])
      try expect(
        try await scene.cluster(ids[0]).belongings.count, is: scene.harness.hasBelongings ? 2 : 0,
        "what belongs to the cluster")
    }
  ]
}
