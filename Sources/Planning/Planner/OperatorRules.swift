import Diagnostics

/// What operators asked before and ask now, and what a plan says of it.
struct OperatorRules {
  let input: PlanInput
  /// The rollout that the plan pauses.
  var paused: PausedRollout?

  init(input: PlanInput) { self.input = input }

  /// What operators asked of the workload once the plan is carried out.
  var after: OperatorState {
    var state = input.operatorState
    switch input.operation {
    case .stop(let scope): state.stop(scope)
    case .start(let scope): state.start(scope, services: runningServices, ordinals: ordinals)
    case .suspend(let suspension):
      // Who said it first, and when, stays true of the same reason.
      if state.suspension?.reason != suspension.reason { state.suspension = suspension }
    case .unsuspend: state.suspension = nil
    case .restart: break
    case nil:
      if input.desired == nil {
        state = OperatorState()
      } else {
        state.rollout = paused.map(keepingPause)
      }
    }
    return state
  }

  /// A rollout that is as far as it was before keeps the pause, and the operator, of then.
  private func keepingPause(_ rollout: PausedRollout) -> PausedRollout {
    guard let before = input.operatorState.rollout, before.instances == rollout.instances,
      before.count == rollout.count,
      before.snapshot.isSameSnapshot(as: rollout.snapshot)
    else { return rollout }
    return before
  }

  /// Whether an operator promotes or aborts a rollout, and none is paused.
  var asksForNothing: Bool {
    (input.intent == .promote || input.intent == .abort) && input.operatorState.rollout == nil
  }

  /// A paused rollout that has to be promoted or aborted before another spec is applied.
  var blockingRollout: PausedRollout? {
    guard let rollout = input.operatorState.rollout, let desired = input.desired, input.operation == nil
    else {
      return nil
    }
    switch input.intent {
    case .apply: return desired.isSameSnapshot(as: rollout.snapshot) ? nil : rollout
    case .scale: return rollout
    case .rollback, .destroy, .stop, .start, .restart, .suspend, .unsuspend, .promote, .abort: return nil
    }
  }

  /// The step that writes down what is asked now, if that is anything new.
  var record: Action? {
    guard input.desired != nil, after != input.operatorState else { return nil }
    return Action(.record, .operatorState, reason: reason)
  }

  private var reason: ActionReason? {
    switch input.operation {
    case nil:
      paused.map { .pauses($0.snapshot.strategy.type, after: $0.count, $0.instances, of: $0.places) }
        ?? .isPausedNoLonger
    case .stop: .staysStopped
    case .start: .isStoppedNoLonger
    case .suspend(let suspension): .isSuspended(suspension)
    case .unsuspend: .isSuspendedNoLonger
    case .restart: nil
    }
  }

  private var services: Set<String> {
    Set((input.lastRelease?.snapshot?.ofInstances.elements ?? []).map(\.name)).union(
      input.observation.instances.flatMap(\.services).map(\.name))
  }

  /// The services that run for long: that an init stays stopped means nothing beside them.
  private var runningServices: Set<String> {
    let inits = (input.lastRelease?.snapshot?.elements ?? []).filter(\.role.isRunToEnd)
    return services.subtracting(inits.map(\.name))
  }

  private var ordinals: Set<Int> {
    let live = Set(input.observation.instances.compactMap(\.id.ordinal))
    guard let workload = input.desired ?? input.lastRelease?.snapshot else { return live }
    return live.union(0..<InstanceNumber(of: workload, in: input).value)
  }

  /// What an operator can name. A number means the place among the replicas, whichever instance is in it.
  private var parts: WorkloadParts {
    WorkloadParts(of: input.key, services: services, instances: ordinals.map { InstanceID($0) })
  }

  /// What makes the request itself impossible: names that stand for nothing.
  var problems: [Diagnostic] {
    guard let scope = input.operation?.scope else { return [] }
    var problems = unitProblems(of: scope)
    if let name = scope.service, !services.contains(name),
      input.lastRelease?.snapshot?.service(name)?.role == .before
    {
      problems.append(
        Diagnostic(
          .runsOncePerRun,
          "`\(name)` runs once per run, before anything changes, and there is nothing to \(input.intent.verb)",
          help: "`berth apply` runs it again when it changes anything"))
    } else if let problem = scope.service.flatMap(parts.problem(service:)) {
      problems.append(problem)
    }
    if let problem = scope.ordinal.flatMap({ parts.problem(instance: String($0)) }) {
      problems.append(problem)
    }
    return problems
  }

  /// What can't be done to a part of what the engine changes only as a whole.
  private func unitProblems(of scope: ServiceScope) -> [Diagnostic] {
    let verb = input.intent.verb
    switch input.unit {
    case .workload where scope.service != nil || scope.ordinal != nil:
      return [
        Diagnostic(
          .missingCapability,
          "the engine of `\(input.target)` can \(verb) a workload only as a whole",
          help: "leave out `--service` and `--instance`")
      ]
    case .instance where scope.service != nil:
      return [
        Diagnostic(
          .missingCapability,
          "the engine of `\(input.target)` can \(verb) an instance only as a whole",
          help: "leave out `--service`")
      ]
    case .service, .instance, .workload: return []
    }
  }

  /// What a person should know of what stays as it is.
  var notes: [Diagnostic] {
    var notes: [Diagnostic] = []
    if let suspension = after.suspension, input.intent.isRefusedWhileSuspended {
      notes.append(
        Diagnostic(
          .isSuspended, "`\(input.key.name)` is suspended by \(suspension.by): \(suspension.reason)",
          help: "applying this is refused until `berth unsuspend \(input.key.name)`"))
    }
    notes += rolloutNotes
    if case .stop = input.operation { return notes }
    for scope in after.stopped.sorted() {
      var command = "berth start \(input.key.name)"
      if let service = scope.service { command += " --service \(service)" }
      if let ordinal = scope.ordinal { command += " --instance \(ordinal)" }
      notes.append(
        Diagnostic(.staysStopped, "\(subject(scope)) stays stopped", help: "`\(command)` starts it"))
    }
    if case .scale = input.intent {
      notes.append(
        Diagnostic(
          .scaledByHand, "the next apply of a spec that sets `replicas` wins over this number",
          help: "write the number into the spec as well"))
    }
    return notes
  }

  private var rolloutNotes: [Diagnostic] {
    let name = input.key.name
    if let rollout = blockingRollout {
      return [
        Diagnostic(
          .isPaused, "a rollout of `\(name)` is paused at \(rollout.progress)",
          help: "applying this is refused until `berth promote \(name)` or `berth abort \(name)`")
      ]
    }
    guard input.pause != nil, paused == nil, input.desired != nil else { return [] }
    return [
      Diagnostic(
        .nothingToPause, "there is nothing to pause at: no instance of `\(name)` gives way to a new one",
        help: "the run performs its actions without a pause")
    ]
  }

  private func subject(_ scope: ServiceScope) -> String {
    switch (scope.service, scope.ordinal) {
    case (nil, nil): "`\(input.key.name)`"
    case (let service?, nil): "`\(service)`"
    case (nil, let ordinal?): "instance \(ordinal)"
    case (let service?, let ordinal?): "`\(service)` of instance \(ordinal)"
    }
  }
}
