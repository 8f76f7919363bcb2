import Diagnostics
import WorkloadSpec

/// The actions that make one instance what is wanted.
struct InstancePlan {
  private let context: PlanContext
  let id: InstanceID
  private(set) var actions: [Action] = []
  private(set) var notes = Diagnostics()

  /// Whether what runs and is not ready is waited for.
  private var awaitsReadiness = false
  /// The services that are stopped before they are changed, since their change waits for what takes something over from them.
  private var stoppedFirst: Set<String> = []
  /// What is there under its name, alive or not.
  private let remains: ObservedInstance?
  private let live: ObservedInstance?
  /// Where the services that live are in the instance, by name.
  private let indices: [String: Int]

  init(_ context: PlanContext, id: InstanceID, live remains: ObservedInstance?) {
    self.context = context
    self.id = id
    self.remains = remains
    live = remains.flatMap { $0.isAlive ? $0 : nil }
    let services = live?.services ?? []
    indices = Dictionary(services.indices.lazy.map { (services[$0].name, $0) }) { first, _ in first }
  }

  private var input: PlanInput { context.input }

  private func observed(_ service: String) -> ObservedService? {
    indices[service].flatMap { live?.services[$0] }
  }

  /// Finds the actions.
  ///
  /// - Parameter predecessor: the actions that would have changed the instance whose place this one takes.
  mutating func run(changesOfPredecessor predecessor: [Action]? = nil) {
    if live == nil {
      createInstance(insteadOf: predecessor)
    } else {
      changeServices()
      if input.operation == nil {
        deleteServices()
        // What is changed whole stops whole.
        if input.unit == .service { handOver() }
      }
      widenScope()
    }
  }

  /// Finds the actions again, for an instance that others rely on: it is waited for until it is ready.
  mutating func awaitReadiness() {
    awaitsReadiness = true
    actions = []
    stoppedFirst = []
    notes = Diagnostics()
    run()
  }

  /// Whether it is there, and services can live in it.
  var isAlive: Bool { live != nil }

  /// Whether it is there with all its services, and every one is ready.
  var isReady: Bool { live?.isReady == true && context.wanted.allSatisfy { indices[$0] != nil } }

  /// How far it is from working: of two, the greater is better, and of two alike the later one.
  var standing: (Int, Int, Int) { (isReady ? 1 : 0, isAlive ? 1 : 0, id.generation) }

  /// Whether a run that did not end made any of it.
  var isUnfinished: Bool {
    live?.services.contains { input.incompleteRuns.contains($0.stamp.run) } ?? false
  }

  /// Whether a service is ready now.
  func isReady(_ service: String) -> Bool { observed(service)?.isReady ?? false }

  /// Whether a service works now, as well as it may.
  func serves(_ service: String) -> Bool { observed(service)?.isServing ?? false }

  // MARK: A new instance

  private mutating func createInstance(insteadOf predecessor: [Action]?) {
    guard input.services == nil, input.operation?.scope?.service == nil else {
      notes.report(
        .driftElsewhere, "instance \(id) is away, and `--service` does not bring it back",
        help: input.operation == nil ? "apply the whole workload" : "leave `--service` out")
      return
    }
    let causes = predecessor?.causes ?? absenceCauses(wasReleased: wasInstanceReleased)
    var whole = Action(
      .create, .instance(id), changes: predecessor?.changesByElement(of: context) ?? [], causes: causes,
      reason: predecessor == nil ? remains?.message.map { .isGone(message: $0) } : .comesUpFirst)
    if input.unit == .instance {
      whole.reach = ActionReach(instances: [id], services: context.wanted)
      whole.leavesStopped = context.order.startOrder.allSatisfy(keepsStopped)
    }
    actions.append(whole)
    if input.unit == .instance { return }
    for name in context.order.startOrder {
      // Why a service comes along is said of the instance; only what its predecessor lacks has its own causes.
      let added = predecessor?.first { $0.kind == .create && $0.subject.service == name }
      actions.append(
        Action(
          .create, .service(id, name), causes: predecessor == nil ? causes : added?.causes ?? [],
          leavesStopped: keepsStopped(name)))
    }
  }

  /// Whether operators stopped a service.
  func keepsStopped(_ service: String) -> Bool {
    context.operatorState.keepsStopped(service, ordinal: id.ordinal)
  }

  private var wasInstanceReleased: Bool {
    guard let last = context.last else { return false }
    return remains != nil || id.ordinal.map { $0 < InstanceNumber(of: last, in: input).value } ?? false
  }

  /// Why something is not there.
  private func absenceCauses(wasReleased: Bool) -> Set<Cause> {
    guard wasReleased else { return [.spec] }
    // A run that did not end may have taken it away to replace it.
    return input.incompleteRuns.isEmpty ? [.drift] : [.unfinished]
  }

  // MARK: Services that stay or come

  private mutating func changeServices() {
    for index in context.startOrder {
      let name = context.elements[index].name
      if let scope = input.operation?.scope, !scope.contains(name, ordinal: id.ordinal) { continue }
      let action =
        if let live, let place = indices[name] {
          action(for: context.elements[index], live.services[place])
        } else {
          Action(
            .create, .service(id, name), causes: absenceCauses(wasReleased: context.released.contains(name)),
            leavesStopped: keepsStopped(name))
        }
      guard let action else { continue }
      // What is changed whole comes along, and what a run left undone of it is completed with it.
      let comesAlong = input.unit != .service && action.causes.contains(.unfinished)
      if let selected = input.services, !selected.contains(name), !comesAlong {
        notes.report(
          .driftElsewhere, "`\(name)` of instance \(id) is not as the last release says, and is left so",
          help: "apply without `--service` to mend it")
      } else {
        actions.append(action)
      }
    }
  }

  private func action(for service: AnyElement, _ live: ObservedService) -> Action? {
    let changes = context.diff.changes(of: service, from: live)
    let subject = ActionSubject.service(id, service.name)
    let hasDone = live.hasCompleted && changes.allSatisfy { $0.impact == .inPlace }
    if keepsStopped(service.name), !hasDone {
      return stoppedAction(for: service, live, changes, subject)
    }
    if case .restart = input.operation, service.role != .`init` {
      return restart(service, live, changes, subject)
    }
    guard !changes.isEmpty else { return start(service, live, subject) }
    let statement = statement(for: service, changes)
    var kind: ActionKind =
      switch statement.impact {
      case .inPlace: .update
      case .restart: .restart
      case .replace: .replace
      }
    // What does not run, or not well, gets its change by being started again.
    let start = start(service, live, subject)
    if kind == .update, start != nil { kind = .restart }
    // An init runs once: what runs again must be made anew.
    if service.role == .`init`, kind == .restart { kind = .replace }
    let causes = changes.reduce(into: Set<Cause>()) { $0.formUnion($1.causes) }
    return Action(
      kind, subject, changes: changes, causes: causes.union(start?.causes ?? []),
      reason: statement.reason ?? start?.reason, isInterruption: kind != .update && interrupts(live))
  }

  /// What is done to a service that operators stopped: it is changed where it differs, and does not start.
  private func stoppedAction(
    for service: AnyElement, _ live: ObservedService, _ changes: [Change], _ subject: ActionSubject
  ) -> Action? {
    guard !changes.isEmpty else {
      guard live.state != .stopped || live.isUnsettled else { return nil }
      return Action(
        .stop, subject, causes: [input.incompleteRuns.isEmpty ? .drift : .unfinished],
        reason: .staysStopped, isInterruption: interrupts(live))
    }
    let statement = statement(for: service, changes)
    return Action(
      statement.impact == .replace ? .replace : .update, subject, changes: changes,
      causes: changes.reduce(into: []) { $0.formUnion($1.causes) }, reason: statement.reason,
      isInterruption: interrupts(live), leavesStopped: true)
  }

  /// Stops and starts a service, and gives it on the way what it should have.
  private func restart(
    _ service: AnyElement, _ live: ObservedService, _ changes: [Change], _ subject: ActionSubject
  ) -> Action {
    let statement = statement(for: service, changes)
    return Action(
      statement.impact == .replace ? .replace : .restart, subject, changes: changes,
      causes: changes.reduce(into: []) { $0.formUnion($1.causes) },
      reason: changes.isEmpty ? nil : statement.reason, isInterruption: interrupts(live))
  }

  /// A service that is as wanted but does not run, where it should.
  private func start(_ service: AnyElement, _ live: ObservedService, _ subject: ActionSubject) -> Action? {
    if service.role == .`init` {
      if live.hasCompleted { return nil }
      return Action(.start, subject, causes: causesToStart(live), reason: .hasNotCompleted)
    }
    if live.isUnsettled {
      return Action(.start, subject, causes: [.unfinished], reason: .wasBeingReplaced)
    }
    switch live.state {
    case .failed:
      return Action(.start, subject, causes: causesToStart(live), reason: .hasFailed(exitCode: live.exitCode))
    case .stopped where service.restart == .always || live.exitCode == nil:
      return Action(
        .start, subject, causes: causesToStart(live), reason: .doesNotRun(exitCode: live.exitCode))
    case .provisioning, .starting, .running:
      // What a broken run started counts as applied only when it has become ready; to start what runs is to
      // wait for that.
      guard !live.isReady, awaitsReadiness || !input.incompleteRuns.isEmpty else { return nil }
      return Action(
        .start, subject, causes: [input.incompleteRuns.isEmpty ? .drift : .unfinished],
        reason: .isNotReady)
    default: return nil
    }
  }

  /// Why what does not run, or has not completed, does not.
  private func causesToStart(_ live: ObservedService) -> Set<Cause> {
    if case .start = input.operation { return [] }
    if live.adoption != nil { return [.spec] }
    let isUnfinished =
      input.incompleteRuns.contains(live.stamp.run)
      // A run that started or stopped services left no trace on them.
      || (live.state == .stopped && live.exitCode == nil && !input.incompleteRuns.isEmpty)
    return [isUnfinished ? .unfinished : .drift]
  }

  private func statement(for service: AnyElement, _ changes: [Change]) -> ImpactStatement {
    input.statement(of: ServiceChange(desired: service, changes: changes))
  }

  /// Whether nothing else does a service's work while this one is away.
  private func interrupts(_ service: ObservedService) -> Bool {
    guard service.isServing else { return false }
    if context.desired.strategy.type == .recreate { return true }
    // Where there may be only one, any other has gone by then.
    if context.soleUse != nil, context.desired.replicas == 1 { return true }
    return !input.observation.instances.contains { other in
      other.id != id && other.service(service.name)?.isReady == true
    }
  }

  // MARK: Services that go

  private mutating func deleteServices() {
    guard indices.keys.contains(where: { !context.wants($0) }) else { return }
    let gone = (live?.services ?? []).filter { !context.wants($0.name) }
    for name in ServiceOrder(gone.map(\.live.spec)).startOrder.reversed() {
      guard let service = observed(name) else { continue }
      if let selected = input.services, !selected.contains(name) { continue }
      let causes: Set<Cause>
      if context.released.contains(name) {
        causes = [.spec]
      } else if input.incompleteRuns.contains(service.stamp.run) {
        causes = [.unfinished]
      } else {
        causes = [context.last == nil ? .spec : .drift]
      }
      actions.append(
        Action(.delete, .service(id, name), causes: causes, isInterruption: service.isServing))
    }
  }

  // MARK: Volumes and host ports that change hands

  /// Stops what has to give a volume or a host port up before its taker starts, where it can't be changed by then: it needs
  /// the taker itself, or takes something over from it, as services do that swap their ports.
  private mutating func handOver() {
    for action in actions where action.subject.service.map({ context.wants($0) }) ?? false {
      guard let taker = action.subject.service else { continue }
      for holder in live?.services ?? [] {
        guard holder.state != .stopped || holder.isUnsettled, takesOver(from: holder.name, action),
          !stoppedFirst.contains(holder.name),
          let change = actions.first(where: { $0.subject == .service(id, holder.name) && $0.kind != .delete }
          ),
          waits(holder.name, for: taker)
        else { continue }
        stoppedFirst.insert(holder.name)
        actions.append(
          Action(
            .stop, .service(id, holder.name), causes: change.causes,
            reason: takesVolume(of: holder.name, action) ? .givesVolume(to: taker) : .givesPort(to: taker),
            isInterruption: interrupts(holder)))
      }
    }
  }

  /// Whether a service is changed only after another one, directly or not.
  private func waits(_ service: String, for other: String) -> Bool {
    var seen: Set<String> = [service]
    var open = [service]
    while let next = open.popLast() {
      var before = context.order.needs(of: next)
      for action in actions where action.subject == .service(id, next) && action.kind != .stop {
        for holder in actions.compactMap(\.subject.service)
        where !stoppedFirst.contains(holder) && takesOver(from: holder, action) { before.insert(holder) }
      }
      if before.contains(other) { return true }
      open += before.filter { seen.insert($0).inserted }
    }
    return false
  }

  /// Whether an action's service takes over a volume that another one has now and gives up, and that only one of them
  /// may write to.
  private func takesVolume(of holder: String, _ action: Action) -> Bool {
    guard action.kind != .delete, action.kind != .stop, let name = action.subject.service, name != holder,
      let service = context.service(name)
    else { return false }
    let isShared = !context.desired.kind.hasStableInstances
    let held = observed(name).map { Self.keptVolumes(of: $0.live.spec) } ?? []
    let taken = service.volumes.filter {
      $0.outlivesInstances && !$0.readOnly && !(isShared && $0.access == .many) && !held.contains($0.name)
    }
    guard !taken.isEmpty, let old = observed(holder) else { return false }
    let kept = context.service(holder).map(Self.keptVolumes) ?? []
    let givenUp = Self.keptVolumes(of: old.live.spec).subtracting(kept)
    return taken.contains { givenUp.contains($0.name) }
  }

  private static func keptVolumes(of service: AnyElement) -> Set<String> {
    Set(service.volumes.filter(\.outlivesInstances).map(\.name))
  }

  // MARK: Engines that can't change one service alone

  /// Turns the actions of services into one of the instance, if that is what the engine changes, or if the provider says
  /// that one of the changes reaches so far.
  private mutating func widenScope() {
    guard !actions.isEmpty else { return }
    let statements = actions.filter { !$0.changes.isEmpty }.compactMap { action -> ImpactStatement? in
      guard let service = action.subject.service.flatMap({ context.service($0) }) else { return nil }
      return statement(for: service, action.changes)
    }
    guard input.unit != .service || statements.contains(where: { $0.scope > .service }) else { return }
    let whole = WholeInstance(context: context, id: id, live: live)
    actions = [whole.action(for: actions, statements: statements) { interrupts($0) }]
  }

  // MARK: Order

  /// Adds what must come before what within the instance.
  func addEdges(to graph: inout ActionGraph) {
    guard !actions.isEmpty else { return }
    var byService: [String: Action] = [:]
    for action in actions {
      guard let name = action.subject.service else { continue }
      if action.kind == .stop, stoppedFirst.contains(name) { continue }
      byService[name] = action
    }
    let instance = actions.first { $0.subject == .instance(id) && $0.kind == .create }
    for (name, action) in byService where action.kind != .delete {
      for before in context.order.dependencies(of: name).compactMap({ byService[$0] }) {
        if before.kind == .stop {
          // What is used is stopped after what uses it.
          if action.kind == .stop { graph.order(before.id, after: [action.id]) }
        } else if action.kind != .stop {
          graph.order(action.id, after: [before.id])
        }
      }
      if let instance { graph.order(action.id, after: [instance.id]) }
    }
    orderDeletes(byService, in: &graph)
    orderTakeovers(byService, in: &graph)
  }

  /// What goes does so after what used it, and when the rest has become what it should be; unless its host
  /// port or its volume is wanted.
  private func orderDeletes(_ byService: [String: Action], in graph: inout ActionGraph) {
    let deletes = byService.filter { $0.value.kind == .delete }
    guard !deletes.isEmpty else { return }
    let gone = ServiceOrder(deletes.keys.compactMap { observed($0)?.live.spec }.sorted { $0.name < $1.name })
    for name in deletes.keys.sorted() {
      for dependency in gone.dependencies(of: name) {
        if let action = deletes[dependency], let user = deletes[name] {
          graph.order(action.id, after: [user.id])
        }
      }
    }
    let freed = deletes.filter { name, _ in byService.values.contains { takesOver(from: name, $0) } }
    if freed.isEmpty {
      let others = byService.values.filter { $0.kind != .delete }.map(\.id)
      for action in deletes.values { graph.order(action.id, after: others) }
    }
  }

  /// A host port must be free before another service can take it, and a volume of one writer must have none.
  private func orderTakeovers(_ byService: [String: Action], in graph: inout ActionGraph) {
    for name in stoppedFirst.sorted() {
      guard let change = byService[name] else { continue }
      let stop = ActionID("stop \(change.subject)")
      graph.order(change.id, after: [stop])
      for action in byService.values where takesOver(from: name, action) {
        graph.order(action.id, after: [stop])
      }
    }
    for action in byService.values.sorted(by: { $0.id < $1.id }) {
      for name in byService.keys.sorted() where !stoppedFirst.contains(name) && takesOver(from: name, action)
      {
        if let holder = byService[name] { graph.orderIfAcyclic(action.id, after: holder.id) }
      }
    }
  }

  /// Whether an action's service wants what another one has now, and what only one of them can have.
  private func takesOver(from holder: String, _ action: Action) -> Bool {
    takesPort(of: holder, action) || takesVolume(of: holder, action)
  }

  /// Whether an action's service wants a host port that another one holds now.
  private func takesPort(of holder: String, _ action: Action) -> Bool {
    guard action.kind != .delete, action.kind != .stop, let name = action.subject.service, name != holder
    else { return false }
    let wanted = (context.service(name)?.ports ?? []).filter { $0.host != nil }
    guard !wanted.isEmpty else { return false }
    let held = observed(holder)?.live.spec.ports ?? []
    return wanted.contains { port in held.contains { $0.host == port.host && $0.protocol == port.protocol } }
  }
}
