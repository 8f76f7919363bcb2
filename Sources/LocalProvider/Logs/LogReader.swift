import Planning
import ProviderKit
import Supervisor

/// Reads what the services of a workload write.
struct LogReader: Sendable {
  /// How often it is looked for new lines.
  static let interval = Duration.milliseconds(200)

  let layout: Layout
  let key: WorkloadKey
  /// Which lines are wanted.
  let query: LogQuery

  /// The lines, by time; when following, those of one look by time, and then those of the next.
  func stream() -> AsyncThrowingStream<LogLine, any Error> {
    AsyncThrowingStream { continuation in
      let task = Task {
        do {
          try await read { continuation.yield($0) }
          continuation.finish()
        } catch is CancellationError {
          continuation.finish()
        } catch {
          continuation.finish(throwing: error)
        }
      }
      continuation.onTermination = { _ in task.cancel() }
    }
  }

  private func read(_ give: (LogLine) -> Void) async throws {
    var open: [String: (log: ServiceLog, cursor: ServiceLog.Cursor)] = [:]
    var isFirst = true
    while true {
      var lines: [LogLine] = []
      let logs = try logs()
      let paths = Set(logs.map(\.path))
      for (path, var gone) in open where !paths.contains(path) {
        lines += gone.log.rest(of: &gone.cursor)
        open[path] = nil
      }
      for log in logs {
        var cursor = open[log.path]?.cursor ?? ServiceLog.Cursor()
        var new = try log.next(&cursor)
        if query.follow { open[log.path] = (log, cursor) } else { new += cursor.takeBegun() }
        // What a service wrote that came only after the first look is all new.
        lines += ServiceLog.choose(new, since: query.since, tail: isFirst ? query.tail : nil)
      }
      for line in Self.merged(lines) { give(line) }
      guard query.follow else { return }
      isFirst = false
      try await Task.sleep(for: Self.interval)
    }
  }

  /// Lines by time; those of one moment in the order in which they are given.
  static func merged(_ lines: [LogLine]) -> [LogLine] {
    lines.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
  }

  private func logs() throws -> [ServiceLog] {
    var logs: [ServiceLog] = []
    for name in try Files.names(in: layout.instances) {
      guard let id = layout.instanceID(name, of: key) else { continue }
      let folder = layout.instance(id, of: key)
      for file in try Files.names(in: folder.logs) where file.hasSuffix(".log") {
        let service = String(file.dropLast(4))
        if query.wants(service, of: id) {
          logs.append(ServiceLog(folder: folder, instance: id, service: service))
        }
      }
    }
    return logs
  }
}
