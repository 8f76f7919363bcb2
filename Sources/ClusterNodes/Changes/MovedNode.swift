/// A node that has other addresses than when it ran last.
public struct MovedNode: Sendable, Hashable {
  /// Its name.
  public let node: String
  /// The addresses that it had.
  public let before: [String]
  /// The addresses that it has.
  public let now: [String]

  /// A node that moved.
  public init(node: String, before: [String], now: [String]) {
    self.node = node
    self.before = before
    self.now = now
  }

  /// The nodes whose addresses differ from those that were noted; what has none or was not noted has not moved.
  ///
  /// - Parameter notes: addresses by the ids of nodes.
  public static func among(_ nodes: [ClusterNode], noted notes: [String: [String]]) -> [MovedNode] {
    nodes.compactMap { node in
      guard let before = notes[node.id], !before.isEmpty, !node.addresses.isEmpty, before != node.addresses
      else { return nil }
      return MovedNode(node: node.name, before: before, now: node.addresses)
    }
  }
}
