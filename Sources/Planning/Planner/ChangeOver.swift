import WorkloadSpec

/// How instances that must change give way: in place, or to new ones that come up beside them first.
struct ChangeOver {
  /// What decides it, once for the workload.
  enum Manner: Equatable {
    /// Each instance is changed where it is.
    case inPlace
    /// Each instance is changed where it is though the strategy says otherwise, for this reason.
    case inPlaceDespite(reason: String)
    /// A new instance comes up beside the old one, which then goes.
    case beside
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
    guard input.operation == nil, !input.engineRolls, desired.kind == .deployment else { return .inPlace }
    switch desired.strategy.type {
    case .recreate: return .inPlace
    case .rolling where desired.strategy.maxSurge == 0 || desired.strategy.maxUnavailable > 0: return .inPlace
    case .rolling, .blueGreen, .canary:
      return obstacle(input, desired).map { .inPlaceDespite(reason: $0) } ?? .beside
    }
  }

  /// Why no second instance can be made beside another one, or must not be.
  private static func obstacle(_ input: PlanInput, _ desired: Workload) -> String? {
    if input.services != nil { return "`--service` changes nothing but what it names" }
    for service in desired.services {
      if let port = service.ports.first(where: { $0.host != nil })?.host {
        return "only one instance at a time can have the host port \(port)"
      }
    }
    guard desired.strategy.type == .rolling, desired.replicas == 1 else { return nil }
    // Whoever has one instance need not have thought of two that write to one place.
    let mounted = input.observation.instances.flatMap(\.services).flatMap(\.live.spec.volumes).map(\.name)
    let shared = desired.services.flatMap(\.volumes).first {
      $0.type == .persistent && mounted.contains($0.name)
    }
    return shared.map { "two instances would share the volume `\($0.name)`" }
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
        case .update, .start, .stop, .scale, .record: false
        }
      }
    }
    let needed = services(neededBy: main)
    return changes.contains { action in
      guard action.kind == .restart || action.kind == .replace, !action.changes.isEmpty else { return false }
      return action.subject.service.map { needed.contains($0) && plan.serves($0) } ?? true
    }
  }

  /// A service and what it can't do without while it runs.
  private func services(neededBy name: String) -> Set<String> {
    var needed: Set<String> = [name]
    var open = [name]
    while let next = open.popLast() {
      for dependency in order.dependencies(of: next)
      where desired.service(dependency)?.role != .`init` && needed.insert(dependency).inserted {
        open.append(dependency)
      }
    }
    return needed
  }
}
