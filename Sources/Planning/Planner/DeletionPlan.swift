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
  init(
    _ instance: ObservedInstance, causes: Set<Cause>, reason: ActionReason? = nil, desired: Workload?,
    isMissed: Bool = false
  ) {
    self.instance = instance
    order = ServiceOrder(instance.services.map(\.live.spec))
    if instance.isAlive {
      for name in order.startOrder.reversed() {
        guard let service = instance.service(name) else { continue }
        actions.append(
          Action(
            .delete, .service(instance.id, name), causes: causes,
            isInterruption: service.isServing
              && (isMissed || desired?.service(name) == nil || desired?.replicas == 0)))
      }
    }
    actions.append(Action(.delete, .instance(instance.id), causes: causes, reason: reason))
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
