import Diagnostics
import Planning
import ProviderKit
import WorkloadSpec

/// A goal in the planner's words: what it stands for once the history is known.
struct ResolvedRequest: Sendable {
  var intent: RunIntent
  /// The workload as it should be; `nil` if it should go away.
  var desired: Workload?
  /// The services that are meant; `nil` means all.
  var services: Set<String>?
  /// What an operator asks.
  var operation: Operation?
  /// The release that a rollback restores; `nil` for every other goal.
  var restored: Release?
  /// Whether volumes go with a workload that goes away.
  var deletesVolumes = false
  /// The volumes that stay even so, because they were there before.
  var keptVolumes: [ObservedVolume] = []
  /// The named set that the workload is applied under; `nil` leaves it where it is.
  var setName: String?
  /// Asks for a rollout to stop halfway.
  var pause: Pause?
  /// Whether the tags of images are recorded with the digests that they lead to.
  var pins = false
  /// Whether the services run that run once per run, where anything changes.
  var runsBefore = false
  /// Whether those of the last release run if the run fails and goes back to it.
  var goesBackByBefore = false
  /// Asks to take over what is there and berth did not create.
  var adoption: AdoptionRequest?
  /// Whether fields that other clients keep, and that no release has said, are taken from them. A spec has to say so; going
  /// back to a release and what operators ask means it.
  var takesOwnership = true
  /// Whether the engine itself is asked what it would refuse.
  var asksEngine = false
  /// Whether a person is shown the plan, and told where the tags of images lead.
  var isShown = false
  /// Whether it comes from a spec that was read just now, and not from what was written down before.
  var isSpec = false
  /// The paused rollout that is finished.
  var promoted: PausedRollout?
  /// Whether the new instances of a paused rollout are none of its business.
  var sparesRollout = false
  /// Whether everything that lives is looked at itself, and not by what tells that it was not touched.
  var looksDeeply = false
  /// Whether nothing will be carried out: then nothing can stand in the way of it.
  var isOnlyCompared = false
  /// The saved plan that this must come to.
  var saved: SavedPlan?
  /// The identity that the plans of the command must have together.
  var expected: String?
  /// Whether policies must allow it: not what undoes a run, nor what is only compared.
  var isHeldToPolicies = false
  /// Why it is done also where policies do not allow it.
  var policyOverride: String?
  /// Where a field of the spec is written.
  var place: @Sendable (String) -> SourceLocation? = { _ in nil }

  init(
    _ intent: RunIntent, _ desired: Workload?, services: Set<String>? = nil, operation: Operation? = nil,
    restored: Release? = nil,
    deletesVolumes: Bool = false, keptVolumes: [ObservedVolume] = []
  ) {
    self.intent = intent
    self.desired = desired
    self.services = services
    self.operation = operation
    self.restored = restored
    self.deletesVolumes = deletesVolumes
    self.keptVolumes = keptVolumes
  }

  /// What a request stands for.
  ///
  /// - Throws: `DiagnosticError` if there is no such release, or none where one is needed.
  init(_ request: WorkloadRequest, head: HistoryHead, history: any ReleaseReader) async throws {
    let last = head.release
    switch request.goal {
    case .spec(let workload, let services):
      self.init(.apply, workload, services: services)
      isSpec = true
      runsBefore = true
      takesOwnership = request.takesOwnership
    case .destroy(let volumes):
      self.init(.destroy, nil, deletesVolumes: volumes)
    case .release(let number):
      let rule = RollbackRule(key: request.key, head: head, history: history)
      let release = try await rule.release(number)
      self.init(.rollback(to: release.number), release.snapshot, restored: release)
      runsBefore = request.runsBefore
    case .scale(let count):
      var workload = try Self.released(last, of: request.key)
      workload.replicas = count
      self.init(.scale(to: count), workload)
    case .operation(let operation):
      self.init(operation.intent, try Self.released(last, of: request.key), operation: operation)
    case .saved(let plan):
      self.init(plan.intent, plan.desired, services: plan.services, deletesVolumes: plan.deletesVolumes)
      if case .rollback(let number) = plan.intent {
        restored = try await history.release(number, of: request.key)
      }
      saved = plan
      runsBefore = plan.runsBefore
      takesOwnership = plan.takesOwnership
    case .promote:
      let rollout = head.operatorState.rollout
      self.init(.promote, try rollout?.snapshot ?? Self.released(last, of: request.key))
      promoted = rollout
    case .abort:
      self.init(.abort, try Self.released(last, of: request.key))
    }
    setName = request.setName ?? promoted?.setName
    pause = request.pause
    pins = request.pins
    adoption = request.adoption
    asksEngine = request.asksEngine
    goesBackByBefore = request.runsBefore
    expected = request.expected
    isHeldToPolicies = true
    policyOverride = request.policyOverride
    place = request.place
  }

  private static func released(_ last: Release?, of key: WorkloadKey) throws -> Workload {
    if let snapshot = last?.snapshot { return snapshot }
    throw DiagnosticError(
      Diagnostic(
        .noRelease, "`\(key.name)` has no release that is in force",
        help: last == nil ? "nothing was applied with success yet" : "it was destroyed; apply it again"))
  }

  /// What `--atomic` goes back to after a run failed: the last release or, if there is none, nothing but the
  /// volumes that were there before.
  init(undoing failed: PreparedPlan) {
    if let last = failed.last, let snapshot = last.snapshot {
      // A service that is new can't be named as one of the release's: then the whole release is meant.
      let services = failed.wanted.services.flatMap { names in
        names.allSatisfy { snapshot.element($0) != nil } ? names : nil
      }
      self.init(.rollback(to: last.number), snapshot, services: services, restored: last)
      runsBefore = failed.wanted.goesBackByBefore
    } else {
      self.init(.destroy, nil, deletesVolumes: true, keptVolumes: failed.observation.volumes)
    }
  }

  /// The whole workload that is wanted: with chosen services, the last release with those put in.
  func composite(on last: Release?) throws -> Workload? {
    guard let services, let desired else { return desired }
    return try Composite.workload(spec: desired, services: services, release: last?.snapshot)
  }

  /// Where the services of the resulting release come from.
  func provenance(given: [String: Provenance], last: Release?, desired: Workload?) -> [String: Provenance] {
    guard let desired else { return [:] }
    let inherited = last?.provenance ?? [:]
    var known = restored?.provenance ?? saved?.provenance ?? promoted?.provenance ?? given
    // Another number of instances comes from no file.
    if case .scale = intent { known = inherited }
    var result: [String: Provenance] = [:]
    for name in desired.elements.map(\.name) {
      let isMeant = services?.contains(name) ?? true
      result[name] = isMeant ? known[name] : inherited[name]
    }
    return result
  }
}
