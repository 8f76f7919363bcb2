import Diagnostics
import Planning

/// What became of one workload that a command was asked to change.
public struct WorkloadEnd: Sendable {
  /// How it ended.
  public enum Outcome: String, Sendable {
    /// Everything was as wanted already.
    case unchanged
    /// Everything was done.
    case succeeded
    /// Something could not be done.
    case failed
    /// A signal came before everything was done.
    case interrupted
    /// The user was asked and did not agree.
    case declined
    /// There could be no plan, or it could not be begun.
    case refused
    /// A workload that it waits for came to no good end.
    case notStarted = "not-started"
    /// A signal came before its turn.
    case notBegun = "not-begun"
  }

  /// The workload that the run was for.
  public var key: WorkloadKey
  /// How it ended.
  public var outcome: Outcome
  /// The run, if there was one.
  public var run: RunID?
  /// The number of the release that was recorded.
  public var release: Int?
  /// How long it took.
  public var duration: Duration
  /// The actions that failed, each with the reason in one line.
  public var failures: [(action: ActionID, message: String)] = []
  /// Whether nothing went wrong but that actions took longer than they may.
  public var hasTimedOut = false
  /// The actions that were not begun.
  public var notStarted: [ActionID] = []
  /// The workload for which it was not started, and how that one ended.
  public var cause: (key: WorkloadKey, outcome: Outcome)?
  /// Whether rolling back after the failure succeeded; `nil` if the run did not try.
  public var wentBack: Bool?
  /// Why it was refused, or why there was no going back.
  public var diagnostics = Diagnostics()

  /// An end of which nothing more is known.
  public init(_ key: WorkloadKey, _ outcome: Outcome, duration: Duration = .zero) {
    self.key = key
    self.outcome = outcome
    self.duration = duration
  }

  /// What became of it, in words: `not started: db failed`.
  public var words: String {
    switch outcome {
    case .unchanged, .succeeded, .failed, .interrupted, .declined, .refused: outcome.rawValue
    case .notBegun: "not begun"
    case .notStarted: "not started" + (cause.map { ": \($0.key.name) \(Self.past($0.outcome))" } ?? "")
    }
  }

  /// How long it took, in words; empty where nothing was begun.
  var durationText: String {
    [.notBegun, .notStarted].contains(outcome) ? "" : DurationText.short(duration)
  }

  private static func past(_ outcome: Outcome) -> String {
    switch outcome {
    case .unchanged: "is unchanged"
    case .succeeded, .failed: outcome.rawValue
    case .interrupted, .declined, .refused: "was \(outcome.rawValue)"
    case .notStarted: "was not started"
    case .notBegun: "was not begun"
    }
  }
}
