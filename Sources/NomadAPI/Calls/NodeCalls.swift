import Wire

/// Calls that concern nodes. A token needs `node:read`.
package struct NodeCalls: Sendable {
  let requester: Requester

  /// The nodes.
  ///
  /// `GET /v1/nodes`, page by page. Asked again after a loss.
  ///
  /// - Parameter prefix: with what their IDs begin: an even number of hexadecimal digits.
  package func list(prefix: String = "", _ query: Query = Query()) async throws -> Indexed<[NodeStub]> {
    let request = Request(.GET, ["v1", "nodes"]).with("prefix", prefix)
    return try await requester.pages(request, query) { NodeStub($0) }
  }

  /// A node; `nil` if there is none.
  ///
  /// `GET /v1/node/{id}`. Asked again after a loss.
  package func read(_ id: String, _ query: Query = Query()) async throws -> Indexed<Node?> {
    let request = try Request.of(.GET, ["v1", "node"], id, "the node")
    return try await requester.find(request, query) { Node($0) }
  }

  /// The data centres that nodes are in, also nodes that are down.
  package func datacenters() async throws -> [String] {
    Set(try await list().value.map(\.datacenter)).sorted()
  }
}
