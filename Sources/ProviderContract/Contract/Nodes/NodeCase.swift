import ClusterNodes
import ProviderKit

/// One thing that every provider of nodes must do.
public struct NodeCase: Sendable, CustomStringConvertible {
  /// What a provider of nodes does if it keeps to the contract, as a sentence; the name of the test.
  public let name: String
  private let body: @Sendable (NodeScene) async throws -> Void

  init(_ name: String, _ body: @escaping @Sendable (NodeScene) async throws -> Void) {
    self.name = name
    self.body = body
  }

  /// The name, for the output of a test framework.
  public var description: String { name }

  /// Tries it on a provider, and takes away what it made.
  ///
  /// - Throws: ``ContractViolation`` if the provider does otherwise; whatever the provider throws.
  public func run(_ harness: some NodeHarness) async throws {
    do {
      try await body(NodeScene(harness: harness))
    } catch {
      // What went wrong first is what matters, not that tidying up may go wrong after it.
      try? await harness.tidyUp()
      throw error
    }
    try await harness.tidyUp()
  }
}

/// What a case looks at.
struct NodeScene: Sendable {
  let harness: any NodeHarness
  var provider: any NodeProvider { harness.provider }

  /// The nodes of a cluster, or of all, from every page.
  func nodes(of id: ClusterID?) async throws -> [ClusterNode] {
    var nodes: [ClusterNode] = []
    var cursor: String?
    repeat {
      let page = try await provider.nodes(of: id, after: cursor)
      nodes += page.nodes
      cursor = page.next
    } while cursor != nil
    try expect(
      Set(nodes.map(\.id)).count, is: nodes.count, "how many nodes there are on all pages, each once")
    return nodes
  }

  func clusters() async throws -> [Cluster] {
    Cluster.all(of: try await nodes(of: nil), try await provider.belongings(of: nil))
  }

  func cluster(_ id: ClusterID, line: Int = #line) async throws -> Cluster {
    try require(try await clusters().first { $0.id == id }, "the cluster \(id)", line: line)
  }

  func node(_ role: NodeRole, of id: ClusterID, line: Int = #line) async throws -> ClusterNode {
    try require(try await cluster(id).nodes.first { $0.role == role }, "a \(role.rawValue)", line: line)
  }

  /// Looks at a node until something is so, for a time and for some looks: a busy machine may look once a second.
  func wait(
    for node: ClusterNode, _ what: String, line: Int = #line, _ isSo: (ClusterNode?) -> Bool
  ) async throws {
    let end = ContinuousClock.now + harness.timeout
    var looks = 0
    while !isSo(try await provider.node(node)) {
      looks += 1
      guard looks < 50 || ContinuousClock.now < end else {
        throw ContractViolation("expected \(node.name) \(what) after a while", line: line)
      }
      try await Task.sleep(for: .milliseconds(20))
    }
  }
}
