/// One execution of a plan.
public struct Run: Sendable, Equatable {
  /// What it is known by.
  public var id: RunID
  /// The workload that the run changes.
  public var key: WorkloadKey
  /// What it was for.
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

  /// A run.
  public init(
    id: RunID, key: WorkloadKey, intent: RunIntent, startedAt: Timestamp, endedAt: Timestamp? = nil,
    outcome: RunOutcome = .unfinished, by: String, summary: String, failure: String? = nil,
    release: Int? = nil, savedPlan: String? = nil
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
  }
}

/// What a plan or a run is for.
public enum RunIntent: Sendable, Hashable {
  /// To reach what the files say.
  case apply
  /// To go back to a release.
  case rollback(to: Int)
  /// To take the workload away.
  case destroy
  /// To have another number of instances.
  case scale(to: Int)
  /// To stop services, and to keep them so.
  case stop
  /// To start services that were stopped.
  case start
  /// To stop and start services.
  case restart
  /// To let nothing change the workload for a while.
  case suspend
  /// To let the workload be changed again.
  case unsuspend
  /// To finish a paused rollout.
  case promote
  /// To take a paused rollout back.
  case abort

  /// One word, with the number of a release or of instances behind a space: `rollback 4`, `scale 3`.
  public var text: String {
    switch self {
    case .apply, .destroy, .stop, .start, .restart, .suspend, .unsuspend, .promote, .abort: verb
    case .rollback(let number), .scale(let number): "\(verb) \(number)"
    }
  }

  /// One word: `rollback`.
  public var verb: String {
    switch self {
    case .apply: "apply"
    case .rollback: "rollback"
    case .destroy: "destroy"
    case .scale: "scale"
    case .stop: "stop"
    case .start: "start"
    case .restart: "restart"
    case .suspend: "suspend"
    case .unsuspend: "unsuspend"
    case .promote: "promote"
    case .abort: "abort"
    }
  }

  /// Whether it may make another release of the workload, which a suspended one refuses. To destroy is meant
  /// for good, and operators may do what leaves the release alone.
  public var isRefusedWhileSuspended: Bool {
    switch self {
    case .apply, .rollback, .scale, .promote: true
    case .destroy, .stop, .start, .restart, .suspend, .unsuspend, .abort: false
    }
  }

  /// Reads what ``text`` wrote.
  public init?(text: String) {
    let words = text.split(separator: " ")
    switch (words.first, words.count) {
    case ("apply", 1): self = .apply
    case ("destroy", 1): self = .destroy
    case ("stop", 1): self = .stop
    case ("start", 1): self = .start
    case ("restart", 1): self = .restart
    case ("suspend", 1): self = .suspend
    case ("unsuspend", 1): self = .unsuspend
    case ("promote", 1): self = .promote
    case ("abort", 1): self = .abort
    case ("scale", 2):
      guard let number = Int(words[1]) else { return nil }
      self = .scale(to: number)
    case ("rollback", 2):
      guard let number = Int(words[1]) else { return nil }
      self = .rollback(to: number)
    default: return nil
    }
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
  /// When.
  public var at: Timestamp
  /// Why it failed, in one line.
  public var message: String?

  /// An entry.
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
