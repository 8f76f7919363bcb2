import ClusterNodes
import ProviderKit

/// A provider of nodes that is reached through a ``CallGate``.
public struct GatedNodes: NodeProvider {
  private let base: any NodeProvider
  private let gate: any CallGate

  /// Puts a gate before a provider.
  public init(_ base: any NodeProvider, gate: any CallGate) {
    self.base = base
    self.gate = gate
  }

  /// Asks the provider.
  public func connect() async throws { try await gate.read { try await base.connect() } }
  /// Asks the provider.
  public func nodes(of cluster: ClusterID?, after cursor: String?) async throws -> NodePage {
    try await gate.read { try await base.nodes(of: cluster, after: cursor) }
  }
  /// Asks the provider.
  public func node(_ node: ClusterNode) async throws -> ClusterNode? {
    try await gate.read { try await base.node(node) }
  }
  /// Asks the provider.
  public func belongings(of cluster: ClusterID?) async throws -> [Belonging] {
    try await gate.read { try await base.belongings(of: cluster) }
  }
  /// Asks the provider.
  public func notedAddresses(of cluster: ClusterID) async throws -> [String: [String]] {
    try await gate.read { try await base.notedAddresses(of: cluster) }
  }
  /// Has the provider do it.
  public func start(_ node: ClusterNode) async throws -> NodeAnswer {
    try await gate.effect { try await base.start(node) }
  }
  /// Has the provider do it.
  public func stop(_ node: ClusterNode) async throws -> NodeAnswer {
    try await gate.effect { try await base.stop(node) }
  }
  /// Has the provider do it.
  public func delete(_ node: ClusterNode) async throws {
    try await gate.effect { try await base.delete(node) }
  }
  /// Has the provider do it.
  public func delete(_ belonging: Belonging) async throws {
    try await gate.effect { try await base.delete(belonging) }
  }
  /// Has the provider do it.
  public func noteAddresses(_ addresses: [String: [String]], of cluster: ClusterID) async throws {
    try await gate.effect { try await base.noteAddresses(addresses, of: cluster) }
  }
}
