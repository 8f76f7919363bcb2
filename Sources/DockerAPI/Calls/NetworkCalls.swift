/// Calls that concern networks.
package struct NetworkCalls: Sendable {
  let client: DockerClient

  /// The networks, without the containers in them.
  ///
  /// `GET /networks`
  ///
  /// - Parameter filters: as the API has them: `["label": ["team=shop"]]`.
  package func list(filters: [String: [String]] = [:]) async throws -> [Network] {
    try await client.read(Request(.GET, "networks").with(filters: filters))
  }

  /// A network, with the containers in it.
  ///
  /// `GET /networks/{id}`
  ///
  /// - Parameter id: its id or name.
  package func inspect(_ id: String) async throws -> Network {
    try await client.read(Request(.GET, "networks", id))
  }

  /// Creates a network.
  ///
  /// `POST /networks/create`
  ///
  /// - Returns: its id.
  /// - Throws: ``DockerError``; with ``DockerError/isConflict`` if there is one of that name.
  @discardableResult
  package func create(_ network: NetworkCreation) async throws -> String {
    struct Created: Decodable { let Id: String }
    return try await client.call(Request(.POST, "networks", "create").with(json: network), as: Created.self)
      .Id
  }

  /// Removes a network, which no container may be in.
  ///
  /// `DELETE /networks/{id}`
  ///
  /// - Parameters:
  ///   - id: its id or name.
  ///   - patience: how long it is tried while the engine says that a container is in it: engines lag behind what they have
  ///     removed.
  /// - Throws: ``DockerError``; with ``DockerError/isForbidden`` if a container is in it.
  package func remove(_ id: String, patience: Duration = .zero) async throws {
    let end = ContinuousClock.now + patience
    while true {
      do {
        try await client.call(Request(.DELETE, "networks", id))
        return
      } catch let error as DockerError where error.isForbidden && ContinuousClock.now < end {
        try await Task.sleep(for: .milliseconds(100))
      }
    }
  }

  /// Has a container join a network.
  ///
  /// `POST /networks/{id}/connect`
  ///
  /// - Parameters:
  ///   - id: the id or name of the network.
  ///   - container: the id or name of the container.
  ///   - endpoint: as what it joins.
  package func connect(
    _ id: String, container: String, as endpoint: EndpointConfig = EndpointConfig()
  ) async throws {
    struct Body: Encodable {
      let Container: String
      let EndpointConfig: EndpointConfig
    }
    let body = Body(Container: container, EndpointConfig: endpoint)
    try await client.call(Request(.POST, "networks", id, "connect").with(json: body))
  }

  /// Has a container leave a network.
  ///
  /// `POST /networks/{id}/disconnect`
  ///
  /// - Parameters:
  ///   - id: the id or name of the network.
  ///   - container: the id or name of the container.
  ///   - force: whether to do so even if the container is gone.
  package func disconnect(_ id: String, container: String, force: Bool = false) async throws {
    struct Body: Encodable {
      let Container: String
      let Force: Bool
    }
    let body = Body(Container: container, Force: force)
    try await client.call(Request(.POST, "networks", id, "disconnect").with(json: body))
  }
}
