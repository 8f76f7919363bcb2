import Values

/// One execution of a plan.
public struct Run: Sendable, Equatable {
  /// What it is known by.
  public var id: RunID
  /// The workload that the run changes.
  public var key: WorkloadKey
  /// What its user asked for: to apply, to go back to a release, to destroy, or an operation.
  public var intent: RunIntent
  /// When it started.
  public var startedAt: Timestamp
  /// When it ended; `nil` while it runs, and for one that was killed.
  public var endedAt: Timestamp?
  /// How it ended.
  public var outcome: RunOutcome
  /// Who started it: `user@host`.
  public var by: String
  /// What it was going to do, in one line.
  public var summary: String
  /// Why it failed, in one line.
  public var failure: String?
  /// The release that it recorded.
  public var release: Int?
  /// The saved plan that it carries out: ``SavedPlan/id``.
  public var savedPlan: String?
  /// The policies that its user overrode, and why; `nil` where none stood in the way.
  public var policyOverride: PolicyOverride?

  public init(
    id: RunID, key: WorkloadKey, intent: RunIntent, startedAt: Timestamp, endedAt: Timestamp? = nil,
    outcome: RunOutcome = .unfinished, by: String, summary: String, failure: String? = nil,
    release: Int? = nil, savedPlan: String? = nil, policyOverride: PolicyOverride? = nil
  ) {
    self.id = id
    self.key = key
    self.intent = intent
    self.startedAt = startedAt
    self.endedAt = endedAt
    self.outcome = outcome
    self.by = by
    self.summary = summary
    self.failure = failure
    self.release = release
    self.savedPlan = savedPlan
    self.policyOverride = policyOverride
  }
}

/// How a run ended.
public enum RunOutcome: String, Sendable {
  /// It runs, or it was killed before it recorded its end.
  case unfinished
  /// Every action succeeded.
  case succeeded
  /// An action failed.
  case failed
  /// It was killed, and a later run took over from it.
  case abandoned
}

/// What the journal holds of an action.
public struct JournalEntry: Sendable, Equatable {
  /// The run that performed the action.
  public var run: RunID
  /// The action, by its id in the run's plan.
  public var action: ActionID
  /// What happened to it.
  public var event: JournalEvent
  /// When it happened, by the clock of the machine that berth runs on.
  public var at: Timestamp
  /// Why it failed, in one line.
  public var message: String?

  public init(run: RunID, action: ActionID, event: JournalEvent, at: Timestamp, message: String? = nil) {
    self.run = run
    self.action = action
    self.event = event
    self.at = at
    self.message = message
  }
}

/// What can happen to an action.
public enum JournalEvent: String, Sendable {
  /// It is about to be performed.
  case intended
  /// It was performed.
  case succeeded
  /// It could not be performed.
  case failed
}
