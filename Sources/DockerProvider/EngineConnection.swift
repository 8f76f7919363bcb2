import DockerAPI
import Planning
import ProviderKit

/// The connection to an engine, which is made when it is needed first, and kept.
actor EngineConnection {
  /// How the engine's address is found: said outright, or by the habits of the docker client.
  nonisolated let endpoint: @Sendable () throws -> DockerEndpoint
  private var connecting: Task<DockerClient, any Error>?
  private var looking: Task<EngineInfo, any Error>?

  /// A connection that is not made yet.
  init(endpoint: @escaping @Sendable () throws -> DockerEndpoint) { self.endpoint = endpoint }

  /// The client.
  ///
  /// - Throws: `DockerError` if the engine can't be reached; the next call tries again.
  func client() async throws -> DockerClient {
    if let connecting { return try await connecting.value }
    let task = Task { [endpoint] in try await DockerClient.connect(to: endpoint()) }
    connecting = task
    do {
      return try await task.value
    } catch {
      connecting = nil
      throw error
    }
  }

  /// What the engine has, and how it is set up; asked once.
  func info() async throws -> EngineInfo {
    if let looking { return try await looking.value }
    let client = try await client()
    if let looking { return try await looking.value }
    let task = Task { try await client.system.info() }
    looking = task
    do {
      return try await task.value
    } catch {
      looking = nil
      throw error
    }
  }

  /// What decides what becomes of fields.
  func facts() async throws -> EngineFacts {
    let info = try await info()
    return EngineFacts(
      version: info.version ?? "unknown",
      cpuObstacle: info.limitsCPU == false ? "this engine can't limit processor time" : nil,
      memoryObstacle: info.limitsMemory == false ? "this engine can't limit memory" : nil,
      obstacles: Self.obstacles(info, try await client().version))
  }

  /// Why fields can't be had on an engine, by their path in a service.
  private static func obstacles(_ info: EngineInfo, _ version: APIVersion) -> [String: String] {
    var obstacles: [String: String] = [:]
    if version < APIVersion(major: 1, minor: 44) {
      obstacles["healthCheck.startInterval"] =
        "this engine has no interval of its own for the start; Docker 25 has one"
    }
    if version < APIVersion(major: 1, minor: 45) {
      obstacles["volumes.subPath"] = "this engine mounts volumes as a whole"
    }
    if info.limitsProcesses == false { obstacles["resources.pids"] = "this engine can't limit processes" }
    if info.limitsProcessors == false {
      obstacles["resources.cpuset"] = "this engine can't keep containers to some processors"
    }
    return obstacles
  }

  func identity() async throws -> EngineIdentity {
    EngineIdentity(provider: DockerProvider.name, id: try await info().id)
  }
}

extension DockerError {
  /// Runs something, and says in the words of providers what an engine refuses.
  ///
  /// - Throws: `ProviderError` instead of ``DockerError``.
  static func asProviderError<Result>(_ body: () async throws -> Result) async throws -> Result {
    do { return try await body() } catch let error as DockerError {
      throw ProviderError(error.message, help: error.help)
    }
  }

  /// Does something, and says in the words of providers what an engine refuses: what it says is about what was to be
  /// done; without an answer, it is about the engine.
  ///
  /// - Throws: `ActionFailure` or `ProviderError` instead of ``DockerError``.
  static func asActionError<Result>(_ body: () async throws -> Result) async throws -> Result {
    do { return try await body() } catch let error as DockerError {
      if error.status != nil { throw ActionFailure(error.message) }
      throw ProviderError(error.message, help: error.help)
    }
  }
}

/// What is there, or nothing if it is not.
func ifFound<Result>(_ body: () async throws -> Result) async throws -> Result? {
  do { return try await body() } catch let error as DockerError where error.isNotFound { return nil }
}
