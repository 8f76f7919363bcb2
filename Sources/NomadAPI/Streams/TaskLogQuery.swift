/// What of a task's output is wanted.
package struct TaskLogQuery: Sendable, Hashable {
  /// Which of a task's outputs.
  package enum Stream: String, Sendable, Hashable {
    case output = "stdout"
    case error = "stderr"
  }

  /// Where it begins.
  package enum Start: Sendable, Hashable {
    /// With the oldest that is kept.
    case beginning
    /// So many bytes before the end; with 0 only what is new.
    case last(bytes: Int64)
  }

  /// The task.
  package var task: String
  /// Which of its outputs.
  package var stream: Stream
  /// Whether to go on with what is new until the task ends.
  package var follows: Bool
  /// Where it begins.
  package var start: Start

  package init(
    task: String, stream: Stream = .output, follows: Bool = false, start: Start = .beginning
  ) {
    self.task = task
    self.stream = stream
    self.follows = follows
    self.start = start
  }
}
