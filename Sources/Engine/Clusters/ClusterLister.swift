import ClusterNodes
import ProviderKit

/// Looks at the clusters of a target.
public struct ClusterLister: Sendable {
  private let reader: any NodeReader

  /// Looks by means of a provider's reading half.
  public init(reader: any NodeReader) { self.reader = reader }

  /// All clusters, in order, those too of which only networks or volumes are left.
  ///
  /// - Throws: `ProviderError` if they can't be asked; `CancellationError`.
  public func clusters() async throws -> [Cluster] { try await clusters(of: nil) }

  /// One cluster as it is now; `nil` if nothing of it is there.
  ///
  /// - Throws: `ProviderError` if it can't be asked; `CancellationError`.
  public func cluster(_ id: ClusterID) async throws -> Cluster? {
    try await clusters(of: id).first { $0.id == id }
  }

  private func clusters(of id: ClusterID?) async throws -> [Cluster] {
    async let belongings = reader.belongings(of: id)
    var whole = NodePage([])
    var cursor: String?
    repeat {
      let page = try await reader.nodes(of: id, after: cursor)
      whole.nodes += page.nodes
      whole.gaps += page.gaps
      // A provider that repeats itself must not keep us here.
      cursor = page.next == cursor ? nil : page.next
    } while cursor != nil
    return Cluster.all(of: whole.nodes, try await belongings, gaps: whole.gaps)
  }
}
