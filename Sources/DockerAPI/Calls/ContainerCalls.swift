import NIOCore

/// Calls that concern containers. Everywhere, `id` is an id or a name.
package struct ContainerCalls: Sendable {
  let client: DockerClient

  // MARK: Reading

  /// The containers, newest first.
  ///
  /// `GET /containers/json`
  ///
  /// - Parameters:
  ///   - all: whether those that do not run are among them.
  ///   - limit: how many at most; `nil` means all.
  ///   - filters: as the API has them: `["label": ["team=shop"], "status": ["exited"]]`.
  package func list(
    all: Bool = true, limit: Int? = nil, filters: [String: [String]] = [:]
  ) async throws -> [ContainerSummary] {
    try await client.read(
      Request(.GET, "containers", "json").with("all", all).with("limit", limit.map { "\($0)" })
        .with(filters: filters))
  }

  /// A container.
  ///
  /// `GET /containers/{id}/json`
  package func inspect(_ id: String) async throws -> Container {
    try await client.call(Request(.GET, "containers", id, "json"))
  }

  /// What a container uses at this moment.
  ///
  /// `GET /containers/{id}/stats?stream=false&one-shot=true`
  package func stats(_ id: String) async throws -> ContainerStats {
    try await client.call(
      Request(.GET, "containers", id, "stats").with("stream", "false").with("one-shot", true))
  }

  /// The processes of a container.
  ///
  /// `GET /containers/{id}/top`
  ///
  /// - Parameter options: for `ps` on the engine's machine; `nil` means `-ef`.
  package func top(_ id: String, options: String? = nil) async throws -> ProcessTable {
    try await client.call(Request(.GET, "containers", id, "top").with("ps_args", options))
  }

  // MARK: Changing

  /// Creates a container. It does not run yet.
  ///
  /// `POST /containers/create`
  ///
  /// - Parameter platform: what the image must be made for (`linux/arm64`); `nil` leaves it to the engine.
  /// - Throws: ``DockerError``; with ``DockerError/isConflict`` if the name is taken, with
  ///   ``DockerError/isNotFound`` if there is no such image.
  @discardableResult
  package func create(
    named name: String, _ container: ContainerCreation, platform: String? = nil
  ) async throws -> CreatedContainer {
    try await client.call(
      Request(.POST, "containers", "create").with("name", name).with("platform", platform)
        .with(json: container))
  }

  /// Starts a container.
  ///
  /// `POST /containers/{id}/start`
  ///
  /// - Returns: whether it did not run before.
  @discardableResult
  package func start(_ id: String) async throws -> Bool {
    try await client.call(Request(.POST, "containers", id, "start")).changed
  }

  /// Asks a container to stop, and kills it if it takes too long. It returns when the container has ended.
  ///
  /// `POST /containers/{id}/stop`
  ///
  /// - Parameter grace: how long it may take, in seconds; `nil` means as long as it was created to.
  /// - Returns: whether it ran before.
  @discardableResult
  package func stop(_ id: String, grace: Int? = nil) async throws -> Bool {
    try await client.call(
      Request(.POST, "containers", id, "stop").with("t", grace.map { "\($0)" }).waiting(grace)
    ).changed
  }

  /// Stops a container as ``stop(_:grace:)`` does, and starts it again.
  ///
  /// `POST /containers/{id}/restart`
  package func restart(_ id: String, grace: Int? = nil) async throws {
    try await client.call(
      Request(.POST, "containers", id, "restart").with("t", grace.map { "\($0)" }).waiting(grace))
  }

  /// Has a container that runs stand still.
  ///
  /// `POST /containers/{id}/pause`
  ///
  /// - Throws: ``DockerError``; with ``DockerError/isConflict`` if it does not run.
  package func pause(_ id: String) async throws {
    try await client.call(Request(.POST, "containers", id, "pause"))
  }

  /// Lets a container go on that stands still.
  ///
  /// `POST /containers/{id}/unpause`
  ///
  /// - Throws: ``DockerError``; with ``DockerError/isConflict`` if it does not stand still.
  package func unpause(_ id: String) async throws {
    try await client.call(Request(.POST, "containers", id, "unpause"))
  }

  /// Sends a signal to a container that runs.
  ///
  /// `POST /containers/{id}/kill`
  ///
  /// - Throws: ``DockerError``; with ``DockerError/isConflict`` if it does not run.
  package func kill(_ id: String, signal: String = "SIGKILL") async throws {
    try await client.call(Request(.POST, "containers", id, "kill").with("signal", signal))
  }

  /// Removes a container.
  ///
  /// `DELETE /containers/{id}`
  ///
  /// - Parameters:
  ///   - force: whether to kill it if it runs.
  ///   - volumes: whether to remove the volumes without a name that were made for it.
  package func remove(_ id: String, force: Bool = false, volumes: Bool = false) async throws {
    try await client.call(Request(.DELETE, "containers", id).with("force", force).with("v", volumes))
  }

  /// Changes limits and the restart policy of a container while it runs.
  ///
  /// `POST /containers/{id}/update`
  ///
  /// - Returns: what the engine warns of.
  @discardableResult
  package func update(_ id: String, _ update: ContainerUpdate) async throws -> [String] {
    struct Updated: Decodable { let Warnings: [String]? }
    return try await client.call(
      Request(.POST, "containers", id, "update").with(json: update), as: Updated.self
    ).Warnings ?? []
  }

  /// Gives a container another name.
  ///
  /// `POST /containers/{id}/rename`
  ///
  /// - Throws: ``DockerError``; with ``DockerError/isConflict`` if the name is taken.
  package func rename(_ id: String, to name: String) async throws {
    try await client.call(Request(.POST, "containers", id, "rename").with("name", name))
  }

  // MARK: Waiting

  /// Begins to wait for a container to end. The engine watches from when this returns: begin before starting
  /// a container whose end must not be missed.
  ///
  /// `POST /containers/{id}/wait`
  package func wait(_ id: String, until condition: WaitCondition = .notRunning) async throws -> PendingExit {
    let request = Request(.POST, "containers", id, "wait").with("condition", condition.rawValue)
    return PendingExit(answer: JSONLines(bytes: try await client.stream(request)))
  }
}

/// The states of a container that the engine can wait for.
package enum WaitCondition: String, Sendable {
  /// It does not run; it need not have been started.
  case notRunning = "not-running"
  /// It ends the next time.
  case nextExit = "next-exit"
  case removed
}

/// The end of a container that is waited for.
package struct PendingExit: Sendable {
  fileprivate let answer: JSONLines<Exit>

  fileprivate struct Exit: Decodable, Sendable {
    struct Failure: Decodable { let Message: String? }

    let StatusCode: Int
    let Error: Failure?
  }

  /// Waits for the end. To be asked once.
  ///
  /// - Returns: how the container ended.
  /// - Throws: ``DockerError`` if the engine can't tell, or the connection breaks; `CancellationError`.
  package func exitCode() async throws -> Int {
    for try await exit in answer {
      if let reason = exit.Error?.Message, !reason.isEmpty { throw DockerError(reason) }
      return exit.StatusCode
    }
    throw DockerError("the engine did not say how the container ended")
  }
}

extension Answer {
  /// Whether what was asked for was not so already.
  fileprivate var changed: Bool { status != 304 }
}

extension Request {
  /// The request with time for a container to stop.
  fileprivate func waiting(_ grace: Int?) -> Request {
    // What the container was created with is not known here.
    within(grace.map { Self.patience + .seconds(max(0, $0)) })
  }
}
