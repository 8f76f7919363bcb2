/// Calls that read what containers wrote.
extension ContainerCalls {
  /// The lines that a container wrote, in the order in which the engine got them.
  ///
  /// `GET /containers/{id}/logs`
  ///
  /// - Parameters:
  ///   - terminal: whether the container was created with a terminal: the engine sends its output in another way.
  package func logs(
    _ id: String, _ query: ContainerLogQuery = ContainerLogQuery(), terminal: Bool = false
  ) async throws -> ContainerLogs {
    let request = Request(.GET, "containers", id, "logs")
      .with("stdout", query.output).with("stderr", query.error)
      .with("since", query.since?.description).with("until", query.until?.description)
      .with("tail", query.tail.map { "\($0)" })
      .with("timestamps", query.times).with("follow", query.follows)
    let bytes = try await client.stream(request)
    return ContainerLogs(
      output: ContainerOutput(source: .answer(bytes), terminal: terminal), hasTimes: query.times)
  }
}

/// Which lines of a container are wanted.
package struct ContainerLogQuery: Sendable, Equatable {
  /// Whether what it wrote to standard output is wanted.
  package var output: Bool
  /// Whether what it wrote to standard error is wanted.
  package var error: Bool
  /// Only lines written at or after this moment.
  package var since: EngineTime?
  /// Only lines written before this moment.
  package var until: EngineTime?
  /// Only the last so many lines, counted before those of an unwanted stream are left out; `nil` means all that
  /// are kept.
  package var tail: Int?
  /// Whether each line comes with its time.
  package var times: Bool
  /// Whether to go on with new lines until the container ends.
  package var follows: Bool

  package init(
    output: Bool = true, error: Bool = true, since: EngineTime? = nil, until: EngineTime? = nil,
    tail: Int? = nil, times: Bool = false, follows: Bool = false
  ) {
    self.output = output
    self.error = error
    self.since = since
    self.until = until
    self.tail = tail
    self.times = times
    self.follows = follows
  }
}
