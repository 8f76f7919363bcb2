import WorkloadSpec

/// Makes plans: a pure function of its input.
public enum Planner {
  /// The actions that turn what is observed into what is desired.
  ///
  /// - Throws: `DiagnosticError` if there can be no plan: the observation has gaps, a foreign object is in the
  ///   way, the kind changed, a volume would shrink, a named service is unknown, or the provider refuses.
  public static func plan(_ input: PlanInput) throws -> Plan {
    var input = input
    if let services = input.services, let spec = input.desired {
      input.desired = try Composite.workload(
        spec: spec, services: services, release: input.lastRelease?.snapshot)
    }
    let problems = PlanChecks.problems(with: input)
    guard !problems.hasErrors else { throw DiagnosticError(problems) }

    var planning = PlanBuilder(input)
    planning.run()
    return planning.plan(notes: problems)
  }
}

/// One plan while it is made.
private struct PlanBuilder {
  private let input: PlanInput
  private let last: Workload?
  private let rules: OperatorRules
  private var graph = ActionGraph()
  private var notes = Diagnostics()

  init(_ input: PlanInput) {
    self.input = input
    last = input.lastRelease?.snapshot
    rules = OperatorRules(input: input)
  }

  mutating func run() {
    switch input.operation {
    case nil: reachDesired()
    case .stop(let scope): StopPlan(input: input, scope: scope).add(to: &graph)
    case .start, .restart: if let desired = input.desired { plan(desired, in: InstanceSlots(input)) }
    case .suspend, .unsuspend: break
    }
    if let action = rules.record { add(last: action) }
    notes.append(contentsOf: rules.notes)
  }

  private mutating func reachDesired() {
    let slots = InstanceSlots(input)
    if let desired = input.desired { plan(desired, in: slots) }
    deleteInstances(slots.surplus)
    if input.desired == nil, input.deletesVolumes { deleteVolumes(input.observation.volumes) }
    record()
  }

  func plan(notes problems: Diagnostics) -> Plan {
    var all = problems
    all.append(contentsOf: notes)
    return Plan(
      key: input.key, target: input.target, engine: input.observation.engine, intent: input.intent,
      base: input.lastRelease?.number, desired: input.desired, workloadChanges: workloadChanges(),
      actions: graph.sorted(), notes: all, detachedVolumes: detachedVolumes(), operatorState: rules.after)
  }

  // MARK: Instances that stay or come

  private mutating func plan(_ desired: Workload, in slots: InstanceSlots) {
    let order = ServiceOrder(desired.services)
    var groups: [[Action]] = []
    let state = rules.after
    for slot in slots.wanted where input.operation?.scope?.contains(ordinal: slot.id.ordinal) ?? true {
      var instance = InstancePlan(
        input: input, desired: desired, order: order, slot: slot, operatorState: state)
      instance.run()
      notes.append(contentsOf: instance.notes)
      for action in instance.actions { graph.add(action) }
      instance.addEdges(to: &graph)
      if !instance.actions.isEmpty { groups.append(instance.actions) }
    }
    roll(groups, desired)
  }

  /// Lets only as many instances change at a time as the strategy allows.
  private mutating func roll(_ groups: [[Action]], _ desired: Workload) {
    guard !input.engineRolls else { return }
    if desired.kind == .statefulSet {
      for (before, group) in zip(groups, groups.dropFirst()) { chain(group, after: before) }
      return
    }
    guard desired.strategy.type != .recreate else { return }
    let disruptive = groups.filter { $0.contains { $0.kind == .restart || $0.kind == .replace } }
    // An instance that changes in place is away while it does, so one at a time is the least there can be.
    let window = max(1, desired.strategy.maxUnavailable)
    for (index, group) in disruptive.enumerated() where index >= window {
      chain(group, after: disruptive[index - window])
    }
  }

  private mutating func chain(_ group: [Action], after before: [Action]) {
    let ids = before.map(\.id)
    for action in group { graph.order(action.id, after: ids) }
  }

  // MARK: Instances and volumes that go

  private mutating func deleteInstances(_ instances: [ObservedInstance]) {
    // Instances that go do so when those that stay have become what they should be.
    let before = graph.actions.map(\.id)
    let cause: Set<Cause> = input.desired == nil ? [.spec] : deletionCauses()
    let isOrdered = (input.desired ?? last)?.kind == .statefulSet
    var previous: [ActionID] = []
    for instance in instances.sorted(by: { $0.id > $1.id }) {
      var ids: [ActionID] = []
      if instance.isAlive {
        let order = ServiceOrder(instance.services.map(\.live.spec))
        let names = order.startOrder.reversed()
        for name in names {
          guard let service = instance.service(name) else { continue }
          let action = Action(
            .delete, .service(instance.id, name), causes: cause,
            isInterruption: service.isServing
              && (input.desired?.service(name) == nil || input.desired?.replicas == 0))
          graph.add(action)
          ids.append(action.id)
        }
        for name in names {
          for dependency in order.dependencies(of: name) {
            graph.order(
              ActionID("delete \(ActionSubject.service(instance.id, dependency))"),
              after: [ActionID("delete \(ActionSubject.service(instance.id, name))")])
          }
        }
      }
      let whole = Action(.delete, .instance(instance.id), causes: cause)
      graph.add(whole)
      graph.order(whole.id, after: ids)
      ids.append(whole.id)
      for id in ids { graph.order(id, after: before + (isOrdered ? previous : [])) }
      previous = ids
    }
  }

  /// Why there are more instances than wanted: the number was changed, or something made more of them.
  private func deletionCauses() -> Set<Cause> {
    guard let last else { return input.incompleteRuns.isEmpty ? [.spec] : [.spec, .unfinished] }
    if last.replicas != input.desired?.replicas { return [.spec] }
    return input.incompleteRuns.isEmpty ? [.drift] : [.unfinished]
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
    add(last: Action(.record, .workload, causes: [.spec], reason: move))
  }

  /// Adds an action that waits for all others.
  private mutating func add(last action: Action) {
    let before = graph.actions.map(\.id)
    graph.add(action)
    graph.order(action.id, after: before)
  }

  /// How the workload comes to be in another named set than the last release says, in words.
  private var setMove: String? {
    guard let name = input.setName, last != nil, input.desired != nil, input.lastRelease?.setName != name
    else { return nil }
    let from = input.lastRelease?.setName.map { " from the set `\($0)`" } ?? ""
    return "it moves\(from) to the set `\(name)`"
  }

  private func workloadChanges() -> [Change] {
    guard let desired = input.desired, input.operation == nil else { return [] }
    var diff = FieldDiff(ownsEverything: false) { _, _, _ in [.spec] }
    if let last {
      for field in Workload.schema.fields
      where !["name", "services", "variables"].contains(field.description.name) {
        let (new, old) = (field.value(desired), field.value(last))
        diff.compare(
          field.description.name, field.description.type, desired: new, live: old, last: old,
          impact: field.description.impact ?? .inPlace)
      }
    }
    var changes = diff.changes
    let live = input.observation.instances.count
    let hasReplicasChange = changes.contains { $0.path == "replicas" }
    if let wanted = desired.replicas, last != nil, wanted != live, !hasReplicasChange {
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
    let used = Set((input.desired?.services ?? []).flatMap { $0.volumes.map(\.name) })
    let count = InstanceSlots(input).wanted.count
    return input.observation.volumes.filter { volume in
      volume.type == .persistent && (!used.contains(volume.name) || (volume.ordinal ?? 0) >= max(count, 1))
    }.sorted { ($0.name, $0.ordinal ?? -1) < ($1.name, $1.ordinal ?? -1) }
  }
}

extension Workload {
  /// Whether two workloads are the same but for the order in which they list what has no order.
  public func isSameSnapshot(as other: Workload) -> Bool { self == other || plain == other.plain }
}
