import WorkloadSpec

/// What comes and goes where instances give way to others, and in which order.
struct RolloutPlan {
  /// The order in which instances come and go.
  let order: RolloutOrder
  private let deletions: [DeletionPlan]
  /// The instances that will be there when it is finished.
  private let successors: [InstanceID]
  /// What happens to the instances that stay and come, where each has to be alone; `nil` where they need not be.
  private let solo: (staying: [Action], coming: [Action])?

  /// - Parameter isAlone: whether no instance may start before those that go have ended.
  init(
    input: PlanInput, desired: Workload, places: [SlotPlan], surplus: [ObservedInstance], isAlone: Bool
  ) {
    let main = desired.mainName ?? ""
    let staying = places.map(\.instance).filter(\.isAlive)
    let steady = staying.filter { $0.actions.isEmpty && $0.serves(main) }
    var mended: [RolloutOrder.Move] = []
    var coming: [RolloutOrder.Move] = []
    for instance in places.map(\.instance) where !instance.actions.isEmpty {
      let move = RolloutOrder.Move(
        id: instance.id, actions: instance.actions, works: !instance.keepsStopped(main))
      if !instance.isAlive { coming.append(move) } else if move.works { mended.append(move) }
    }
    var fates: [InstanceID: (causes: Set<Cause>, successor: InstanceID)] = [:]
    for place in places {
      for instance in place.leaving {
        fates[instance.id] = (Self.causes(of: instance, leaving: place, input), place.instance.id)
      }
    }
    let going = Self.sorted(surplus, leaving: places.flatMap(\.leaving), main: main, input)
    deletions = going.map { instance in
      let fate = fates[instance.id]
      return DeletionPlan(
        instance, causes: fate?.causes ?? input.causesOfSurplus,
        reason: fate.map { .isReplaced(by: $0.successor) }, desired: desired,
        isMissed: isAlone && !steady.contains { $0.isReady }, unit: input.unit)
    }
    let instances = places.map(\.instance)
    solo =
      isAlone
      ? (
        instances.filter(\.isAlive).flatMap(\.actions), instances.filter { !$0.isAlive }.flatMap(\.actions)
      ) : nil
    order = RolloutOrder(
      strategy: desired.strategy, wanted: places.count, live: input.observation.instances.count,
      working: steady.count, mended: mended, coming: coming,
      going: deletions.map { deletion in
        .init(
          id: deletion.instance.id, actions: deletion.actions, works: deletion.instance.works(main))
      }, established: staying.count)
    successors = places.map(\.instance.id)
  }

  /// Instances that do no work come first: broken ones, those that an unfinished run has left, those beyond the
  /// wanted number; then the others in the order in which they are replaced.
  private static func sorted(
    _ surplus: [ObservedInstance], leaving: [ObservedInstance], main: String, _ input: PlanInput
  ) -> [ObservedInstance] {
    func isLeftover(_ instance: ObservedInstance) -> Bool {
      instance.services.contains { input.incompleteRuns.contains($0.stamp.run) }
    }
    func rank(_ instance: ObservedInstance) -> Int {
      !instance.works(main) ? 0 : !instance.isReady ? 1 : isLeftover(instance) ? 2 : 3
    }
    let instances = surplus.sorted { $0.id > $1.id } + leaving
    return (0...3).flatMap { wanted in instances.filter { rank($0) == wanted } }
  }

  /// Why an instance gives way.
  private static func causes(
    of instance: ObservedInstance, leaving place: SlotPlan, _ input: PlanInput
  ) -> Set<Cause> {
    if instance.services.contains(where: { input.incompleteRuns.contains($0.stamp.run) }) {
      return [.unfinished]
    }
    if place.isSuccessor { return place.instance.actions.first?.causes ?? [] }
    if input.operatorState.rollout != nil { return [.spec] }
    return input.incompleteRuns.isEmpty ? [.drift] : [.unfinished]
  }

  /// Adds the departures, and what must come before what.
  func add(to graph: inout ActionGraph) {
    for deletion in deletions { deletion.add(to: &graph) }
    guard let solo else { return order.add(to: &graph) }
    let gone = deletions.flatMap(\.actions).map(\.id)
    for action in solo.staying { graph.order(action.id, after: gone) }
    for action in solo.coming { graph.order(action.id, after: gone + solo.staying.map(\.id)) }
  }

  /// The new instances that there are once some actions are carried out.
  func instances(in actions: [Action]) -> [InstanceID] {
    let made = Set(actions.compactMap(\.subject.instance))
    let coming = Set(order.coming.map(\.id))
    return successors.filter { !coming.contains($0) || made.contains($0) }
  }
}

extension PlanInput {
  /// Why there are more instances than wanted: the number was changed, or something made more of them.
  var causesOfSurplus: Set<Cause> {
    guard let last = lastRelease?.snapshot else {
      return incompleteRuns.isEmpty ? [.spec] : [.spec, .unfinished]
    }
    if InstanceNumber(of: last, in: self).value != desired?.replicas { return [.spec] }
    return incompleteRuns.isEmpty ? [.drift] : [.unfinished]
  }
}

extension ObservedInstance {
  /// Whether it does a service's work.
  fileprivate func works(_ service: String) -> Bool { isAlive && self.service(service)?.isServing == true }
}
