/// Calls that concern an engine as a whole.
package struct SystemCalls: Sendable {
  let client: DockerClient

  /// Whether the engine answers.
  ///
  /// `HEAD /_ping`
  ///
  /// - Throws: ``DockerError`` if it does not in time; see ``DockerEndpoint/patience``.
  package func ping() async throws {
    try await client.call(Request(.HEAD, "_ping").within(client.endpoint.patience))
  }

  /// What the engine is.
  ///
  /// `GET /version`
  package func version() async throws -> EngineVersion { try await client.call(Request(.GET, "version")) }

  /// What the engine has, and how it is set up.
  ///
  /// `GET /info`
  ///
  /// - Throws: ``DockerError``, also if it does not answer in time; see ``DockerEndpoint/patience``.
  package func info() async throws -> EngineInfo {
    try await client.call(Request(.GET, "info").within(client.endpoint.patience))
  }

  /// What happens on the engine from now on, or from an earlier moment on. It goes on until its task is cancelled,
  /// unless an end is given.
  ///
  /// `GET /events`
  ///
  /// - Parameter filters: as the API has them: `["type": ["container"], "label": ["team=shop"]]`.
  package func events(
    since: EngineTime? = nil, until: EngineTime? = nil, filters: [String: [String]] = [:]
  ) async throws -> JSONLines<EngineEvent> {
    let request = Request(.GET, "events").with("since", since?.description).with("until", until?.description)
      .with(filters: filters)
    return JSONLines(bytes: try await client.stream(request))
  }
}
