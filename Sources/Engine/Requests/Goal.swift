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

  /// That its paused rollout is finished: the old instances go, and a release is recorded.
  case promote

  /// That its paused rollout is taken back: the new instances go.
  case abort

  /// That what a plan says happens, which was saved before: that and nothing else.
  case saved(SavedPlan)
}
