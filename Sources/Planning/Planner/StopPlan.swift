import WorkloadSpec

/// The actions that stop services, each after what depends on it.
struct StopPlan {
  let input: PlanInput
  let scope: ServiceScope

  /// Adds the actions of every instance. Those of a stateful set stop one after the other, the last one first.
  func add(to graph: inout ActionGraph) {
    let isOrdered = (input.desired ?? input.lastRelease?.snapshot)?.kind.hasStableInstances == true
    var previous: [ActionID] = []
    for instance in input.observation.instances.reversed() where instance.isAlive {
      let ids = add(instance, to: &graph)
      guard isOrdered, !ids.isEmpty else { continue }
      for id in ids { graph.order(id, after: previous) }
      previous = ids
    }
  }

  private func add(_ instance: ObservedInstance, to graph: inout ActionGraph) -> [ActionID] {
    if input.unit == .instance { return stopWhole(instance, &graph) }
    let order = ServiceOrder(instance.services.map(\.live.spec))
    var ids: [ActionID] = []
    for name in order.startOrder.reversed() {
      guard scope.contains(name, ordinal: instance.id.ordinal), let service = instance.service(name),
        service.state != .stopped || service.isUnsettled
      else { continue }
      let action = Action(
        .stop, .service(instance.id, name), isInterruption: interrupts(service, of: instance))
      graph.add(action)
      ids.append(action.id)
    }
    for name in order.startOrder {
      for dependency in order.dependencies(of: name) {
        graph.order(
          ActionID("stop \(ActionSubject.service(instance.id, dependency))"),
          after: [ActionID("stop \(ActionSubject.service(instance.id, name))")])
      }
    }
    return ids
  }

  private func stopWhole(_ instance: ObservedInstance, _ graph: inout ActionGraph) -> [ActionID] {
    let running = instance.services.filter { $0.state != .stopped || $0.isUnsettled }
    guard !running.isEmpty, scope.contains(ordinal: instance.id.ordinal) else { return [] }
    let action = Action(
      .stop, .instance(instance.id), isInterruption: running.contains { interrupts($0, of: instance) },
      reach: ActionReach(instances: [instance.id], services: running.map(\.name)))
    graph.add(action)
    return [action.id]
  }

  /// Whether nothing that goes on running does the service's work.
  private func interrupts(_ service: ObservedService, of instance: ObservedInstance) -> Bool {
    guard service.isServing else { return false }
    return !input.observation.instances.contains { other in
      other.id != instance.id && !scope.contains(service.name, ordinal: other.id.ordinal)
        && other.service(service.name)?.isReady == true
    }
  }
}
