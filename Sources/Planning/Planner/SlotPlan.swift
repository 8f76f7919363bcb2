import WorkloadSpec

/// What happens in one place among the replicas: to the instance that stays there or comes, and to those that go.
struct SlotPlan {
  /// The instance that there will be.
  private(set) var instance: InstancePlan
  /// The instances whose place it takes, in order.
  let leaving: [ObservedInstance]
  /// Whether it is one that comes up beside another.
  let isSuccessor: Bool
  /// Why an instance that had better given way to another is changed where it is.
  let obstacle: ChangeOver.Obstacle?

  /// Chooses among the instances that live there one that can become what is wanted where it is, or makes
  /// another one.
  init(
    _ slot: InstanceSlots.Slot, _ context: PlanContext, changeOver: ChangeOver
  ) {
    func plan(
      _ id: InstanceID, _ live: ObservedInstance?, insteadOf other: InstancePlan? = nil
    ) -> InstancePlan {
      var plan = InstancePlan(context, id: id, live: live)
      plan.run(changesOfPredecessor: other?.actions)
      return plan
    }
    let candidates = slot.live.map { plan($0.id, $0) }
    let staying = candidates.filter { !changeOver.isCalledFor(by: $0) }
    if case .inPlaceDespite(let reason) = changeOver.manner, staying.isEmpty, !candidates.isEmpty {
      obstacle = reason
    } else {
      obstacle = nil
    }
    if let chosen = Self.best(of: obstacle == nil ? staying : candidates) {
      instance = chosen
      isSuccessor = false
    } else if let predecessor = Self.best(of: candidates) {
      let generation = (slot.live.map(\.id.generation).max() ?? 0) + 1
      instance = plan(InstanceID(slot.ordinal, generation: generation), nil, insteadOf: predecessor)
      isSuccessor = true
    } else {
      instance = plan(InstanceID(slot.ordinal), nil)
      isSuccessor = false
    }
    let id = instance.id
    leaving = slot.live.filter { $0.id != id }
  }

  /// Whether one instance gives way to another.
  var givesWay: Bool { isSuccessor || !leaving.isEmpty }

  /// The instance that works best already, and of several the latest.
  private static func best(of plans: [InstancePlan]) -> InstancePlan? {
    plans.max { left, right in left.standing < right.standing }
  }

  /// Has the instance wait until it is ready before anything relies on it.
  mutating func awaitReadiness() {
    guard instance.isAlive, !instance.isReady else { return }
    instance.awaitReadiness()
  }
}
