import Diagnostics
import WorkloadSpec

/// What is done to a workload whose instances a controller of the engine makes and rolls: one action, whatever changes.
struct ControllerPlan {
  private let context: PlanContext
  private let live: ObservedController?

  init(input: PlanInput, desired: Workload, operatorState: OperatorState) {
    context = PlanContext(input: input, desired: desired, operatorState: operatorState)
    live = input.observation.controller
  }

  private var input: PlanInput { context.input }
  private var desired: Workload { context.desired }

  /// Whether operators stopped the workload.
  private var isStopped: Bool { context.operatorState.stopped.contains(.all) }

  /// After how many new instances the engine waits, with the old ones beside them; `nil` if it goes on to the end: since
  /// no pause is asked for, there is nothing old, or no two instances may be there at the same time.
  var pausesAfter: Int? {
    if input.operation != nil { return input.operatorState.rollout?.count }
    guard input.pause != nil, let live, context.last != nil, !isOneAtATime, desired.kind.takesSuccessors,
      !isStopped
    else {
      return nil
    }
    let template = templateChanges(from: live)
    let isUnderWay = live.progress != .settled && (live.progress == .paused || !input.incompleteRuns.isEmpty)
    guard template.changes.isEmpty ? isUnderWay : template.impact > .inPlace && live.replicas > 0 else {
      return nil
    }
    let count =
      switch desired.strategy.type {
      case .canary: min(desired.strategy.maxSurge, desired.replicas ?? 0)
      case .blueGreen: desired.replicas ?? 0
      case .rolling, .recreate: 0
      }
    return count > 0 ? count : nil
  }

  /// What has a rollout that waits go on to its end.
  var promotion: Action {
    Action(
      .start, .workload, causes: [.spec], reason: .isPausedNoLonger, reach: live.map { reach(of: $0) },
      isOneAtATime: isOneAtATime)
  }

  /// The action; `nil` if there is nothing to do.
  var action: Action? {
    guard var action = unpausedAction else { return nil }
    if action.kind.handsSpecOver { action.pausesAfter = pausesAfter }
    return action
  }

  private var unpausedAction: Action? {
    guard let live else {
      return Action(
        .create, .workload, causes: causesOfAbsence(wasReleased: context.last != nil),
        leavesStopped: isStopped,
        reach: ActionReach(instances: [], services: context.wanted), isOneAtATime: isOneAtATime)
    }
    let template = templateChanges(from: live)
    let settings = settingChanges(from: live)
    if case .restart = input.operation {
      return action(template.needsNewInstances ? .replace : .restart, template, [], of: live)
    }
    if isStopped { return stoppedAction(template, of: live) }
    if case .start = input.operation, live.replicas == 0 { return action(.start, template, [], of: live) }
    if !template.changes.isEmpty { return action(template.kind, template, settings, of: live) }
    if let only = settings.first {
      return action(
        settings.count == 1 && only.path == "replicas" ? .scale : .update, template, settings, of: live)
    }
    return resumption(of: live)
  }

  /// What a person should know beside the action.
  var notes: [Diagnostic] {
    guard let live else { return [] }
    var notes: [Diagnostic] = []
    let changeOver = ChangeOver(input: input, desired: desired, order: context.order)
    if case .inPlaceDespite(let obstacle) = changeOver.manner, action?.isInterruption == true {
      notes.append(obstacle.note(on: desired))
    }
    return notes + notesOnOthers(live)
  }

  /// The services that were not asked to change, and do.
  private func notesOnOthers(_ live: ObservedController) -> [Diagnostic] {
    guard let selected = input.services else { return [] }
    return context.elements.filter { service in
      guard !selected.contains(service.name), let made = live.service(service.name) else { return false }
      return !context.diff.changes(of: service, from: made).isEmpty
    }.map { service in
      Diagnostic(
        .driftElsewhere,
        "`\(service.name)` is not as the last release says, and is mended too: the engine changes the workload as a whole"
      )
    }
  }

  // MARK: What differs

  /// What differs in the template.
  fileprivate struct TemplateChanges {
    var changes: [Change] = []
    var statements: [ImpactStatement] = []
    /// The services that differ, come or go.
    var services: Set<String> = []
    var comesOrGoes = false

    var impact: Impact { comesOrGoes ? .replace : statements.map(\.impact).max() ?? .inPlace }
    var needsNewInstances: Bool { impact == .replace }
    var kind: ActionKind {
      switch impact {
      case .inPlace: .update
      case .restart: .restart
      case .replace: .replace
      }
    }
  }

  private func templateChanges(from live: ObservedController) -> TemplateChanges {
    var result = TemplateChanges()
    for service in context.elements {
      let name = service.name
      guard let made = live.service(name) else {
        result.add(
          .ofElement(
            from: nil, to: service,
            causes: causesOfAbsence(wasReleased: context.released.contains(name))), of: name)
        continue
      }
      let changes = context.diff.changes(of: service, from: made)
      guard !changes.isEmpty else { continue }
      result.changes += changes.map { $0.within("\(service.place).") }
      result.statements.append(input.statement(of: ServiceChange(desired: service, changes: changes)))
      result.services.insert(name)
    }
    for made in live.template where !context.wants(made.name) {
      let causes: Set<Cause> =
        context.released.contains(made.name)
        ? [.spec] : input.incompleteRuns.contains(made.stamp.run) ? [.unfinished] : [.drift]
      result.add(.ofElement(from: made.live.spec, to: nil, causes: causes), of: made.name)
    }
    return result
  }

  /// How many instances the controller keeps, and how it rolls them. One that is gone keeps none, and is made again as it is
  /// wanted.
  private func settingChanges(from live: ObservedController) -> [Change] {
    if live.progress == .orphaned { return [] }
    var made = desired
    (made.replicas, made.strategy) = (live.replicas, live.strategy)
    let (last, isUnfinished) = (context.last, !input.incompleteRuns.isEmpty)
    var diff = FieldDiff(ownsEverything: false) { desired, live, last in
      var causes: Set<Cause> = []
      if desired != last { causes.insert(.spec) }
      if live != last, last != nil { causes.insert(isUnfinished ? .unfinished : .drift) }
      return causes
    }
    for field in Workload.schema.fields where ["replicas", "strategy"].contains(field.description.name) {
      diff.compare(
        field.description.name, field.description.type, desired: field.value(desired),
        live: field.value(made),
        last: last.flatMap { field.value($0) }, impact: .inPlace)
    }
    return diff.changes
  }

  private func causesOfAbsence(wasReleased: Bool) -> Set<Cause> {
    guard wasReleased else { return [.spec] }
    return input.incompleteRuns.isEmpty ? [.drift] : [.unfinished]
  }

  // MARK: What is done

  private var isOneAtATime: Bool { context.soleUse != nil }

  private func action(
    _ kind: ActionKind, _ template: TemplateChanges, _ settings: [Change], of live: ObservedController
  ) -> Action {
    var changes = (settings + template.changes).sorted { $0.path < $1.path }
    // The new template of a paused rollout was asked for: that it goes is no drift.
    if input.operation == nil, input.operatorState.rollout != nil {
      changes = changes.map { $0.caused(by: [.spec]) }
    }
    var causes = changes.reduce(into: Set<Cause>()) { $0.formUnion($1.causes) }
    if live.progress == .held || live.progress == .orphaned { causes.insert(causeOfStandstill) }
    let others = live.template.filter {
      !$0.live.spec.role.isRunToEnd && !template.services.contains($0.name)
    }
    return Action(
      kind, .workload, changes: changes, causes: causes,
      reason: template.statements.max { $0.impact < $1.impact }?.reason,
      alsoRestarts: kind.isReturning && !template.changes.isEmpty ? others.map(\.name).sorted() : [],
      isInterruption: interrupts(kind), reach: reach(of: live), isOneAtATime: isOneAtATime)
  }

  /// Why a controller is held, or gone: a run of berth's left it so, or something else did.
  private var causeOfStandstill: Cause { input.incompleteRuns.isEmpty ? .drift : .unfinished }

  private var reasonOfPause: ActionReason { input.incompleteRuns.isEmpty ? .isPausedByHand : .isHeld }

  private func stoppedAction(_ template: TemplateChanges, of live: ObservedController) -> Action? {
    if template.changes.isEmpty {
      let isPromoted = live.progress == .paused && pausesAfter == nil
      if live.progress == .held || isPromoted {
        return Action(
          .update, .workload, causes: [isPromoted ? .spec : causeOfStandstill],
          reason: isPromoted ? .isPausedNoLonger : reasonOfPause, leavesStopped: true, reach: reach(of: live))
      }
      guard live.replicas > 0 || !input.observation.instances.isEmpty else { return nil }
      return Action(
        .stop, .workload, causes: [input.incompleteRuns.isEmpty ? .drift : .unfinished],
        reason: .staysStopped, isInterruption: interrupts(.stop), reach: reach(of: live))
    }
    var action = action(template.needsNewInstances ? .replace : .update, template, [], of: live)
    action.leavesStopped = true
    return action
  }

  /// What takes up what a run has left, where nothing differs.
  private func resumption(of live: ObservedController) -> Action? {
    let reason: ActionReason
    switch live.progress {
    case .paused: return pausesAfter == nil ? promotion : nil
    case .held: reason = reasonOfPause
    case .orphaned: reason = .isOrphaned
    case .rolling where !input.incompleteRuns.isEmpty: reason = .goesOn
    case .stuck where !input.incompleteRuns.isEmpty: reason = .isNotReady
    case .settled, .rolling, .stuck: return nil
    }
    return Action(
      .start, .workload, causes: [causeOfStandstill], reason: reason, reach: reach(of: live),
      isOneAtATime: isOneAtATime)
  }

  private func reach(of live: ObservedController) -> ActionReach {
    ActionReach(
      instances: input.observation.instances.map(\.id),
      services: live.template.filter { !$0.live.spec.role.isRunToEnd }.map(\.name))
  }

  /// Whether a service works nowhere for a while.
  private func interrupts(_ kind: ActionKind) -> Bool {
    guard input.isServed else { return false }
    switch kind {
    case .stop, .delete: return true
    case .scale: return desired.replicas == 0
    case .restart, .replace: break
    case .adopt, .create, .update, .start, .run, .hold, .record: return false
    }
    if isOneAtATime || desired.strategy.type == .recreate { return true }
    let ready = input.observation.instances.count(where: \.isReady)
    return ready <= 1 && (!desired.kind.takesSuccessors || desired.strategy.maxSurge == 0)
  }
}

extension ControllerPlan.TemplateChanges {
  fileprivate mutating func add(_ change: Change, of service: String) {
    changes.append(change)
    services.insert(service)
    comesOrGoes = true
  }
}

extension PlanInput {
  /// Whether any instance does work that would be missed.
  fileprivate var isServed: Bool { observation.instances.flatMap(\.services).contains(where: \.isServing) }

  /// Everything that a controller keeps.
  private func wholeReach(of live: ObservedController) -> ActionReach {
    ActionReach(instances: observation.instances.map(\.id), services: live.template.map(\.name))
  }

  /// What takes a workload away that a controller keeps; `nil` if there is none.
  var controllerDeletion: Action? {
    guard let live = observation.controller else { return nil }
    return Action(
      .delete, .workload, causes: [.spec], isInterruption: isServed, reach: wholeReach(of: live))
  }

  /// What stops a workload that a controller keeps; `nil` if it keeps no instances.
  var controllerStop: Action? {
    guard let live = observation.controller, live.replicas > 0 || !observation.instances.isEmpty else {
      return nil
    }
    return Action(
      .stop, .workload, isInterruption: isServed, reach: wholeReach(of: live))
  }
}
