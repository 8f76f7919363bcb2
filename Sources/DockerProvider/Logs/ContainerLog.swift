import DockerAPI
import Planning
import ProviderKit

/// What one container wrote.
struct ContainerLog: Sendable {
  /// The engine.
  let client: DockerClient
  /// The id of the container.
  let container: String
  /// The instance that it belongs to.
  let instance: InstanceID
  /// Its service.
  let service: String

  /// The lines that are kept.
  ///
  /// - Parameters:
  ///   - since: only lines written at or after this moment.
  ///   - tail: only the last so many of them.
  func lines(since: EngineTime?, tail: Int?) async throws -> [LogLine] {
    var lines: [LogLine] = []
    try await read(since: since, tail: tail, follows: false) { lines.append($0) }
    return lines
  }

  /// Gives the lines as they come; when following, until the container ends.
  ///
  /// - Returns: when the last line was written, or `since` if there was none.
  @discardableResult
  func read(
    since: EngineTime?, tail: Int?, follows: Bool, _ give: (LogLine) -> Void
  ) async throws -> EngineTime? {
    var last = since
    let query = ContainerLogQuery(since: since, tail: tail, times: true, follows: follows)
    for try await line in try await client.containers.logs(container, query) {
      let time = line.time ?? last ?? .never
      last = time
      give(
        LogLine(
          instance: instance, service: service, at: Timestamp(time), isError: line.stream == .error,
          text: String(decoding: line.bytes, as: UTF8.self)))
    }
    return last
  }
}
