import WorkloadSpec

/// One step that a provider performs.
public struct Action: Sendable, Equatable, Identifiable {
  /// What is done.
  public let kind: ActionKind
  /// What it is done to.
  public let subject: ActionSubject
  /// The fields that differ, by path. Those of an instance that takes another one's place are the differences
  /// to that one; else, a create or delete as a whole has none.
  public var changes: [Change]
  /// Why it is done: the causes of its changes, or of the whole.
  public var causes: Set<Cause>
  /// Why it is done, where the causes do not say it.
  public var reason: ActionReason?
  /// The actions that must have succeeded before.
  public var after: [ActionID]
  /// The other services of the instance that restart with it.
  public var alsoRestarts: [String]
  /// Whether something that works now stops working for a while, or for good.
  public var isInterruption: Bool
  /// Whether what it makes or changes is left stopped, since operators stopped it: if it runs it is stopped,
  /// and it is not started.
  public var leavesStopped: Bool
  /// What it reaches if it is done to an instance or a workload as a whole whose services have no actions of their own;
  /// else `nil`.
  public var reach: ActionReach?
  /// Of a workload whose engine rolls it: whether no instance may start before every other one has ended.
  public var isOneAtATime: Bool
  /// Of a workload whose engine rolls it: after how many new instances, with the old ones beside them, it waits; `nil` if
  /// it goes on to the end.
  public var pausesAfter: Int?
  /// The engine's own id of what is taken over; `nil` where nothing is.
  public var adopts: String?

  public init(
    _ kind: ActionKind, _ subject: ActionSubject, changes: [Change] = [], causes: Set<Cause> = [],
    reason: ActionReason? = nil, after: [ActionID] = [], alsoRestarts: [String] = [],
    isInterruption: Bool = false,
    leavesStopped: Bool = false, reach: ActionReach? = nil, isOneAtATime: Bool = false,
    pausesAfter: Int? = nil, adopts: String? = nil
  ) {
    self.kind = kind
    self.subject = subject
    self.changes = changes
    self.causes = causes
    self.reason = reason
    self.after = after
    self.alsoRestarts = alsoRestarts
    self.isInterruption = isInterruption
    self.leavesStopped = leavesStopped
    self.reach = reach
    self.isOneAtATime = isOneAtATime
    self.pausesAfter = pausesAfter
    self.adopts = adopts
  }

  /// What it is known by; a subject has at most one action of a kind in a plan.
  public var id: ActionID { ActionID("\(kind.rawValue) \(subject)") }
}

/// What can be done.
public enum ActionKind: String, Sendable, CaseIterable {
  /// Makes something ours that berth did not create, while it does its work: nothing is stopped, and no data moves.
  case adopt
  /// Makes something that is not there, and starts it.
  case create
  /// Changes something without stopping it.
  case update
  /// Starts something that is there and does not run.
  case start
  /// Stops something that runs, and keeps it so: nothing but an action starts it again.
  case stop
  /// Runs something once to its end, anew: it is done when that was a success.
  case run
  /// Stops something and starts it again, with its file system.
  case restart
  /// Stops something, takes it away, and makes it anew.
  case replace
  /// Changes the number of instances, where the engine does the rest.
  case scale
  /// Stops something and takes it away.
  case delete
  /// Has the engine's controller of a workload change nothing more, where a run ended without success. No plan has it:
  /// a run performs it at its end.
  case hold
  /// Records the release, or what operators asked. The engine's own step, performed by no provider.
  case record

  /// The sign in front of it.
  public var sign: String {
    switch self {
    case .adopt: "⇤"
    case .create: "+"
    case .update: "~"
    case .start: "▸"
    case .stop: "■"
    case .run: "»"
    case .restart: "↻"
    case .replace: "±"
    case .scale: "⇅"
    case .delete: "-"
    case .hold: "‖"
    case .record: "✓"
    }
  }

  /// Whether a provider performs it; else berth does itself.
  public var isPerformed: Bool { self != .record }

  /// Whether what it is done to is new afterwards, with a process and a file system of its own.
  public var makesAnew: Bool { self == .create || self == .replace || self == .run }

  /// Whether processes that run end, for a while or for good.
  public var endsProcesses: Bool {
    switch self {
    case .stop, .restart, .replace, .delete: true
    case .adopt, .create, .update, .start, .run, .scale, .hold, .record: false
    }
  }

  /// Whether it stops something that works and brings it back.
  public var isReturning: Bool { self == .restart || self == .replace }

  /// Whether it hands anything of the spec to the engine: what only ends or counts does not.
  public var handsSpecOver: Bool {
    switch self {
    case .create, .update, .start, .run, .restart, .replace, .scale: true
    case .adopt, .stop, .delete, .hold, .record: false
    }
  }
}

/// What an action is done to.
public enum ActionSubject: Hashable, Sendable, CustomStringConvertible {
  /// The workload as a whole.
  case workload
  /// What the services of one replica live in.
  case instance(InstanceID)
  /// One service of one replica.
  case service(InstanceID, String)
  /// A volume; without an ordinal, the one that all instances share.
  case volume(String, ordinal: Int?)
  /// What operators asked of the workload.
  case operatorState

  /// `workload`, `0`, `0.api`, `volume data`, `operator state`.
  public var description: String {
    switch self {
    case .workload: "workload"
    case .instance(let id): "\(id)"
    case .service(let id, let name): "\(id).\(name)"
    case .volume(let name, nil): "volume \(name)"
    case .volume(let name, let ordinal?): "volume \(name)_\(ordinal)"
    case .operatorState: "operator state"
    }
  }

  /// The instance it concerns.
  public var instance: InstanceID? {
    switch self {
    case .instance(let id), .service(let id, _): id
    case .workload, .volume, .operatorState: nil
    }
  }

  /// The service it concerns.
  public var service: String? { if case .service(_, let name) = self { name } else { nil } }
}
