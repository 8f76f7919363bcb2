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

/// A workload and what is wanted of it.
public struct PlanRequest: Sendable {
  /// The workload that the goal is for.
  public var key: WorkloadKey
  /// What is wanted.
  public var goal: Goal
  /// The named set that the workload is applied under; `nil` leaves it where it is.
  public var setName: String?
  /// Asks for a rollout to stop between its first new instances and the end of the old ones.
  public var pause: Pause?
  /// Whether the tags of images are recorded with the digests that they lead to.
  public var pins: Bool
  /// Whether going back to a release, be it asked for or because a run failed, runs the services of that release that
  /// run once per run.
  public var runsBefore: Bool
  /// Asks to take over what is there and berth did not create; `nil` leaves that alone.
  public var adoption: AdoptionRequest?
  /// Whether it is deleted also if others depend on it.
  public var isForced: Bool
  /// The identity that the plans of the command must have together (``Planning/PlanIdentity``); `nil` if any will do.
  public var expected: String?

  /// What a saved plan asks for.
  ///
  /// - Parameter pause: who pauses the rollout, and when, if the plan says that it pauses.
  public init(_ saved: SavedPlan, pause: Pause) {
    self.init(
      key: saved.key, goal: .saved(saved), setName: saved.setName, pause: saved.pauses ? pause : nil,
      adoption: saved.adoption)
  }

  /// A request.
  public init(
    key: WorkloadKey, goal: Goal, setName: String? = nil, pause: Pause? = nil, pins: Bool = false,
    runsBefore: Bool = false, adoption: AdoptionRequest? = nil, isForced: Bool = false
  ) {
    self.key = key
    self.goal = goal
    self.setName = setName
    self.pause = pause
    self.pins = pins
    self.runsBefore = runsBefore
    self.adoption = adoption
    self.isForced = isForced
  }
}
