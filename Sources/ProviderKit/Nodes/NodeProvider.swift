import ClusterNodes

/// What keeps the nodes of clusters: a container engine, a cloud. Both halves.
///
/// Asking twice is asking once: a node that runs is not started anew, and what is gone is deleted.
public protocol NodeProvider: NodeReader {
  /// Has a node start, one that stands still too.
  ///
  /// - Returns: whether it was done, or only accepted; see ``NodeAnswer``.
  /// - Throws: ``ActionFailure`` if it can't start; ``ProviderError`` if it can't be asked; `CancellationError`.
  func start(_ node: ClusterNode) async throws -> NodeAnswer

  /// Has a node stop in good order. Nothing but a start starts it again.
  ///
  /// - Returns: whether it was done, or only accepted.
  /// - Throws: ``ActionFailure`` if it can't stop; ``ProviderError`` if it can't be asked; `CancellationError`.
  func stop(_ node: ClusterNode) async throws -> NodeAnswer

  /// Takes a node away, with what was made for it alone and has no name of its own; it need not have stopped. When this
  /// returns it may still be going: look until it is gone.
  ///
  /// - Throws: ``ActionFailure`` if it can't be deleted; ``ProviderError`` if it can't be asked; `CancellationError`.
  func delete(_ node: ClusterNode) async throws

  /// Takes a network or volume away, which no node uses any more.
  ///
  /// - Throws: ``ActionFailure`` if something else uses it; ``ProviderError`` if it can't be asked;
  ///   `CancellationError`.
  func delete(_ belonging: Belonging) async throws

  /// Notes the addresses of a cluster's nodes where the nodes are, in the place of those that were noted before.
  ///
  /// - Parameter addresses: addresses by the ids of nodes; none at all means that nothing is kept of this cluster.
  /// - Throws: ``ActionFailure`` or ``ProviderError`` if they can't be noted.
  func noteAddresses(_ addresses: [String: [String]], of cluster: ClusterID) async throws
}

/// What became of a request by the time that its call returned.
public enum NodeAnswer: Sendable {
  /// The node is as it was asked to be when the call returns.
  case done
  /// It was accepted, and takes its time: the node shows when it is done.
  case accepted
}
