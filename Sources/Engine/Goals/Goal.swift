import Planning
import WorkloadSpec

/// What is wanted of a workload.
public enum Goal: Sendable {
  /// That it becomes what a valid spec says.
  ///
  /// - Parameter services: only these services; `nil` means all, and what belongs to the workload itself.
  case spec(Workload, services: Set<String>?)

  /// That it becomes what a release says. Without a number: the current release if the last run failed, else
  /// the one before the active one.
  case release(Int?)

  /// That it goes away.
  ///
  /// - Parameter volumes: whether its volumes go too.
  case destroy(volumes: Bool)

  /// That it has so many instances, and is else as its last release has it.
  case scale(Int)

  /// What an operator asks of it, as its last release has it.
  case operation(Operation)
}

/// A workload and what is wanted of it.
public struct PlanRequest: Sendable {
  /// The workload.
  public var key: WorkloadKey
  /// What is wanted.
  public var goal: Goal

  /// A request.
  public init(key: WorkloadKey, goal: Goal) {
    self.key = key
    self.goal = goal
  }
}
