import Foundation
import MachineKit
import ProviderKit
import Values
import WorkloadSpec

/// A machine as its window has it: a user option of tmux that holds JSON, in letters of ASCII alone.
struct TmuxRecord: Codable, Equatable, Sendable {
  var id: String
  var name: String
  var token: String
  var image: String
  var type: String?
  var disk: String?
  var subnet: String?
  /// The address that was kept for what it runs now.
  var address: String
  /// When that began, in milliseconds since 1970.
  var launchedAt: Int64
  var tags: [String: String]

  /// The user option.
  static let option = "@berth-machine"

  /// As the option has it.
  var text: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      let text = String(decoding: try encoder.encode(self), as: UTF8.self)
      return text.unicodeScalars.map { scalar in
        scalar.isASCII
          ? String(scalar)
          : String(scalar).utf16.map { "\\u" + String(format: "%04x", $0) }.joined()
      }.joined()
    }
  }
}

/// A window that is a machine.
struct TmuxWindow: Sendable {
  /// What tmux calls it: `@3`.
  let window: String
  let session: String
  /// Whether what it runs has ended.
  let isDead: Bool
  /// The process that it runs.
  let process: Int32?
  /// What that ended with.
  let status: String
  let signal: String
  let record: TmuxRecord

  /// What a line of a list has, in this order.
  static let format = [
    "window_id", "session_name", "pane_dead", "pane_pid", "pane_dead_status", "pane_dead_signal",
    TmuxRecord.option,
  ].map { "#{\($0)}" }.joined(separator: "|")

  /// Reads a line of a list; `nil` of a window that is no machine.
  ///
  /// - Throws: `ProviderError` if it is one, and what it says can't be read.
  init?(line: Substring) throws {
    let parts = line.split(separator: "|", maxSplits: 6, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 7, !parts[6].isEmpty else { return nil }
    guard let record = try? JSONDecoder().decode(TmuxRecord.self, from: Data(parts[6].utf8)) else {
      throw ProviderError(
        "the option \(TmuxRecord.option) of window \(parts[0]) can't be read",
        help: "close the window, or set the option to what it was")
    }
    (window, session, isDead, process) = (parts[0], parts[1], parts[2] == "1", Int32(parts[3]))
    (status, signal, self.record) = (parts[4], parts[5], record)
  }

  /// As a cloud tells of it.
  func found(now: Int64, settle: Int64, zone: String?) -> FoundMachine {
    FoundMachine(
      id: record.id, state: isDead ? .stopped : .running, reason: reason,
      check: isDead ? .none : now - record.launchedAt < settle ? .pending : .passed, image: record.image,
      type: record.type, disk: record.disk.flatMap { ByteQuantity($0) },
      addresses: isDead ? [] : [record.address], subnet: record.subnet, zone: zone,
      launchedAt: Timestamp(milliseconds: record.launchedAt), tags: record.tags)
  }

  private var reason: String? {
    guard isDead else { return nil }
    if !signal.isEmpty, signal != "0" { return "what it ran was ended by signal \(signal)" }
    return "what it ran ended" + (status.isEmpty ? "" : " with exit code \(status)")
  }
}
