import Diagnostics
import WorkloadSpec

/// Makes plans: a pure function of its input.
public enum Planner {
  /// The actions that turn what is observed into what is desired.
  ///
  /// - Throws: `DiagnosticError` if there can be no plan: the observation has gaps, a foreign object is in the
  ///   way, the kind changed, a volume would shrink or be written to by two instances, a named service is unknown, or
  ///   the provider refuses.
  public static func plan(_ input: PlanInput) throws -> Plan {
    var input = input
    if let services = input.services, let spec = input.desired {
      input.desired = try Composite.workload(
        spec: spec, services: services, release: input.lastRelease?.snapshot)
    }
    let number = input.desired.map { InstanceNumber(of: $0, in: input) }
    if let number {
      input.desired = input.desired?.stating(number)
      // A number that is left to the engine's controller is its own: that it is another one than before is nothing to record.
      if number.source == .observed, input.observation.controller != nil {
        input.lastRelease?.snapshot?.replicas = number.value
      }
    }
    let problems = PlanChecks.problems(with: input, number)
    guard !problems.hasErrors else { throw DiagnosticError(problems) }

    var planning = PlanBuilder(input)
    planning.run()
    let plan = planning.plan(notes: problems)
    if let problem = WriterCheck(input: input, plan: plan).problem { throw DiagnosticError(problem) }
    return plan
  }
}

/// One plan while it is made.
private struct PlanBuilder {
  private let input: PlanInput
  private let last: Workload?
  private var rules: OperatorRules
  private var graph = ActionGraph()
  private var afterPause: [Action] = []
  private var notes = Diagnostics()

  init(_ input: PlanInput) {
    self.input = input
    var last = input.lastRelease?.snapshot
    // A release that states no number was made when one instance needed none.
    if last?.replicas == nil, input.desired?.replicas == 1 { last?.replicas = 1 }
    self.last = last
    rules = OperatorRules(input: input)
  }

  mutating func run() {
    switch input.operation {
    case nil: if !rules.asksForNothing { reachDesired() }
    case .stop where input.unit == .workload: input.controllerStop.map { graph.add($0) }
    case .stop(let scope): StopPlan(input: input, scope: scope).add(to: &graph)
    case .start, .restart: operate()
    case .suspend, .unsuspend: break
    }
    if let action = rules.record { add(last: action) }
    notes.append(contentsOf: rules.notes)
  }

  private mutating func reachDesired() {
    if input.unit == .workload {
      reachByController()
    } else {
      let slots = InstanceSlots(input.desired?.replicas ?? 0, for: input.observation.instances)
      if let desired = input.desired { reach(desired, slots) } else { delete(slots.surplus) }
    }
    runBefore()
    adopt()
    if input.desired == nil, input.deletesVolumes { deleteVolumes(input.observation.volumes) }
    if rules.paused == nil { record() }
  }

  /// Runs what runs once per run before everything else, and takes away what is left of what does no more.
  private mutating func runBefore() {
    let plan = BeforePlan(input: input)
    graph.add(first: plan.actions(before: graph.actions))
    let before = graph.actions.map(\.id)
    for action in plan.removals {
      graph.add(action)
      graph.order(action.id, after: before)
    }
    if !graph.actions.isEmpty { notes.append(contentsOf: plan.notes) }
  }

  /// Takes over what is there already, one after the other, before anything else changes.
  private mutating func adopt() {
    if let adoption = input.observation.controller?.adoption {
      return graph.add(first: [adoption.action(on: .workload)])
    }
    graph.add(
      first: input.observation.instances.flatMap { instance in
        instance.services.compactMap { service in
          service.adoption?.action(on: .service(instance.id, service.name))
        }
      })
  }

  /// Starts or restarts what is released, and the new instances of a paused rollout as they are meant to be.
  private mutating func operate() {
    guard let desired = input.desired else { return }
    if input.unit == .workload { return reachByController() }
    let rollout = input.operatorState.rollout
    let instances = input.observation.instances
    let new = Set(rollout?.instances ?? [])
    let old = instances.filter { !new.contains($0.id) }
    _ = plan(desired, in: InstanceSlots(desired.replicas ?? 0, for: old).wanted)
    guard let rollout else { return }
    _ = plan(
      rollout.snapshot,
      in: instances.filter { new.contains($0.id) }.compactMap { instance in
        instance.id.ordinal.map { .init(ordinal: $0, live: [instance]) }
      })
  }

  /// Has the engine's controller make the workload what is wanted.
  private mutating func reachByController() {
    guard let released = input.desired else {
      input.controllerDeletion.map { graph.add($0) }
      return
    }
    // Operators mean a paused rollout as it is.
    let desired = input.operation == nil ? released : input.operatorState.rollout?.snapshot ?? released
    let controller = ControllerPlan(input: input, desired: desired, operatorState: rules.after)
    controller.action.map { graph.add($0) }
    notes.append(contentsOf: controller.notes)
    guard let pause = input.pause, let count = controller.pausesAfter else { return }
    afterPause = [controller.promotion]
    rules.paused = PausedRollout(
      snapshot: desired, instances: [], count: count, places: desired.replicas ?? 0, setName: input.setName,
      pause: pause)
  }

  func plan(notes problems: Diagnostics) -> Plan {
    var all = problems
    all.append(contentsOf: notes)
    let actions = graph.sorted()
    return Plan(
      key: input.key, target: input.target, engine: input.observation.engine, intent: input.intent,
      base: input.lastRelease?.number, desired: input.desired, workloadChanges: workloadChanges(),
      actions: actions, afterPause: afterPause, notes: all, detachedVolumes: detachedVolumes(),
      operatorState: rules.after, newPins: input.images.newPins,
      images: ImageLead.list(of: actions + afterPause, in: input.desired, by: input.images),
      blockingRollout: rules.blockingRollout)
  }

  // MARK: Instances that stay or come

  private mutating func reach(_ desired: Workload, _ slots: InstanceSlots) {
    let places = plan(desired, in: slots.wanted)
    let isAlone = input.soleUse(of: desired) != nil
    guard isAlone || places.contains(where: \.givesWay) else {
      delete(slots.surplus)
      return
    }
    let order = RolloutPlan(
      input: input, desired: desired, places: places, surplus: slots.surplus, isAlone: isAlone)
    order.add(to: &graph)
    if !isAlone { pause(order, desired, places: places.count) }
  }

  /// Plans what happens in some places.
  private mutating func plan(_ desired: Workload, in slots: [InstanceSlots.Slot]) -> [SlotPlan] {
    let context = PlanContext(input: input, desired: desired, operatorState: rules.after)
    let changeOver = ChangeOver(input: input, desired: desired, order: context.order)
    var places = slots.filter { input.operation?.scope?.contains(ordinal: $0.ordinal) ?? true }.map {
      SlotPlan($0, context, changeOver: changeOver)
    }
    if places.contains(where: \.givesWay) {
      for index in places.indices { places[index].awaitReadiness() }
    }
    for place in places {
      notes.append(contentsOf: place.instance.notes)
      for action in place.instance.actions { graph.add(action) }
      place.instance.addEdges(to: &graph)
    }
    if let obstacle = places.lazy.compactMap(\.obstacle).first { notes.append(obstacle.note(on: desired)) }
    // Where instances have to be alone, those that come wait for those that stay.
    let rolling = places.filter { !$0.isSuccessor && (context.soleUse == nil || $0.instance.isAlive) }
    roll(rolling.map(\.instance).filter { !$0.actions.isEmpty }, desired)
    return places
  }

  /// Lets only as many instances change where they are at a time as the strategy allows.
  private mutating func roll(_ instances: [InstancePlan], _ desired: Workload) {
    guard !input.unit.isRolledByEngine, !instances.isEmpty else { return }
    if desired.kind.hasStableInstances {
      let groups = instances.map(\.actions)
      for (before, group) in zip(groups, groups.dropFirst()) { chain(group, after: before) }
      return
    }
    guard desired.strategy.type != .recreate else { return }
    // What is away already comes back before anything else goes.
    let main = desired.mainName ?? ""
    let away = instances.filter { !$0.isReady(main) }.map(\.actions)
    let disruptive = instances.filter { plan in
      plan.isReady(main) && plan.actions.contains(where: \.kind.isReturning)
    }.map(\.actions)
    // An instance that changes in place is away while it does, so one at a time is the least there can be.
    let window = max(1, desired.strategy.maxUnavailable)
    for (index, group) in disruptive.enumerated() {
      if index >= window {
        chain(group, after: disruptive[index - window])
      } else {
        for place in stride(from: index, to: away.count, by: window) { chain(group, after: away[place]) }
      }
    }
  }

  private mutating func chain(_ group: [Action], after before: [Action]) {
    let ids = before.map(\.id)
    for action in group { graph.order(action.id, after: ids) }
  }

  /// Stops the rollout after the first new instances, where that was asked for.
  private mutating func pause(_ rollout: RolloutPlan, _ desired: Workload, places: Int) {
    guard let pause = input.pause else { return }
    afterPause = graph.split(off: rollout.order.afterPause)
    guard !afterPause.isEmpty else { return }
    rules.paused = PausedRollout(
      snapshot: desired, instances: rollout.instances(in: graph.actions), places: places,
      setName: input.setName, pause: pause)
  }

  // MARK: Instances and volumes that go

  /// Takes instances away when those that stay have become what they should be.
  private mutating func delete(_ instances: [ObservedInstance]) {
    let before = graph.actions.map(\.id)
    let isOrdered = (input.desired ?? last)?.kind.hasStableInstances == true
    var previous: [ActionID] = []
    for instance in instances.sorted(by: { $0.id > $1.id }) {
      let deletion = DeletionPlan(
        instance, causes: input.desired == nil ? [.spec] : input.causesOfSurplus, desired: input.desired,
        unit: input.unit)
      deletion.add(to: &graph)
      for action in deletion.actions {
        graph.order(action.id, after: before + (isOrdered ? previous : []))
      }
      previous = deletion.actions.map(\.id)
    }
  }

  private mutating func deleteVolumes(_ volumes: [ObservedVolume]) {
    let before = graph.actions.map(\.id)
    for volume in volumes.sorted(by: { ($0.name, $0.ordinal ?? -1) < ($1.name, $1.ordinal ?? -1) }) {
      let action = Action(.delete, .volume(volume.name, ordinal: volume.ordinal), causes: [.spec])
      graph.add(action)
      graph.order(action.id, after: before)
    }
  }

  // MARK: The workload as a whole

  private mutating func record() {
    let isRecorded =
      if let desired = input.desired { last.map { desired.isSameSnapshot(as: $0) } ?? false } else {
        last == nil
      }
    let move = setMove
    guard !isRecorded || move != nil else { return }
    add(
      last: Action(
        .record, .workload, changes: isRecorded ? [] : onlyRecorded(), causes: [.spec], reason: move))
  }

  /// What differs from the last release and is changed by no action: what only berth reads, or the release alone says.
  private func onlyRecorded() -> [Change] {
    guard let desired = input.desired, let last else { return [] }
    var told: Set<String> = []
    var made: Set<String> = []
    for action in graph.actions + afterPause {
      if action.kind == .create || action.kind == .run, let service = action.subject.service {
        made.insert(service)
      }
      let element = action.subject.service.flatMap { desired.element($0) ?? last.element($0) }
      let prefix = element.map { "\($0.place)." } ?? ""
      for change in action.changes { told.insert(prefix + change.path) }
    }
    return SnapshotDiff(from: last, to: desired, on: [input.engine]).services
      // What is made has all of it.
      .filter { $0.fate == .changed && !made.contains($0.name) }
      .flatMap { service in
        // Where the names of images lead, a plan tells for itself.
        service.changes.filter { $0.path != "image" }.map { $0.within("\(service.place).") }
      }
      .filter { !told.contains($0.path) }
  }

  /// Adds an action that waits for all others.
  private mutating func add(last action: Action) {
    let before = graph.actions.map(\.id)
    graph.add(action)
    graph.order(action.id, after: before)
  }

  /// The workload's move to another named set than the last release says.
  private var setMove: ActionReason? {
    guard let name = input.setName, last != nil, input.desired != nil, input.lastRelease?.setName != name
    else { return nil }
    return .movesToSet(name, from: input.lastRelease?.setName)
  }

  /// The fields of a workload that are compared elsewhere, or not at all.
  private static let besideTheWorkload = Set(["name", "variables"] + Body.allCases.map(\.rawValue))

  private func workloadChanges() -> [Change] {
    guard let desired = input.desired, input.operation == nil else { return [] }
    var diff = FieldDiff(ownsEverything: false, engines: [input.engine]) { _, _, _ in [.spec] }
    if let last {
      for field in Workload.schema.fields
      where !Self.besideTheWorkload.contains(field.description.name)
        && field.differs(desired, last)
      {
        let (new, old) = (field.value(desired), field.value(last))
        diff.compare(
          field.description.name, field.description.type, desired: new, live: old, last: old,
          impact: field.description.impact ?? .inPlace)
      }
    }
    var changes = diff.changes
    let live = input.observation.instances.places
    let hasReplicasChange = changes.contains { $0.path == "replicas" }
    // A controller's own number is compared with the controller.
    if input.unit != .workload, let wanted = desired.replicas, last != nil, wanted != live, !hasReplicasChange
    {
      changes.append(
        Change(
          path: "replicas", old: .value(.int(Int64(live))), new: .value(.int(Int64(wanted))),
          causes: [input.incompleteRuns.isEmpty ? .drift : .unfinished], impact: .inPlace))
    }
    return changes.sorted { $0.path < $1.path }
  }

  /// Persistent volumes that nothing wanted uses any more. They are kept.
  private func detachedVolumes() -> [ObservedVolume] {
    if input.operation != nil { return [] }
    if input.desired == nil, input.deletesVolumes { return [] }
    if input.observation.volumes.isEmpty { return [] }
    let used = Set(
      (input.desired?.elements ?? []).flatMap(\.volumes).filter { $0.type == .persistent }.map(\.name))
    let count = input.desired?.replicas ?? 0
    let images = input.desired.map { ImageVolumeRule(observation: input.observation, desired: $0) }
    return input.observation.volumes.filter { volume in
      if volume.image != nil { return images?.isWanted(volume) != true }
      guard volume.type == .persistent else { return false }
      return !used.contains(volume.name) || volume.ordinal.map { $0 >= count } ?? false
    }.sorted { ($0.name, $0.ordinal ?? -1) < ($1.name, $1.ordinal ?? -1) }
  }
}

extension Workload {
  /// Whether two workloads are the same but for the order in which they list what has no order.
  public func isSameSnapshot(as other: Workload) -> Bool { self == other || plain == other.plain }
}

extension Adoption {
  /// What takes over what is there, as a subject of the plan.
  fileprivate func action(on subject: ActionSubject) -> Action {
    Action(
      .adopt, subject, changes: changes.map { $0.change(.spec) }, causes: [.spec],
      reason: .isThereAlready(name: name), adopts: id)
  }
}
