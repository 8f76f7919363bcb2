import Diagnostics
import Planning

/// Who watches the runs of a command, and agrees to them. It is called from any thread.
public struct RunWatch: Sendable {
  /// Told of all plans, in order, before anything is done, and of the workloads whose plan is made at their turn, since
  /// now there can be none: what stands in the way is left for those to mend that come before.
  let proposed: @Sendable (_ plans: [Plan], _ later: [WorkloadKey: DiagnosticError]) -> Void
  /// Asked once with all plans that change anything, before anything is done; and with each plan that turns out to be
  /// another one at its turn, one at a time.
  let approve: @Sendable ([Plan]) async throws -> Bool
  /// Told of everything that happens.
  let events: @Sendable (WorkloadKey, RunEvent) -> Void
  /// Told once of each workload what became of it, and how long its turn took.
  let ended: @Sendable (WorkloadKey, RunEnding, Duration) -> Void

  /// A watch; without `approve`, it agrees to every plan.
  public init(
    proposed: @escaping @Sendable ([Plan], [WorkloadKey: DiagnosticError]) -> Void = { _, _ in },
    approve: @escaping @Sendable ([Plan]) async throws -> Bool = { _ in true },
    events: @escaping @Sendable (WorkloadKey, RunEvent) -> Void = { _, _ in },
    ended: @escaping @Sendable (WorkloadKey, RunEnding, Duration) -> Void = { _, _, _ in }
  ) {
    self.proposed = proposed
    self.approve = approve
    self.events = events
    self.ended = ended
  }
}
