import Planning
import Values

/// What happens while a workload is changed, as JSON lines for programs. Each text is one line with its line
/// break.
///
/// Every event has the keys `version` (``formatVersion``), `event`, `at` (RFC 3339, UTC), `target`, `namespace`
/// and `workload`, in this order, and then its own. What is not there is `null`. Durations are whole
/// milliseconds.
public struct EventJSON: Sendable {
  /// The version of the format. It grows when something is taken away or changes its meaning, not when
  /// something is added.
  public static let formatVersion = 1

  private let key: WorkloadKey
  private let target: String

  /// Renders the events of a workload.
  public init(_ key: WorkloadKey, target: String) {
    self.key = key
    self.target = target
  }

  /// `planned`: `plan` is what will be done, as ``PlanJSON`` has it.
  public func planned(_ plan: Plan, at: Timestamp) -> String {
    line(.planned, at, [.init("plan", PlanJSON.value(plan))])
  }

  /// `waiting`: `holder` holds the lock, `since` a moment.
  public func waiting(for holder: String, since: Timestamp, at: Timestamp) -> String {
    waiting(holder: .string(holder), since: .string(since.description), for: .null, at)
  }

  /// `waiting`: `dependencies` are not ready yet.
  public func waiting(for dependencies: [WorkloadKey], at: Timestamp) -> String {
    waiting(holder: .null, since: .null, for: .list(dependencies.map { .string($0.name) }), at)
  }

  private func waiting(
    holder: Value, since: Value, for dependencies: Value, _ at: Timestamp
  ) -> String {
    line(
      .waiting, at,
      [.init("holder", holder), .init("since", since), .init("dependencies", dependencies)])
  }

  /// `started`: the action `action` begins.
  public func started(_ action: Action, at: Timestamp) -> String { line(.started, at, Self.members(action)) }

  /// `progress`: what the provider has to say on an action that is under way is `message`.
  public func progress(_ action: Action, _ message: String, at: Timestamp) -> String {
    line(.progress, at, Self.members(action) + [.init("message", .string(message))])
  }

  /// `succeeded`: the action took `milliseconds`.
  public func succeeded(_ action: Action, after duration: Duration, at: Timestamp) -> String {
    line(.succeeded, at, Self.members(action) + [.init("milliseconds", Self.milliseconds(duration))])
  }

  /// `failed`: why is `message`; `log` has the last lines that the service wrote.
  public func failed(_ action: Action, _ message: String, logTail: [String], at: Timestamp) -> String {
    line(
      .failed, at,
      Self.members(action) + [
        .init("message", .string(message)), .init("log", .list(logTail.map(Value.string))),
      ])
  }

  /// `recorded`: the number is `release`; `restoredFrom` is the release that a rollback restored, and
  /// `destroyed` says whether it is the tombstone of a destroyed workload.
  public func recorded(_ release: Release, at: Timestamp) -> String {
    line(
      .recorded, at,
      [
        .init("release", Value(release.number)), .init("restoredFrom", Value(release.restoredFrom)),
        .init("destroyed", .bool(release.snapshot == nil)),
      ])
  }

  /// `goingBack`: the run failed, and the workload goes back to `release`; `null` means that what was made is
  /// taken away.
  public func goingBack(to release: Int?, at: Timestamp) -> String {
    line(.goingBack, at, [.init("release", Value(release))])
  }

  /// `finished`, the last event of a workload: `outcome` (`unchanged`, `succeeded`, `failed`, `interrupted`,
  /// `declined`, `refused`, `not-started`, `not-begun`), the `exit` status that follows from it alone, `run`, `release`,
  /// `milliseconds`, `failures` (`action` and `message`), `notStarted` (ids of actions), `because` (the workload that
  /// came to no good end, if this one was not started for that), `wentBack` and `diagnostics`.
  public func finished(_ end: WorkloadEnd, exit status: Int, at: Timestamp) -> String {
    line(
      .finished, at,
      [
        .init("outcome", .string(end.outcome.rawValue)), .init("exit", Value(status)),
        .init("run", Value(end.run?.description)), .init("release", Value(end.release)),
        .init("milliseconds", Self.milliseconds(end.duration)),
        .init(
          "failures",
          .list(
            end.failures.map {
              ["action": .string($0.action.description), "message": .string($0.message)]
            })),
        .init("notStarted", .list(end.notStarted.map { .string($0.description) })),
        .init("because", Value(end.cause?.key.name)),
        .init("wentBack", end.wentBack.map(Value.bool) ?? .null),
        .init("diagnostics", .list(end.diagnostics.map(DiagnosticsJSON.value))),
      ])
  }

  private func line(_ event: EventKind, _ at: Timestamp, _ members: [Value.Member]) -> String {
    let common: [Value.Member] = [
      .init("version", Value(Self.formatVersion)), .init("event", .string(event.rawValue)),
      .init("at", .string(at.description)), .init("target", .string(target)),
      .init("namespace", .string(key.namespace)), .init("workload", .string(key.name)),
    ]
    return CanonicalJSON.compact(.map(common + members)) + "\n"
  }

  private static func members(_ action: Action) -> [Value.Member] {
    [
      .init("action", .string(action.id.description)), .init("kind", .string(action.kind.rawValue)),
      .init("subject", action.subject.plain),
    ]
  }

  private static func milliseconds(_ duration: Duration) -> Value {
    .int(duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000)
  }
}
