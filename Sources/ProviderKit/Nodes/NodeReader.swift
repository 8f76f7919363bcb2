import ClusterNodes

/// The half of a node provider that looks and never touches.
///
/// `berth cluster list`, `status` and `nodes` are handed only this. That something is not there is an answer; that it
/// can't be asked is an error, and never looks like an answer.
public protocol NodeReader: Sendable {
  /// Makes sure that what keeps the nodes answers.
  ///
  /// - Throws: ``ProviderError`` if it can't be reached.
  func connect() async throws

  /// Nodes, a page at a time.
  ///
  /// - Parameters:
  ///   - cluster: the cluster whose nodes are asked for; `nil` means those of all clusters.
  ///   - cursor: where to go on, as the page before said; `nil` for the first page.
  /// - Throws: ``ProviderError`` if nothing can be said at all.
  func nodes(of cluster: ClusterID?, after cursor: String?) async throws -> NodePage

  /// A node as it is now.
  ///
  /// - Parameter node: the node as it was.
  /// - Returns: `nil` if it is gone.
  /// - Throws: ``ProviderError`` if it can't be asked.
  func node(_ node: ClusterNode) async throws -> ClusterNode?

  /// What carries the labels of a cluster and is no node.
  ///
  /// - Parameter cluster: the cluster; `nil` means all clusters.
  /// - Throws: ``ProviderError`` if it can't be asked.
  func belongings(of cluster: ClusterID?) async throws -> [Belonging]

  /// The addresses that were noted last, by the ids of nodes.
  ///
  /// - Throws: ``ProviderError`` if they can't be asked.
  func notedAddresses(of cluster: ClusterID) async throws -> [String: [String]]
}

/// Some of the nodes that there are.
public struct NodePage: Sendable {
  /// The nodes, in any order.
  public var nodes: [ClusterNode]
  /// Where the next page begins; `nil` if this is the last one.
  public var next: String?
  /// What could not be asked, so that nodes may be missing: a region that is down.
  public var gaps: [String]

  public init(_ nodes: [ClusterNode], next: String? = nil, gaps: [String] = []) {
    self.nodes = nodes
    self.next = next
    self.gaps = gaps
  }
}
