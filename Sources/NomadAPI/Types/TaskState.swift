import Values

/// How one task of an allocation is.
package struct TaskState: Sendable, Hashable {
  /// All of it.
  package let json: JSON

  package init(_ json: JSON) { self.json = json }

  /// `pending`, `running` or `dead`.
  package var state: String { json.text("State") }
  /// Whether it is dead and will not be started again, for it failed.
  package var failed: Bool { json.flag("Failed") }
  /// How often it was started again.
  package var restarts: Int { json.number("Restarts") }
  package var lastRestart: ServerTime? { json.time("LastRestart") }
  package var startedAt: ServerTime? { json.time("StartedAt") }
  package var finishedAt: ServerTime? { json.time("FinishedAt") }
  /// What happened to it, the oldest first; nodes keep the last ten.
  package var events: [TaskEvent] { json.elements("Events").map { TaskEvent($0) } }
}

/// What happened to a task.
package struct TaskEvent: Sendable, Hashable {
  /// All of it.
  package let json: JSON

  package init(_ json: JSON) { self.json = json }

  /// `Received`, `Task Setup`, `Driver`, `Driver Failure`, `Started`, `Terminated`, `Restarting`, `Not Restarting`,
  /// `Killing`, `Killed`, `Failed Validation`, `Failed Artifact Download`, `Setup Failure`, `Alloc Unhealthy` …
  package var type: String { json.text("Type") }
  package var time: ServerTime { json.moment("Time") ?? ServerTime(seconds: 0) }
  /// What happened, in one line.
  package var displayMessage: String {
    let message = json.text("DisplayMessage")
    return message.isEmpty ? json.text("Message") : message
  }
  /// What is known of it besides, by name.
  package var details: [String: String] { json.strings("Details") }
  /// The exit code of a task that terminated.
  package var exitCode: Int? { details["exit_code"].flatMap { Int($0) } }
  /// The number of the signal that ended it; `nil` if none did.
  package var signal: Int? { details["signal"].flatMap { Int($0) }.flatMap { $0 == 0 ? nil : $0 } }
  /// Whether it ended for want of memory; drivers tell.
  package var isOutOfMemory: Bool { details["oom_killed"] == "true" }
  /// Whether the task fails for it.
  package var failsTask: Bool { json.flag("FailsTask") || details["fails_task"] == "true" }
}
