import Planning

/// What became of one of the workloads of a command.
public enum RunEnding: Sendable {
  /// It came as far as being agreed to or not, or found that there is nothing to do.
  case result(RunResult)
  /// There could be no plan, or it could not be begun.
  case refused(any Error)
  /// It was stopped or cancelled before anything was changed.
  case interrupted
  /// A workload that it waits for came to no good end: that one, or one that it waited for itself.
  case notStarted(because: WorkloadKey)
  /// It was stopped before its turn.
  case notBegun

  /// Whether all that was wanted is so.
  var isGood: Bool {
    guard case .result(let result) = self else { return false }
    return result.outcome == .succeeded || result.outcome == .nothingToDo
  }

  /// Whether anything may be other than it was.
  var mayHaveChanged: Bool {
    guard case .result(let result) = self else { return false }
    return result.outcome == .succeeded || result.outcome == .failed
  }
}
