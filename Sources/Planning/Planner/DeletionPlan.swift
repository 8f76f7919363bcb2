import WorkloadSpec

/// The actions that take an instance away: its services, each after what depends on it, and then the rest.
struct DeletionPlan {
  let instance: ObservedInstance
  private(set) var actions: [Action] = []
  private let order: ServiceOrder

  /// - Parameters:
  ///   - causes: why it goes.
  ///   - desired: the workload as it will be; what it has no more is missed.
  ///   - isMissed: whether nothing else does its work until it has gone.
  ///   - unit: what the engine can change by itself.
  init(
    _ instance: ObservedInstance, causes: Set<Cause>, reason: ActionReason? = nil, desired: Workload?,
    isMissed: Bool = false, unit: UnitOfChange
  ) {
    self.instance = instance
    order = ServiceOrder(instance.services.map(\.live.spec))
    func interrupts(_ service: ObservedService) -> Bool {
      service.isServing && (isMissed || desired?.element(service.name) == nil || desired?.replicas == 0)
    }
    var whole = Action(.delete, .instance(instance.id), causes: causes, reason: reason)
    let services = instance.isAlive ? order.startOrder.reversed().compactMap(instance.service) : []
    if unit == .instance {
      whole.isInterruption = services.contains(where: interrupts)
      whole.reach = ActionReach(instances: [instance.id], services: services.map(\.name))
    } else {
      actions = services.map { service in
        Action(
          .delete, .service(instance.id, service.name), causes: causes, isInterruption: interrupts(service))
      }
    }
    actions.append(whole)
  }

  /// Adds the actions and what must come before what among them.
  func add(to graph: inout ActionGraph) {
    for action in actions { graph.add(action) }
    for action in actions {
      guard let name = action.subject.service else {
        graph.order(action.id, after: actions.map(\.id))
        continue
      }
      for dependency in order.dependencies(of: name) {
        graph.order(
          ActionID("delete \(ActionSubject.service(instance.id, dependency))"), after: [action.id])
      }
    }
  }
}
