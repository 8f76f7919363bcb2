import Diagnostics
import WorkloadSpec

/// How instances that must change give way: in place, or to new ones that come up beside them first.
struct ChangeOver {
  /// What decides it, once for the workload.
  enum Manner: Equatable {
    /// Each instance is changed where it is.
    case inPlace
    /// Each instance is changed where it is though the strategy says otherwise, for this reason.
    case inPlaceDespite(Obstacle)
    /// A new instance comes up beside the old one, which then goes.
    case beside
  }

  /// Why no second instance is made beside another one.
  enum Obstacle: Equatable {
    /// Both would have what only one can have at a time.
    case soleUse(SoleUse)
    /// Both would write to a volume that an image declares.
    case imageVolume(ImageVolume)
    /// Only some services were asked to change.
    case chosenServices
  }

  let manner: Manner
  private let strategy: StrategyType
  private let order: ServiceOrder
  private let desired: Workload

  init(input: PlanInput, desired: Workload, order: ServiceOrder) {
    self.desired = desired
    self.order = order
    strategy = desired.strategy.type
    manner = Self.manner(input, desired)
  }

  private static func manner(_ input: PlanInput, _ desired: Workload) -> Manner {
    // A stateful set's instances are one of a kind, and operators mean the instances that there are.
    guard input.operation == nil, desired.kind.takesSuccessors else { return .inPlace }
    switch desired.strategy.type {
    case .recreate: return .inPlace
    case .rolling where desired.strategy.maxSurge == 0 || desired.strategy.maxUnavailable > 0: return .inPlace
    case .rolling, .blueGreen, .canary:
      if let obstacle = obstacle(input, desired) { return .inPlaceDespite(obstacle) }
      return input.unit.isRolledByEngine ? .inPlace : .beside
    }
  }

  /// Why no second instance can be made beside another one, or must not be. It holds whatever the engine can do, the
  /// strategy says and the number is.
  private static func obstacle(_ input: PlanInput, _ desired: Workload) -> Obstacle? {
    if let use = input.soleUse(of: desired) { return .soleUse(use) }
    if let volume = ImageVolumeRule(observation: input.observation, desired: desired).shared {
      return .imageVolume(volume)
    }
    return input.services == nil || input.unit.isRolledByEngine ? nil : .chosenServices
  }

  /// Whether a plan that changes an instance in place should rather be one for another instance, which takes
  /// its place: where its work would be interrupted, and for the strategies that show the new before the old
  /// goes, wherever more than a running process notices would change.
  func isCalledFor(by plan: InstancePlan) -> Bool {
    guard manner != .inPlace, !plan.actions.isEmpty, let main = desired.mainName, plan.serves(main) else {
      return false
    }
    let changes = plan.actions.filter { !$0.leavesStopped }
    guard strategy == .rolling else {
      return changes.contains { action in
        switch action.kind {
        case .restart, .replace: !action.changes.isEmpty
        // What a run that did not end has made is completed.
        case .create, .delete: action.causes.contains(.spec) && !plan.isUnfinished
        case .adopt, .update, .start, .stop, .run, .scale, .hold, .record: false
        }
      }
    }
    // What main can't do without while it runs.
    let needed = order.needs(of: main) { desired.element($0)?.role != .`init` }.union([main])
    return changes.contains { action in
      guard action.kind.isReturning, !action.changes.isEmpty else { return false }
      return action.subject.service.map { needed.contains($0) && plan.serves($0) } ?? true
    }
  }
}

extension ChangeOver.Obstacle {
  /// What a person should know who expects a workload to be changed otherwise.
  func note(on workload: Workload) -> Diagnostic {
    let reason: String
    var help = "`strategy: {maxUnavailable: 1}` says that this is meant"
    switch self {
    case .soleUse(.hostPort(let port)): reason = "only one instance at a time can have the host port \(port)"
    case .soleUse(.referredPort(let port, let service)):
      reason =
        "another workload refers to port \(port) of \(service), which only one instance at a time can have on this engine"
    case .soleUse(.volume(let volume)):
      reason = "only one instance at a time may write to the volume `\(volume)`"
      help =
        "`strategy: {type: recreate}` says that this is meant; `access: many` is for volumes that services are made to share"
    case .imageVolume(let volume):
      reason =
        "only one instance at a time may write to the volume `\(volume.path)` that the image of `\(volume.service)` declares"
      help = "`strategy: {type: recreate}` says that this is meant"
    case .chosenServices: reason = "`--service` changes only the named services"
    }
    return Diagnostic(
      .changedInPlace, "`\(workload.name)` is changed in place, which interrupts it: \(reason)", help: help)
  }
}
