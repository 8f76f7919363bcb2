import DockerAPI
import Planning
import ProviderKit

/// Reads what the services of a workload write.
struct LogFollower: Sendable {
  /// How often it is looked for containers that came or started again.
  private static let interval = Duration.milliseconds(500)

  let client: DockerClient
  let key: WorkloadKey
  /// Which lines are wanted.
  let query: LogQuery

  /// Gives the lines that are kept, by time; when following, then those that come, as they come.
  func read(_ give: @escaping @Sendable (LogLine) -> Void) async throws {
    let since = query.since.map { EngineTime($0) }
    var ends: [String: EngineTime] = [:]
    var lines: [LogLine] = []
    let found = try await withThrowingTaskGroup(of: (container: String, ContainerLog.Reading?).self) {
      group in
      for log in try await logs() {
        group.addTask {
          (log.container, try await log.ifThere { try await log.lines(since: since, tail: query.tail) })
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    for case (let container, let reading?) in found {
      lines += reading.lines
      ends[container] = reading.end ?? since
    }
    let ordered = lines.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
    for line in ordered { give(line.element) }
    if query.follow { try await follow(from: ends, give) }
  }

  /// Gives new lines until the task is cancelled, also those of services that start again or are replaced.
  private func follow(
    from ends: [String: EngineTime], _ give: @escaping @Sendable (LogLine) -> Void
  ) async throws {
    try await withThrowingTaskGroup(of: (container: String, end: EngineTime?)?.self) { group in
      var ends = ends
      var followed: Set<String> = []
      while true {
        for log in try await logs() where followed.insert(log.container).inserted {
          // A container that has ended is asked, too: it may have started and ended since.
          let start = ends[log.container]?.next
          group.addTask {
            let end = try await log.ifThere { try await log.follow(since: start, give) }
            return (log.container, end ?? start)
          }
        }
        group.addTask {
          try await Task.sleep(for: Self.interval)
          return nil
        }
        while let finished = try await group.next() {
          guard let finished else { break }
          followed.remove(finished.container)
          if let end = finished.end { ends[finished.container] = end }
        }
      }
    }
  }

  /// The containers of the services that are wanted.
  private func logs() async throws -> [ContainerLog] {
    try await StampedContainers(client: client, key: key).list().compactMap { container in
      let (id, service) = (container.place.instance, container.place.service)
      guard query.wants(service, of: id) else { return nil }
      return ContainerLog(client: client, container: container.summary.id, instance: id, service: service)
    }.sorted { ($0.instance, $0.service) < ($1.instance, $1.service) }
  }
}

extension EngineTime {
  /// The moment right after this one.
  fileprivate var next: EngineTime {
    nanoseconds == 999_999_999
      ? EngineTime(seconds: seconds + 1) : EngineTime(seconds: seconds, nanoseconds: nanoseconds + 1)
  }
}
