import DockerAPI
import Planning
import ProviderKit
import Values

/// What one container wrote.
struct ContainerLog: Sendable {
  let client: DockerClient
  /// The id of the container.
  let container: String
  /// The instance that it belongs to.
  let instance: InstanceID
  let service: String

  /// Lines that were read.
  struct Reading: Sendable {
    /// The lines, in the order in which they came.
    var lines: [LogLine] = []
    /// When the last of what the engine keeps was written; `nil` if there was none.
    var end: EngineTime?
  }

  /// The lines that are kept.
  ///
  /// - Parameters:
  ///   - since: only lines written at or after this moment.
  ///   - tail: only the last so many of them.
  func lines(since: EngineTime?, tail: Int?) async throws -> Reading {
    guard let tail else { return try await reading(since: since, messages: nil).reading }
    // An engine counts messages, of which a long line has many. The first line of each stream may lack its beginning.
    var asked = tail + 2
    while true {
      var (reading, messages) = try await reading(since: since, messages: asked)
      let ends = reading.lines.filter { !$0.goesOn }.count
      if messages < asked || ends >= tail + 2 {
        reading.lines = reading.lines.last(lines: tail)
        return reading
      }
      asked *= 4
    }
  }

  private func reading(
    since: EngineTime?, messages: Int?
  ) async throws -> (reading: Reading, messages: Int) {
    var reading = Reading()
    var count = 0
    try await read(since: since, tail: messages, follows: false) { line, source in
      reading.lines.append(line)
      reading.end = source.endTime ?? reading.end
      count += source.messages
    }
    return (reading, count)
  }

  /// Gives the lines as they come, until the container ends.
  ///
  /// - Returns: when the last of it was written, or `since` if there was nothing.
  func follow(since: EngineTime?, _ give: (LogLine) -> Void) async throws -> EngineTime? {
    var end = since
    try await read(since: since, tail: nil, follows: true) { line, source in
      end = source.endTime ?? end
      give(line)
    }
    return end
  }

  /// What a read gives, or nothing if the container is gone or about to be: an engine takes the log away before the
  /// container, and a read that comes between breaks off with words about a file.
  func ifThere<Result>(_ read: () async throws -> Result) async throws -> Result? {
    do { return try await ifFound(read) } catch let error as DockerError {
      let left = try await ifFound { try await client.containers.inspect(container).state.status }
      guard left == nil || left == "removing" || left == "dead" else { throw error }
      return nil
    }
  }

  private func read(
    since: EngineTime?, tail: Int?, follows: Bool, _ give: (LogLine, ContainerLogLine) -> Void
  ) async throws {
    var last = since
    let query = ContainerLogQuery(since: since, tail: tail, times: true, follows: follows)
    for try await line in try await client.containers.logs(container, query) {
      last = line.time ?? last
      let text = LogLine(
        instance: instance, service: service, at: Timestamp(last ?? .never), isError: line.stream == .error,
        bytes: line.bytes, goesOn: line.goesOn)
      give(text, line)
    }
  }
}
