import NomadAPI
import Values

/// How a task of an allocation ended, in words.
enum TaskEnd {
  /// How it ended last; `nil` if it has not ended, or its node keeps nothing of it.
  static func last(of task: TaskState) -> (words: String, code: Int)? {
    guard let event = task.events.last(where: { $0.type == "Terminated" }) else { return nil }
    let code = event.signal.map { 128 + $0 } ?? event.exitCode ?? 1
    if event.isOutOfMemory { return ("was ended by the system: it took more memory than its limit", code) }
    return ("exited with code \(code)", code)
  }

  /// What kept it from being started; `nil` if nothing did.
  static func obstacle(to task: TaskState) -> String? {
    guard let event = task.events.last(where: { words[$0.type] != nil }), let start = words[event.type] else {
      return nil
    }
    // What was tried again with success since is over.
    if let started = task.events.last(where: { $0.type == "Started" }), event.time < started.time {
      return nil
    }
    let told = event.displayMessage.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    let isOfImage = imageWords.contains { told.lowercased().contains($0) }
    return (isOfImage ? "can't get its image" : start) + (told.isEmpty ? "" : ": \(told)")
  }

  /// What a node tells of what it could not do.
  private static let words: [String: String] = [
    "Driver Failure": "can't be started", "Failed Validation": "can't be run by its node",
    "Setup Failure": "can't be made ready", "Failed Artifact Download": "can't get what it needs",
    "Failed Restart": "can't be started again",
  ]
  /// What drivers say where an image is missing.
  private static let imageWords = ["pull", "image"]
}

extension Timestamp {
  /// A moment that a server states.
  init(_ time: ServerTime) {
    self.init(milliseconds: time.seconds * 1000 + Int64(time.nanoseconds) / 1_000_000)
  }
}
