import Values
import WorkloadSpec

/// Why an action is done, where its causes do not say it: a code with the facts that belong to it.
///
/// A reason holds no sentence. Renderers have the words, and no decision depends on a reason: a saved plan is the
/// same plan whatever the reasons are.
public enum ActionReason: Sendable, Hashable {
  /// A new instance comes up before the one goes that it replaces.
  case comesUpFirst
  /// Something of this name, which berth did not create, is there already.
  case isThereAlready(name: String)
  /// An instance goes because this one has come in its place; without one, because some other has.
  case isReplaced(by: InstanceID?)
  /// What is left of an instance does not live, with what the engine says of it.
  case isGone(message: String)
  /// An init, or a service that runs once per run, has not run to its end.
  case hasNotCompleted
  /// A service runs once per run, before anything else changes.
  case runsBefore
  /// What an earlier run left running is ended.
  case outlivesItsRun
  /// A run that did not end was replacing it.
  case wasBeingReplaced
  /// A service has failed, with the exit code of its process if that is known.
  case hasFailed(exitCode: Int?)
  /// A service does not run, with the exit code of its process if that is known.
  case doesNotRun(exitCode: Int?)
  /// A service runs and has not become ready.
  case isNotReady
  /// Operators stopped it, and nothing but `start` starts it.
  case staysStopped
  /// A service gives a volume up that another one of its instance takes over.
  case givesVolume(to: String)
  /// A service gives a host port up that another one of its instance takes over.
  case givesPort(to: String)
  /// An engine can't change these fields of what is there.
  case canNotChange(fields: [String], engine: EngineNoun)
  /// A process would have to give memory back that it holds.
  case holdsMemory
  /// The engine changes an instance whole.
  case changesWhole
  /// A run that ended without success left the engine's controller held.
  case isHeld
  /// Another client paused the engine's controller, and no run of berth's.
  case isPausedByHand
  /// The engine's controller is gone, and what it made goes on.
  case isOrphaned
  /// The engine's controller went on after a run was broken off.
  case goesOn
  /// The workload goes over to a named set, from another one if it was in one.
  case movesToSet(String, from: String?)
  /// A rollout pauses when so many instances are new of so many; these, where berth makes them.
  case pauses(StrategyType, after: Int, [InstanceID], of: Int)
  /// A rollout is paused no longer.
  case isPausedNoLonger
  /// What was stopped stays so no longer.
  case isStoppedNoLonger
  /// Operators suspend it.
  case isSuspended(Suspension)
  /// Operators end its suspension.
  case isSuspendedNoLonger

  /// An engine, and what it makes of a service.
  public struct EngineNoun: Sendable, Hashable {
    /// The engine's name: `Docker`.
    public let name: String
    /// What it makes: `container`.
    public let object: String

    /// An engine that makes something.
    public init(_ name: String, makes object: String) {
      self.name = name
      self.object = object
    }
  }

  /// The code, which stays the same from version to version: `does-not-run`.
  public var code: String {
    switch self {
    case .comesUpFirst: "comes-up-first"
    case .isThereAlready: "is-there-already"
    case .isReplaced: "is-replaced"
    case .isGone: "is-gone"
    case .hasNotCompleted: "has-not-completed"
    case .runsBefore: "runs-before"
    case .outlivesItsRun: "outlives-its-run"
    case .wasBeingReplaced: "was-being-replaced"
    case .hasFailed: "has-failed"
    case .doesNotRun: "does-not-run"
    case .isNotReady: "is-not-ready"
    case .staysStopped: "stays-stopped"
    case .givesVolume: "gives-volume"
    case .givesPort: "gives-port"
    case .canNotChange: "engine-can-not-change"
    case .holdsMemory: "holds-memory"
    case .changesWhole: "changes-whole"
    case .isHeld: "is-held"
    case .isPausedByHand: "is-paused-by-hand"
    case .isOrphaned: "is-orphaned"
    case .goesOn: "goes-on"
    case .movesToSet: "moves-to-set"
    case .pauses: "pauses"
    case .isPausedNoLonger: "is-paused-no-longer"
    case .isStoppedNoLonger: "is-stopped-no-longer"
    case .isSuspended: "is-suspended"
    case .isSuspendedNoLonger: "is-suspended-no-longer"
    }
  }

  /// The reason as plain data: its `code`, and the facts that belong to it.
  public var plain: Value { .map([.init("code", .string(code))] + facts.filter { $0.value != .null }) }

  private var facts: [Value.Member] {
    switch self {
    case .isReplaced(let instance): [.init("by", Value(instance?.description))]
    case .isGone(let message): [.init("message", .string(message))]
    case .isThereAlready(let name): [.init("name", .string(name))]
    case .hasFailed(let code), .doesNotRun(let code): [.init("exitCode", Value(code))]
    case .givesVolume(let service), .givesPort(let service): [.init("to", .string(service))]
    case .canNotChange(let fields, let engine):
      [.init("fields", .list(fields.map(Value.string))), .init("engine", .string(engine.name))]
    case .movesToSet(let name, let from): [.init("set", .string(name)), .init("from", Value(from))]
    case .pauses(let strategy, let new, let instances, let count):
      [
        .init("strategy", .string(strategy.rawValue)), .init("after", Value(new)),
        .init("instances", .list(instances.map { .string($0.description) })), .init("replicas", Value(count)),
      ]
    case .isSuspended(let suspension):
      [.init("message", .string(suspension.reason)), .init("by", .string(suspension.by))]
    case .comesUpFirst, .hasNotCompleted, .runsBefore, .outlivesItsRun, .wasBeingReplaced, .isNotReady,
      .staysStopped, .holdsMemory,
      .changesWhole, .isHeld, .isPausedByHand, .isOrphaned, .goesOn, .isPausedNoLonger, .isStoppedNoLonger,
      .isSuspendedNoLonger:
      []
    }
  }

  /// The reason as it holds for several instances alike: it names none of them.
  public var ofSeveral: ActionReason {
    if case .isReplaced = self { .isReplaced(by: nil) } else { self }
  }
}
