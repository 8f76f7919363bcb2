/// What became of an operation on a cluster.
public struct ClusterChange: Sendable {
  /// What was to be done.
  public var operation: ClusterOperation
  /// The cluster as the operation found it.
  public var before: Cluster
  /// The cluster as it is now; `nil` if it is gone, or could not be asked.
  public var now: Cluster?
  /// What became of each node, network and volume, in the order of their turns.
  public var ends: [ItemEnd]
  /// The nodes that have other addresses than when they ran last, where that matters.
  public var moved: [MovedNode]
  /// What went wrong besides, in one line each: the change is done, and something that follows it is not.
  public var remarks: [String]

  /// A change of which nothing more is known.
  public init(_ operation: ClusterOperation, of cluster: Cluster) {
    self.operation = operation
    before = cluster
    ends = []
    moved = []
    remarks = []
  }

  /// Whether something could not be done.
  public var hasFailed: Bool { ends.contains { $0.outcome == .failed } }

  /// Whether everything was as wanted already.
  public var isUnchanged: Bool { ends.allSatisfy { $0.outcome == .unchanged } }

  /// What was not begun, because what came before it failed, or because it was interrupted.
  public var notTried: [ClusterItem] { ends.filter { $0.outcome == .notTried }.map(\.item) }
}
