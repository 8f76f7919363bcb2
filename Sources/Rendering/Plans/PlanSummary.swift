import Planning
import WorkloadSpec

/// The sentences of a plan that every format shares.
enum PlanSummary {
  /// What the plan is for: `Plan for shop on local (namespace default), from release 4.`
  static func title(_ plan: Plan) -> String {
    let place = "on \(SafeText.line(plan.target)) (namespace \(SafeText.line(plan.key.namespace)))"
    let base = plan.base.map { "from release \($0)" } ?? "the first release"
    let name = SafeText.line(plan.key.name)
    return switch plan.intent {
    case .apply: "Plan for \(name) \(place), \(base)."
    case .rollback(let number): "Plan to roll \(name) back to release \(number) \(place), \(base)."
    case .destroy: "Plan to destroy \(name) \(place)\(plan.base == nil ? "" : ", \(base)")."
    case .scale(let count): "Plan to scale \(name) to \(Words.count(count, "instance")) \(place), \(base)."
    case .promote, .abort: "Plan to \(plan.intent.verb) the rollout of \(name) \(place), \(base)."
    case .stop, .start, .restart, .suspend, .unsuspend:
      "Plan to \(plan.intent.verb) \(name) \(place), \(base)."
    }
  }

  /// That there is nothing to do.
  static func nothing(_ plan: Plan) -> String {
    let name = SafeText.line(plan.key.name)
    // Where the notes name a service that differs and is left as it is, the workload does not match its spec.
    guard !plan.notes.contains(where: { $0.code == .driftElsewhere }) else { return "No changes to make." }
    if let rollout = plan.operatorState.rollout, case .apply = plan.intent {
      return "No changes: the rollout of \(name) is paused at \(rollout.progress)."
    }
    return switch plan.intent {
    case .apply: "No changes: \(name) matches its spec."
    case .rollback(let number): "No changes: \(name) matches release \(number)."
    case .destroy: "No changes: there is nothing of \(name) to destroy."
    case .scale(let count): "No changes: \(name) has \(Words.count(count, "instance"))."
    case .stop: "No changes: the chosen services of \(name) are stopped."
    case .start: "No changes: the chosen services of \(name) run."
    case .restart: "No changes: none of the chosen services of \(name) runs."
    case .suspend: "No changes: \(name) is suspended."
    case .unsuspend: "No changes: \(name) is not suspended."
    case .promote, .abort: "No changes: no rollout of \(name) is paused."
    }
  }

  /// How many actions there are of each kind: `1 to create, 2 to replace`.
  static func counts(_ plan: Plan) -> String {
    let parts = plan.counts.filter(\.kind.isPerformed).map { "\($0.count) to \($0.kind.rawValue)" }
    guard parts.isEmpty else { return parts.joined(separator: ", ") }
    return plan.recordsRelease ? "only the release to record" : "only the operator's request to record"
  }

  /// What heads the actions that follow a pause: `After berth promote shop: 2 to create, 3 to delete.`
  static func afterPause(_ plan: Plan) -> String? {
    guard plan.pauses else { return nil }
    let counts = Plan.counts(of: plan.afterPause).map { "\($0.count) to \($0.kind.rawValue)" }
    return "After `berth promote \(SafeText.line(plan.key.name))`: \(counts.joined(separator: ", "))."
  }

  /// What stops working: `Interrupts: api (instance 0).`
  static func interruptions(_ plan: Plan) -> String {
    let interruptions = plan.interruptions
    guard !interruptions.isEmpty else { return "Interrupts nothing." }
    return "Interrupts: \(interruptions.map(\.text).joined(separator: ", "))."
  }

  /// The digests that the plan gives to images: `Pins api to shop/api:1@sha256:….`
  static func pins(_ plan: Plan) -> [String] {
    plan.pinnedImages.map { "Pins \(SafeText.line($0.service)) to \(SafeText.line($0.image))" }
  }

  /// The digests of the tags that services are made from: `shop/api:2 resolves to sha256:…`.
  static func images(_ plan: Plan) -> [String] {
    plan.images.map { lead in
      let image = SafeText.line(lead.image)
      return switch lead.resolution {
      case .digests(let digests): "\(image) resolves to \(SafeText.line(digests.first ?? ""))"
      case .unknown(let reason): "\(image) resolves to no known digest: \(SafeText.line(reason))"
      }
    }
  }

  /// The volumes that nothing will use, and that are kept.
  static func detachedVolumes(_ plan: Plan) -> String? {
    guard !plan.detachedVolumes.isEmpty else { return nil }
    let names = plan.detachedVolumes.map { volume in
      SafeText.line(volume.name) + (volume.ordinal.map { " (instance \($0))" } ?? "")
    }
    return "Detached and kept: \(names.count == 1 ? "volume" : "volumes") \(names.joined(separator: ", "))."
  }

  /// What an action does, in a few words: `replace api`, `update api, which stays stopped`.
  static func verb(_ action: Action) -> String {
    switch action.subject {
    case .service(_, let name):
      "\(action.kind.rawValue) \(SafeText.line(name))" + (action.leavesStopped ? ", which stays stopped" : "")
    case .instance(.before): "\(action.kind.rawValue) the remaining services of role before"
    case .instance(let id): "\(action.kind.rawValue) instance \(id)"
    case .volume(let name, let ordinal):
      "\(action.kind.rawValue) volume \(SafeText.line(name))" + (ordinal.map { " (instance \($0))" } ?? "")
    case .workload:
      action.kind == .record ? "record the release" : "\(action.kind.rawValue) the workload"
    case .operatorState: "\(action.kind.rawValue) the operator's request"
    }
  }

  /// What an action on an instance or a workload as a whole is done to, where its changes do not say so:
  /// `with api, envoy`.
  static func reached(_ action: Action) -> String? {
    guard let reach = action.reach, action.changes.isEmpty, !reach.services.isEmpty, !action.makesWorkload
    else { return nil }
    return "with " + reach.services.map { SafeText.line($0) }.joined(separator: ", ")
  }
}

extension PlanSummary {
  /// What an action makes anew, as a spec has it, and is shown with all fields: a service, or those of a workload.
  static func made(by action: Action, in plan: Plan) -> [AnyElement] {
    guard action.makesAll, action.causes.contains(.spec) else { return [] }
    if let name = action.subject.service { return [plan.desired?.element(name)].compactMap(\.self) }
    guard action.makesWorkload else { return [] }
    return (action.reach?.services ?? []).compactMap { plan.desired(for: action)?.element($0) }
  }
}

extension Action {
  /// Whether it makes a workload as a whole that is new, and is shown with all services.
  var makesWorkload: Bool { kind == .create && subject == .workload && causes.contains(.spec) }

  /// Whether what it is done to is new with all that it has, and so shown with all fields.
  var makesAll: Bool { kind == .create || kind == .run && changes.isEmpty }
}
