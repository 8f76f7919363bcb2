import Diagnostics
import Planning
import WorkloadSpec

/// A workload and what is wanted of it.
public struct WorkloadRequest: Sendable {
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
  /// Whether fields that other clients keep on the engine, and that the spec states from now on, are taken from them.
  public var takesOwnership = false
  /// Whether the engine itself is asked what it would refuse, by a trial that changes nothing.
  public var asksEngine = false
  /// Whether it is deleted also if others depend on it.
  public var isForced: Bool
  /// Where each service's spec comes from; asked for only where a release is recorded or a plan saved.
  public var provenance: @Sendable () -> [String: Provenance]
  /// Where a field of the spec is written, by the name that plans have for it.
  public var place: @Sendable (String) -> SourceLocation? = { _ in nil }
  /// Why it is done also where policies do not allow it, as far as they may be overridden; `nil` if they hold.
  public var policyOverride: String?
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

  public init(
    key: WorkloadKey, goal: Goal, setName: String? = nil, pause: Pause? = nil, pins: Bool = false,
    runsBefore: Bool = false, adoption: AdoptionRequest? = nil, isForced: Bool = false,
    provenance: @escaping @Sendable () -> [String: Provenance] = { [:] }
  ) {
    self.key = key
    self.goal = goal
    self.setName = setName
    self.pause = pause
    self.pins = pins
    self.runsBefore = runsBefore
    self.adoption = adoption
    self.isForced = isForced
    self.provenance = provenance
  }

  /// The same, if the plans of the command have an identity together.
  public func expecting(_ id: String) -> WorkloadRequest {
    var request = self
    request.expected = id
    return request
  }
}
