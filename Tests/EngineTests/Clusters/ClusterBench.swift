import ClusterNodes
import Engine
import ProviderContract
import ProviderKit
import Synchronization

/// A cluster in memory among others whose names are parts of its own, and what keeps it.
struct ClusterBench {
  let nodes = SimulatedNodes()
  let id = ClusterID(scheme: "kind", name: "dev")
  /// Those that nothing may happen to.
  let others = [ClusterID(scheme: "kind", name: "dev-2"), ClusterID(scheme: "k3d", name: "dev")]

  init() {
    nodes.meddle { [id, others] world in
      for name in ["p1", "p2"] { world.add(name, .controlPlane, to: id) }
      for name in ["w1", "w2", "w3"] { world.add(name, to: id) }
      world.add("lb", .loadBalancer, to: id)
      world.add(.network, "net", to: id)
      world.add(.volume, "vol1", to: id)
      world.add(.volume, "vol2", to: id)
      for other in others {
        world.add("\(other)-p", .controlPlane, to: other)
        world.add(.network, "\(other)-net", to: other)
      }
    }
  }

  /// Has all nodes stopped, as they are after a while.
  func stopAll() {
    nodes.meddle { [id] world in
      for (key, node) in world.nodes where node.cluster == id {
        world.nodes[key]?.state = .stopped
        world.nodes[key]?.addresses = []
      }
    }
  }

  func keeper(
    parallelism: Int = 20, limit: Duration = .seconds(120), gate: (any CallGate)? = nil,
    stop: StopRequest = StopRequest()
  ) -> ClusterKeeper {
    var options = ClusterKeeper.Options()
    options.parallelism = parallelism
    options.limit = limit
    options.settling = .zero
    options.interval = .milliseconds(1)
    let provider: any NodeProvider = gate.map { GatedNodes(nodes, gate: $0) } ?? nodes
    return ClusterKeeper(provider: provider, options: options, stop: stop)
  }

  func cluster() async throws -> Cluster? { try await ClusterLister(reader: nodes).cluster(id) }

  /// Does one of the operations, if there is a cluster.
  func perform(_ operation: ClusterOperation, by keeper: ClusterKeeper) async throws -> ClusterChange? {
    guard let cluster = try await cluster() else { return nil }
    switch operation {
    case .start: return await keeper.start(cluster)
    case .stop: return await keeper.stop(cluster)
    case .delete: return await keeper.delete(cluster)
    }
  }

  /// What is there of the others, in a form that can be compared.
  func othersState() -> [String] {
    let world = nodes.world
    return
      (world.nodes.values.filter { others.contains($0.cluster) }.map { "\($0.name) \($0.state)" }
      + world.belongings.values.filter { others.contains($0.cluster) }.map(\.name)).sorted()
  }
}

/// What happened, in order.
final class ClusterEventLog: Sendable {
  private let lines = Mutex<[String]>([])

  /// `+ name` where something began, `- name` where it ended.
  var all: [String] { lines.withLock { $0 } }

  func note(_ event: ClusterEvent) {
    let line =
      switch event {
      case .begun(let item): "+ \(item.name)"
      case .ended(let end): "- \(end.item.name)"
      }
    lines.withLock { $0.append(line) }
  }

  /// Whether everything of the first kind ended before anything of the second began.
  func isOver(_ first: [String], before second: [String]) -> Bool {
    let lines = all
    let end = first.compactMap { lines.firstIndex(of: "- \($0)") }.max() ?? Int.max
    let begin = second.compactMap { lines.firstIndex(of: "+ \($0)") }.min() ?? -1
    return end < begin
  }
}
