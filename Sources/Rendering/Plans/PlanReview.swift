import Planning
import WorkloadSpec

/// The plans of one command as a reviewer is shown them, with what belongs to all of them.
public struct PlanReview: Sendable {
  /// The plans, in the order of the command.
  public var plans: [Plan]
  /// The identity of all plans together (``Planning/PlanIdentity``), by which an apply may expect them; `nil` if not every
  /// workload could be planned for, or if the plans are of no apply.
  public var id: String?
  /// The command that carries out exactly these plans, as words of a shell.
  public var command: [String]
  /// Where the services' specs come from, for the workloads that change.
  public var origins: [WorkloadKey: [String: Provenance]]

  /// Plans to be reviewed.
  public init(
    _ plans: [Plan], id: String? = nil, command: [String] = [],
    origins: [WorkloadKey: [String: Provenance]] = [:]
  ) {
    self.plans = plans
    self.id = id
    self.command = command
    self.origins = origins
  }
}
