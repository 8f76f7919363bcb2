/// Something of a cluster that an operation changes.
public struct ClusterItem: Sendable, Hashable {
  /// `node`, or the kind of a ``Belonging``.
  public let kind: String
  /// The name of the node, network or volume on its engine.
  public let name: String

  public init(_ node: ClusterNode) { (kind, name) = ("node", node.name) }

  /// A network or volume.
  public init(_ belonging: Belonging) { (kind, name) = (belonging.kind.rawValue, belonging.name) }
}

/// What became of it.
public struct ItemEnd: Sendable, Hashable {
  /// How it ended.
  public enum Outcome: String, Sendable {
    /// It was as wanted already.
    case unchanged
    /// It was done.
    case succeeded
    /// It could not be done.
    case failed
    /// Its turn did not come.
    case notTried = "not-tried"
  }

  /// The node, network or volume whose turn it was.
  public let item: ClusterItem
  /// How it ended.
  public let outcome: Outcome
  /// Why it failed, in one line.
  public let message: String?
  /// How long it took.
  public let duration: Duration

  public init(_ item: ClusterItem, _ outcome: Outcome, message: String? = nil, duration: Duration = .zero) {
    self.item = item
    self.outcome = outcome
    self.message = message
    self.duration = duration
  }
}
