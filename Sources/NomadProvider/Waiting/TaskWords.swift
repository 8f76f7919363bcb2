import NomadAPI
import Planning
import ProviderKit
import Values

/// What a task wrote last, to be told with a failure.
struct TaskWords: Sendable {
  let client: NomadClient
  let namespace: String

  /// How many lines are told.
  private static let lines = 10
  /// How many bytes of the end of a file are looked at.
  private static let window: Int64 = 16 << 10
  /// How long asking for them may take: it is an addition to a failure, and must not hide it.
  private static let patience = Duration.seconds(5)

  /// How often they are looked for: what a container wrote comes to its node's files a moment after the container has ended.
  private static let attempts = 4
  private static let pause = Duration.milliseconds(300)

  /// The last lines that a task wrote to its standard error, or else to its standard output; none if they can't be had.
  func tail(of task: String, in allocation: Allocation, as instance: InstanceID) async -> [LogLine] {
    for attempt in 0..<Self.attempts {
      if attempt > 0 { try? await Task.sleep(for: Self.pause) }
      let lines = await end(of: task, in: allocation, as: instance)
      if !lines.isEmpty { return lines }
    }
    return []
  }

  private func end(of task: String, in allocation: Allocation, as instance: InstanceID) async -> [LogLine] {
    for stream in [TaskLogQuery.Stream.error, .output] {
      let lines = try? await inTime(Self.patience) { [client, namespace] in
        var lines: [LogLine] = []
        let query = TaskLogQuery(task: task, stream: stream, follows: false, start: .last(bytes: Self.window))
        try await TaskLines.read(client.allocations.logs(allocation.id, query, in: namespace)) {
          lines.append(
            LogLine(
              instance: instance, service: task,
              at: allocation.modifyTime.map(Timestamp.init) ?? Timestamp(milliseconds: 0),
              isError: stream == .error, bytes: $0, goesOn: $1))
        }
        return lines.last(lines: Self.lines)
      }
      if let lines, !lines.isEmpty { return lines }
    }
    return []
  }
}
