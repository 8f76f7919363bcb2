/// The order in which the nodes of a cluster are changed.
public enum NodeOrder {
  /// Nodes in groups, each of which starts when the one before it runs: control planes first.
  public static func starting(_ nodes: [ClusterNode]) -> [[ClusterNode]] {
    Dictionary(grouping: nodes) { Step(isLater: $0.role != .controlPlane, rank: $0.rank) }
      .sorted { $0.key < $1.key }.map { $0.value.sorted() }
  }

  /// Nodes in groups, each of which stops when the one before it has stopped: control planes last.
  public static func stopping(_ nodes: [ClusterNode]) -> [[ClusterNode]] { starting(nodes).reversed() }

  private struct Step: Hashable, Comparable {
    let isLater: Bool
    let rank: Int

    static func < (left: Step, right: Step) -> Bool {
      left.isLater == right.isLater ? left.rank < right.rank : right.isLater
    }
  }
}
