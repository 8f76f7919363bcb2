import WorkloadSpec

/// The one action on an instance that stands for the actions of its services, where an engine can't change one alone.
struct WholeInstance {
  let context: PlanContext
  let id: InstanceID
  let live: ObservedInstance?

  /// The action.
  ///
  /// - Parameters:
  ///   - actions: what would be done to the services, one by one.
  ///   - statements: what the engine says of their changes.
  ///   - interrupts: whether something stops working when a live service is away.
  func action(
    for actions: [Action], statements: [ImpactStatement], interrupts: (ObservedService) -> Bool
  ) -> Action {
    let kind = Self.kind(of: actions, statements)
    let touched = Set(actions.compactMap(\.subject.service))
    let running = (live?.services ?? []).filter { $0.live.spec.role != .`init` }
    let others = kind.makesAnew || kind == .restart ? running.filter { !touched.contains($0.name) } : []
    let stopped = (live?.services ?? []).filter { $0.live.spec.role != .`init` || touched.contains($0.name) }
    let reached = kind == .update || kind == .start ? touched.sorted() : stopped.map(\.name)
    return Action(
      kind, .instance(id), changes: changes(of: actions), causes: actions.causes,
      reason: statements.max { $0.scope < $1.scope }?.reason ?? actions.lazy.compactMap(\.reason).first,
      alsoRestarts: others.map(\.name).sorted(),
      isInterruption: kind.endsProcesses && (live?.services ?? []).contains(where: interrupts),
      leavesStopped: kind.handsSpecOver ? isKeptStopped : actions.allSatisfy(\.leavesStopped),
      reach: ActionReach(instances: [id], services: reached))
  }

  /// Whether operators stopped all of it: services that go with the change, and inits that have done their work, say
  /// nothing of that.
  private var isKeptStopped: Bool {
    context.order.startOrder.allSatisfy { context.operatorState.keepsStopped($0, ordinal: id.ordinal) }
  }

  /// Those of services, and the services that come and go.
  private func changes(of actions: [Action]) -> [Change] {
    actions.flatMap { action -> [Change] in
      guard let name = action.subject.service, action.kind == .create || action.kind == .delete else {
        return [action].changesByElement(of: context)
      }
      return [
        .ofElement(
          from: live?.service(name)?.live.spec, to: context.service(name), causes: action.causes)
      ]
    }
  }

  /// What comes or goes within an instance can't do so alone: the instance is made anew.
  private static func kind(of actions: [Action], _ statements: [ImpactStatement]) -> ActionKind {
    let kinds = Set(actions.map(\.kind))
    let impact = statements.map(\.impact).max() ?? .inPlace
    if impact == .replace || !kinds.isDisjoint(with: [.create, .delete, .replace]) { return .replace }
    if impact == .restart || kinds.contains(.restart) { return .restart }
    if kinds.contains(.update) { return .update }
    return kinds.contains(.start) ? .start : .stop
  }
}

extension [Action] {
  /// All causes together.
  var causes: Set<Cause> { reduce(into: []) { $0.formUnion($1.causes) } }

  /// All changes of elements together, as changes of what holds them: `services[api].env.LEVEL`.
  func changesByElement(of context: PlanContext) -> [Change] {
    flatMap { action in
      guard let element = action.subject.service.flatMap({ context.service($0) }) else {
        return action.changes
      }
      return action.changes.map { $0.within("\(element.place).") }
    }
  }
}

extension Change {
  /// An element that comes or goes within what holds it, without what must not be shown of it.
  static func ofElement(from old: AnyElement?, to new: AnyElement?, causes: Set<Cause>) -> Change {
    func side(_ element: AnyElement?) -> ChangeValue { element.map { .value($0.shownEssence) } ?? .absent }
    return Change(
      path: (new ?? old)?.place ?? "", old: side(old), new: side(new), causes: causes, impact: .replace)
  }
}
