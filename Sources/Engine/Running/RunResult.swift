import Diagnostics
import Planning
import ProviderKit

/// What became of a request.
public struct RunResult: Sendable {
  /// How it ended.
  public enum Outcome: String, Sendable {
    /// Everything was as wanted already.
    case nothingToDo
    /// The plan was not approved; nothing was done.
    case declined
    /// Everything was done.
    case succeeded
    /// Something could not be done.
    case failed
  }

  /// The plan that was carried out, or would have been.
  public let plan: Plan
  /// The run; `nil` if there was none.
  public var run: Run?
  /// The release that was recorded.
  public var release: Release?
  /// How it ended.
  public var outcome: Outcome
  /// The actions that failed, in the order in which they did.
  public var failures: [FailedAction] = []
  /// The actions that were not begun.
  public var notStarted: [ActionID] = []
  /// Whether it was interrupted from outside before it had done everything.
  public var wasInterrupted = false
  /// Why there could be no going back after a failure.
  public var recoveryProblems = Diagnostics()
  // A value can't contain one of its own type, but it can contain a list of them.
  private var recoveries: [RunResult] = []

  /// What going back to the last release came to, if that was done.
  public var recovery: RunResult? {
    get { recoveries.first }
    set { recoveries = newValue.map { [$0] } ?? [] }
  }

  /// Whether it, or what undid it, was interrupted from outside before everything was done.
  public var isInterrupted: Bool { wasInterrupted || recovery?.wasInterrupted == true }

  init(_ plan: Plan, _ outcome: Outcome, run: Run? = nil) {
    self.plan = plan
    self.outcome = outcome
    self.run = run
  }
}

/// An action that could not be performed.
public struct FailedAction: Sendable {
  /// The action as the plan has it.
  public let action: Action
  /// Why, in one line.
  public let message: String
  /// The last lines that the service wrote.
  public let logTail: [LogLine]
  /// Whether nothing went wrong but that it took longer than it may.
  public var hasTimedOut = false
}
