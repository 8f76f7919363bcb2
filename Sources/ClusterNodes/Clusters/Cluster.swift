/// A cluster: its nodes, and what else carries its labels.
public struct Cluster: Sendable, Hashable {
  /// What tells it apart.
  public let id: ClusterID
  /// Its nodes, in order.
  public let nodes: [ClusterNode]
  /// Its networks and volumes, in order.
  public let belongings: [Belonging]
  /// What could not be asked, so that nodes may be missing here; empty if all are there.
  public let gaps: [String]

  public init(id: ClusterID, nodes: [ClusterNode], belongings: [Belonging] = [], gaps: [String] = []) {
    self.id = id
    self.nodes = nodes.sorted()
    self.belongings = belongings.sorted()
    self.gaps = gaps
  }

  /// The clusters that nodes and belongings are parts of, in order.
  ///
  /// - Parameter gaps: what could not be asked.
  public static func all(
    of nodes: [ClusterNode], _ belongings: [Belonging] = [], gaps: [String] = []
  ) -> [Cluster] {
    let nodes = Dictionary(grouping: nodes, by: \.cluster)
    let belongings = Dictionary(grouping: belongings, by: \.cluster)
    return Set(nodes.keys).union(belongings.keys).sorted().map { id in
      Cluster(id: id, nodes: nodes[id] ?? [], belongings: belongings[id] ?? [], gaps: gaps)
    }
  }

  /// How many nodes it has; `nil` if that is not known.
  public var total: Int? { gaps.isEmpty ? nodes.count : nil }

  /// How many of them are ready; `nil` if that is not known.
  public var ready: Int? { isKnown ? nodes.count { $0.state.isReady } : nil }

  /// How it is as a whole.
  public var phase: ClusterPhase {
    if !isKnown { return .unknown }
    if nodes.isEmpty { return .degraded }
    if nodes.allSatisfy(\.state.isReady) { return .running }
    return nodes.allSatisfy(\.state.isDown) ? .stopped : .degraded
  }

  /// Where its API is served: by a load balancer before a control plane, by what is ready before what is not.
  public var endpoint: String? {
    nodes.filter { $0.endpoint != nil }.min { left, right in
      (left.state.isReady ? 0 : 1, left.role == .loadBalancer ? 0 : 1)
        < (right.state.isReady ? 0 : 1, right.role == .loadBalancer ? 0 : 1)
    }?.endpoint
  }

  private var isKnown: Bool { gaps.isEmpty && !nodes.contains { $0.state == .unknown } }
}
