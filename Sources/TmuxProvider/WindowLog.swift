import MachineKit
import Planning
import ProviderKit
import Values
import WorkloadSpec

/// Reads what the windows of a group show.
struct WindowLog {
  let windows: TmuxMachines
  let key: WorkloadKey
  let query: LogQuery

  /// How often windows are looked at for new lines.
  private static let pace = Duration.milliseconds(500)

  /// Hands the lines over, window by window, and new ones as they come if the query says so.
  func read(_ yield: (LogLine) -> Void) async throws {
    var told: [String: Int] = [:]
    while true {
      for window in try await windows.windows() {
        guard let stamp = MachineTags.stamp(in: window.record.tags), stamp.key == key,
          query.wants(stamp.service, of: stamp.instance)
        else { continue }
        let at = Timestamp(milliseconds: window.record.launchedAt)
        if let since = query.since, at < since { continue }
        let lines = try await windows.lines(of: window)
        // What was cleared, or scrolled out for good, is not told a second time.
        let begin = told[window.record.id].map { min($0, lines.count) }
        let new = begin.map { Array(lines[$0...]) } ?? query.tail.map { lines.suffix($0) } ?? lines
        told[window.record.id] = lines.count
        for line in new {
          yield(
            LogLine(
              instance: stamp.instance, service: stamp.service, at: at, isError: false,
              bytes: Array(line.utf8)))
        }
      }
      guard query.follow else { return }
      try await Task.sleep(for: Self.pace)
    }
  }
}
