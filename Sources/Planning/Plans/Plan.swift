import Diagnostics
import WorkloadSpec

/// The ordered graph of actions that turns the live state into the desired one, with the changes that cause each.
public struct Plan: Sendable {
  /// The workload that the plan changes.
  public let key: WorkloadKey
  /// The name of the target.
  public let target: String
  /// The engine it was made for.
  public let engine: EngineIdentity
  /// What its user asks for: to apply, to go back to a release, to destroy, or an operation.
  public let intent: RunIntent
  /// The number of the release that it starts from.
  public let base: Int?
  /// The whole workload as it will be; `nil` when it is to be destroyed.
  public let desired: Workload?
  /// What differs from the last release in the workload itself: replicas, strategy, labels.
  public let workloadChanges: [Change]
  /// The actions, each after those it waits for.
  public let actions: [Action]
  /// Where the plan pauses a rollout: the actions that promoting it has still to perform.
  public let afterPause: [Action]
  /// What a person should know before agreeing.
  public var notes: Diagnostics
  /// The volumes that nothing will use any more, and that are kept.
  public let detachedVolumes: [ObservedVolume]
  /// What operators asked of the workload, as it will be known.
  public let operatorState: OperatorState
  /// The services whose image is given a digest by this plan, as `--pin` asks.
  public let newPins: Set<String>
  /// What the tags that services are made from resolve to, as far as they were looked up.
  public let images: [ImageLead]
  /// A paused rollout of another spec, because of which the plan can't be carried out.
  public let blockingRollout: PausedRollout?

  public init(
    key: WorkloadKey, target: String, engine: EngineIdentity, intent: RunIntent, base: Int?,
    desired: Workload?,
    workloadChanges: [Change], actions: [Action], afterPause: [Action] = [], notes: Diagnostics,
    detachedVolumes: [ObservedVolume], operatorState: OperatorState = OperatorState(),
    newPins: Set<String> = [], images: [ImageLead] = [], blockingRollout: PausedRollout? = nil
  ) {
    self.key = key
    self.target = target
    self.engine = engine
    self.intent = intent
    self.base = base
    self.desired = desired
    self.workloadChanges = workloadChanges
    self.actions = actions
    self.afterPause = afterPause
    self.notes = notes
    self.detachedVolumes = detachedVolumes
    self.operatorState = operatorState
    self.newPins = newPins
    self.images = images
    self.blockingRollout = blockingRollout
  }

  /// The workload as an action makes its instance: the new instances of a paused rollout have a spec of their
  /// own.
  public func desired(for action: Action) -> Workload? {
    guard let rollout = operatorState.rollout else { return desired }
    // A controller has the new template, and keeps the old instances by itself.
    if action.subject == .workload, action.kind.isPerformed { return rollout.snapshot }
    return action.subject.instance.map(rollout.instances.contains) == true ? rollout.snapshot : desired
  }

  /// The images that are given a digest by this plan, with it, in the order of the services.
  public var pinnedImages: [(service: String, image: String)] {
    (newPins.isEmpty ? [] : desired?.elements ?? []).compactMap { element in
      newPins.contains(element.name) ? element.containerImage.map { (element.name, $0) } : nil
    }
  }

  /// Whether it pauses a rollout.
  public var pauses: Bool { !afterPause.isEmpty }

  /// Whether there is nothing to do.
  public var isEmpty: Bool { actions.isEmpty }

  /// Whether a release will be recorded.
  public var recordsRelease: Bool { actions.contains { !$0.kind.isPerformed && $0.subject == .workload } }

  /// Whether what operators asked changes, and is written down: by their asking, or with the workload's end.
  public var recordsOperatorState: Bool {
    desired == nil || actions.contains { !$0.kind.isPerformed && $0.subject == .operatorState }
  }

  /// How many actions there are of each kind that concern services, in the order of ``ActionKind``.
  public var counts: [(kind: ActionKind, count: Int)] { Self.counts(of: actions) }

  /// How many of some actions there are of each kind that concern services, in the order of ``ActionKind``.
  public static func counts(of actions: [Action]) -> [(kind: ActionKind, count: Int)] {
    ActionKind.allCases.compactMap { kind in
      let count = actions.count { action in
        guard action.kind == kind else { return false }
        // An instance comes and goes with its services: counting both would count twice.
        if case .instance = action.subject, kind == .create || kind == .delete { return action.reach != nil }
        return true
      }
      return count > 0 ? (kind, count) : nil
    }
  }
}
