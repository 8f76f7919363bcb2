import NomadAPI
import ProviderKit

/// Cuts what a task wrote into lines, and lines that are longer than what is kept together into parts.
struct TaskLines {
  private var pending: [UInt8] = []

  /// Takes a piece.
  ///
  /// - Returns: the lines that it ends, and parts of one that is too long, which go on.
  mutating func add(_ bytes: [UInt8]) -> [(bytes: [UInt8], goesOn: Bool)] {
    var lines: [(bytes: [UInt8], goesOn: Bool)] = []
    for byte in bytes {
      if byte == UInt8(ascii: "\n") {
        lines.append((pending, false))
        pending = []
      } else {
        pending.append(byte)
        if pending.count == LogLine.maximumLength {
          lines.append((pending, true))
          pending = []
        }
      }
    }
    return lines
  }

  /// What is left when nothing more comes; `nil` if the last line was ended.
  mutating func finish() -> [UInt8]? {
    defer { pending = [] }
    return pending.isEmpty ? nil : pending
  }

  /// Gives the lines of a log, until it ends.
  ///
  /// - Throws: `NomadError`; `CancellationError`.
  static func read(_ logs: TaskLogs, _ give: (_ bytes: [UInt8], _ goesOn: Bool) -> Void) async throws {
    var lines = TaskLines()
    for try await piece in logs {
      for line in lines.add(piece.bytes) { give(line.bytes, line.goesOn) }
    }
    if let rest = lines.finish() { give(rest, false) }
  }
}
