/// Calls that concern volumes.
package struct VolumeCalls: Sendable {
  let client: DockerClient

  /// The volumes.
  ///
  /// `GET /volumes`
  ///
  /// - Parameter filters: as the API has them: `["label": ["team=shop"], "dangling": ["true"]]`.
  package func list(filters: [String: [String]] = [:]) async throws -> [Volume] {
    struct List: Decodable { let Volumes: [Volume]? }
    return try await client.read(Request(.GET, "volumes").with(filters: filters), as: List.self).Volumes ?? []
  }

  /// A volume.
  ///
  /// `GET /volumes/{name}`
  package func inspect(_ name: String) async throws -> Volume {
    try await client.call(Request(.GET, "volumes", name))
  }

  /// Creates a volume. If there is one of that name and driver, it is left as it is: look at the labels of what is
  /// returned.
  ///
  /// `POST /volumes/create`
  ///
  /// - Returns: the volume, as it is now.
  @discardableResult
  package func create(_ volume: VolumeCreation) async throws -> Volume {
    try await client.call(Request(.POST, "volumes", "create").with(json: volume))
  }

  /// Removes a volume, and all that it holds. No container may use it.
  ///
  /// `DELETE /volumes/{name}`
  ///
  /// - Parameter force: whether to do so even if its driver does not answer; a missing one is then no error.
  package func remove(_ name: String, force: Bool = false) async throws {
    try await client.call(Request(.DELETE, "volumes", name).with("force", force))
  }
}
