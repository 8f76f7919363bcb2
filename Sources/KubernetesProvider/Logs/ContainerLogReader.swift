import KubernetesAPI
import Planning
import ProviderKit
import Values

/// Reads what one container wrote, in its lives before the last restart and since.
///
/// Clusters keep the log of the life before the last restart, and no older ones. They don't tell standard error from
/// standard output.
struct ContainerLogReader: Sendable {
  let client: KubernetesClient
  let namespace: String
  let container: LoggedContainer
  /// Only lines written at or after this moment.
  let since: Timestamp?
  private(set) var position = LogPosition()
  private var lastTime: ServerTime?

  init(client: KubernetesClient, namespace: String, container: LoggedContainer, since: Timestamp?) {
    (self.client, self.namespace, self.container, self.since) = (client, namespace, container, since)
  }

  /// The lines that are kept, those of the life before first.
  ///
  /// - Parameter tail: only the last so many; `nil` means all.
  mutating func kept(tail: Int?) async throws -> [LogLine] {
    var lines: [LogLine] = []
    for isPrevious in [true, false] {
      // Without a line of each, a later reading would not know how far this one came.
      let query = PodLogQuery(previous: isPrevious, since: start, tail: tail.map { max($0, 1) })
      try await read(query) { lines.append($0) }
    }
    return tail.map { lines.last(lines: $0) } ?? lines
  }

  /// Gives lines as they come, until the container's life ends.
  mutating func follow(_ give: (LogLine) -> Void) async throws {
    // What is current is asked for before what was: a restart in between shows a life twice, and loses none.
    let current = try await lines(PodLogQuery(follows: true, since: start))
    try await read(PodLogQuery(previous: true, since: start), give)
    if let current { try await take(current, give) }
  }

  private var start: ServerTime? {
    position.start ?? since.map { ServerTime(seconds: $0.milliseconds / 1000) }
  }

  private mutating func read(_ query: PodLogQuery, _ give: (LogLine) -> Void) async throws {
    if let lines = try await lines(query) { try await take(lines, give) }
  }

  /// - Returns: `nil` if there is no such log: the container has not started or not restarted, or its pod is gone.
  private func lines(_ query: PodLogQuery) async throws -> PodLogs? {
    var query = query
    query.container = container.service
    query.times = true
    do {
      return try await client.pods.logs(container.pod, in: namespace, query)
    } catch let error as KubernetesError where error.isNotFound || error.status == 400 { return nil }
  }

  private mutating func take(_ lines: PodLogs, _ give: (LogLine) -> Void) async throws {
    var filter = position.filter
    for try await line in lines {
      // A node that has no log any more says so in a line without a time.
      guard let time = line.time ?? (isInLine ? lastTime : nil) else { continue }
      isInLine = line.goesOn
      lastTime = time
      guard filter.isNew(line) else { continue }
      position.note(line)
      let text = container.line(line, at: time)
      if since.map({ text.at >= $0 }) ?? true { give(text) }
    }
    isInLine = false
  }

  /// Whether the next line is a part of the one before it.
  private var isInLine = false
}
