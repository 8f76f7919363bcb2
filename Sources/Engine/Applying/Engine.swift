import Diagnostics
import Planning
import Policies
import ProviderKit

/// Observes, plans, applies and records.
///
/// Everything that an engine does to the world it does through its provider and the provider's store, and through
/// nothing else: a wrapper around the provider sees, and can stop, every effect.
public struct Engine: Sendable {
  let options: EngineOptions
  let environment: EngineEnvironment
  let stop: StopRequest
  let preparer: Preparer
  let readiness: WorkloadReadiness
  /// Has one question asked at a time.
  let questions = Slots(1)
  private let provider: any Provider
  /// The places for actions that are under way.
  private let slots: Slots

  /// An engine for the workloads of one target.
  ///
  /// - Parameters:
  ///   - secrets: where the values of secrets are looked up.
  ///   - limit: how many instances the namespace may have; shared by everything that one command does.
  ///   - policies: what plans are held to, at the moment at which a run begins.
  ///   - stop: with it, a run can be ended between two actions.
  public init(
    provider: any Provider, target: String, options: EngineOptions = EngineOptions(),
    environment: EngineEnvironment = .live, secrets: SecretResolvers = .standard,
    limit: InstanceLimit? = nil, policies: PolicySet = PolicySet(), stop: StopRequest = StopRequest()
  ) {
    self.provider = provider
    self.options = options
    self.environment = environment
    self.stop = stop
    preparer = Preparer(
      reader: provider, target: target, resolvers: secrets, limit: limit, policies: policies)
    slots = Slots(options.parallelism)
    readiness = WorkloadReadiness(
      reader: provider, timeout: options.timeout, environment: environment, stop: stop)
  }

  /// Reaches a goal: plans, asks, takes the lock, makes sure of the plan, carries it out and records the release.
  ///
  /// A plan is made again under the lock unless it was made just now and no run has come between. What the workload
  /// depends on is waited for before the lock is taken.
  ///
  /// Where there is nothing to do, nothing is written. A run that was killed is not resumed: its traces are
  /// observed and planned for like everything else.
  ///
  /// - Parameters:
  ///   - approve: asked with the plan before anything is done, and again if the plan that is made under the
  ///     lock is another one.
  ///   - events: told of everything that happens, from any thread.
  /// - Returns: what became of it. That an action failed is a result and not an error.
  /// - Throws: `DiagnosticError` if there can be no plan, if the workload is suspended, if a policy does not allow it, if the lock is held or
  ///   lost, or if the engine or its history can't be used; whatever `approve` throws; `CancellationError` if it was
  ///   stopped or cancelled before it had changed anything.
  public func apply(
    _ request: WorkloadRequest,
    approve: @escaping @Sendable (Plan) async throws -> Bool = { _ in true },
    events: @escaping @Sendable (RunEvent) -> Void = { _ in }
  ) async throws -> RunResult {
    let watch = RunWatch(
      proposed: { plans, _ in plans.forEach { events(.planned($0)) } },
      approve: { plans in
        for plan in plans { guard try await approve(plan) else { return false } }
        return true
      }, events: { _, event in events(event) })
    switch await apply([request], watching: watch)[0] {
    case .result(let result): return result
    case .refused(let error): throw error
    case .interrupted, .notBegun, .notStarted: throw CancellationError()
    }
  }

  /// Takes a workload's lock away from its holder.
  ///
  /// - Returns: the record of its holder; `nil` if the lock was free.
  /// - Throws: `DiagnosticError` if the store can't be used.
  public func unlock(_ key: WorkloadKey) async throws -> LockRecord? {
    try await explaining {
      guard let record = try await provider.store.lock(of: key) else { return nil }
      try await provider.store.unlock(key, token: record.holder.token)
      return record
    }
  }

  // MARK: Before

  /// The plans for requests, to be carried out soon, in their order. The workloads are looked at together.
  ///
  /// - Parameter companions: what the workloads of the command become that these belong to.
  /// - Returns: what was seen, and for each the plan, or the error that says why there can be none.
  func prepare(
    _ requests: [WorkloadRequest], among companions: Companions
  ) async -> (sight: Sight, prepared: [Result<PreparedPlan, any Error>]) {
    let start = environment.uptime()
    let sight = await preparer.look(at: requests, among: companions, readsHeadFirst: true)
    let prepared = await requests.concurrentMap(atOnce: preparer.plansAtOnce) {
      [preparer, environment] request -> Result<PreparedPlan, any Error> in
      do {
        return try await explaining {
          var prepared = try await preparer.prepare(request, given: sight, isShown: true)
          try prepared.check(at: environment.now())
          prepared.begun = start
          return .success(prepared)
        }
      } catch { return .failure(error) }
    }
    return (sight, prepared)
  }

  private func isFresh(_ prepared: PreparedPlan) -> Bool {
    prepared.begun.map { environment.uptime() - $0 <= options.planFreshness } ?? false
  }

  /// The plan that holds now that this run has the lock and no other run can change the workload.
  ///
  /// Every change of a workload begins a run. Where the history is what it was before the observation, and this run
  /// did not wait for the lock, the plan holds as well as one that is made now: changes by hand can come at any
  /// moment. A saved plan is held against the world under the lock, whatever it takes.
  private func underLock(
    _ proposed: PreparedPlan, of request: WorkloadRequest, among companions: Companions, lease: Lease
  ) async throws -> PreparedPlan {
    // It never changes once it is made.
    var digestKey = proposed.secrets.digestKey
    // Made by the first apply even where no secret needs it: plans are signed with it.
    if digestKey == nil, !proposed.plan.isEmpty, proposed.last == nil || proposed.usesSecrets {
      digestKey = try await provider.store.makeDigestKey(in: request.key.namespace)
    }
    if isFresh(proposed), !lease.wasContended, proposed.wanted.saved == nil,
      !proposed.usesSecrets || proposed.secrets.digestKey != nil,
      try await provider.store.head(of: request.key) == proposed.head
    {
      return proposed
    }
    return try await preparer.prepare(
      request, given: preparer.look(at: [request], among: companions), isShown: false,
      digestKey: digestKey)
  }

  /// Runs something under the lock of a workload. When the lock is lost, it is cancelled.
  private func withLease(
    on key: WorkloadKey, events: @escaping @Sendable (RunEvent) -> Void,
    _ body: @escaping @Sendable (Lease) async throws -> RunResult
  ) async throws -> RunResult {
    let queue = LockQueue(store: provider.store, options: options, environment: environment, stop: stop) {
      events(.waitingForLock($0))
    }
    let lease = try await queue.acquire(key)
    let result: Result<RunResult, any Error>
    do {
      result = .success(
        try await withThrowingTaskGroup(of: RunResult?.self) { group in
          group.addTask {
            try await lease.keepBeating()
            return nil
          }
          group.addTask { try await body(lease) }
          defer { group.cancelAll() }
          while let finished = try await group.next() {
            if let finished { return finished }
          }
          throw CancellationError()
        })
    } catch {
      result = .failure(lease.isLost ? lease.lost() : error)
    }
    if !lease.isLost {
      // A lock that can't be given back is broken by the next run; what this run did stays.
      try? await uninterrupted { [store = provider.store] in try await store.unlock(key, token: lease.token) }
    }
    return try result.get()
  }

  // MARK: Under the lock

  /// Carries out, under the lock of its workload, a plan that was agreed to; asks once more if it must be another one.
  func carryOut(
    _ proposed: PreparedPlan, of request: WorkloadRequest, among companions: Companions,
    approve: @escaping @Sendable (Plan) async throws -> Bool,
    events: @escaping @Sendable (RunEvent) -> Void
  ) async throws -> RunResult {
    try await withLease(on: request.key, events: events) { lease in
      let current = try await underLock(proposed, of: request, among: companions, lease: lease)
      try current.check(at: environment.now())
      if !current.asksForTheSame(as: proposed) {
        events(.planned(current.plan))
        if !current.plan.isEmpty {
          guard try await approve(current.plan) else { return RunResult(current.plan, .declined) }
        }
      }
      return try await carryOut(current, provenance: request.provenance, lease: lease, events: events)
    }
  }

  private func carryOut(
    _ prepared: PreparedPlan, provenance: @escaping @Sendable () -> [String: Provenance], lease: Lease,
    events: @escaping @Sendable (RunEvent) -> Void
  ) async throws -> RunResult {
    if prepared.plan.isEmpty { return try await settle(prepared, lease: lease) }
    try prepared.secrets.check(for: prepared.plan)
    try stop.check()
    var result = try await run(prepared, provenance: provenance, lease: lease, events: events)
    // A destroy that failed halfway is not undone: the operator wants the workload gone.
    guard result.outcome == .failed, options.atomic, !result.wasInterrupted, !stop.isMade,
      prepared.plan.desired != nil
    else { return result }
    if let problem = prepared.adoptionThatStays {
      result.recoveryProblems = Diagnostics([problem])
      return result
    }
    do {
      result.recovery = try await goBack(from: prepared, lease: lease, events: events)
    } catch let error as DiagnosticError {
      if lease.isLost { throw error }
      result.recoveryProblems = error.diagnostics
    }
    return result
  }

  /// Closes a run that was left open, where nothing is left to do.
  private func settle(_ prepared: PreparedPlan, lease: Lease) async throws -> RunResult {
    guard prepared.hasOpenRun else { return RunResult(prepared.plan, .nothingToDo) }
    var run = makeRun(prepared)
    try await begin(run, under: lease, hasActions: false)
    _ = try await finish(&run, .succeeded)
    return RunResult(prepared.plan, .nothingToDo, run: run)
  }

  /// Carries out a plan as a run of its own.
  private func run(
    _ prepared: PreparedPlan, provenance: @escaping @Sendable () -> [String: Provenance], lease: Lease,
    events: @escaping @Sendable (RunEvent) -> Void
  ) async throws -> RunResult {
    let plan = prepared.plan
    var run = makeRun(prepared)
    let id = run.id
    // To ask where the specs come from takes a while, in which the actions go on. It is asked as the files are when the
    // run begins.
    let recording = recording(of: prepared, by: run, provenance: provenance)
    try await begin(
      run, recording: recording, under: lease, hasActions: plan.actions.contains(where: \.kind.isPerformed))
    let execution = PlanExecution(
      provider: provider, lease: lease, run: id, plan: plan,
      takesOwnership: prepared.wanted.takesOwnership, last: prepared.last?.snapshot,
      secrets: prepared.secrets, options: options, environment: environment, stop: stop, slots: slots,
      events: events)
    let outcome = await execution.perform()
    if lease.isLost { throw lease.lost() }

    var result = RunResult(plan, outcome.hasSucceeded ? .succeeded : .failed)
    result.failures = outcome.failures
    result.notStarted = outcome.notStarted
    result.wasInterrupted = outcome.wasInterrupted
    if outcome.hasSucceeded {
      result.release = try await finish(&run, .succeeded, recording: await recording.content)
      if let release = result.release { events(.recorded(release)) }
    } else {
      let reason = outcome.failures.first.map { "\($0.action.id): \($0.message)" } ?? "interrupted"
      _ = try await finish(&run, .failed, failure: reason)
    }
    result.run = run
    return result
  }

  /// What a run is to record if it succeeds.
  private func recording(
    of prepared: PreparedPlan, by run: Run, provenance: @escaping @Sendable () -> [String: Provenance]
  ) -> RunRecording {
    return RunRecording {
      let plan = prepared.plan
      let given = plan.recordsRelease || plan.pauses ? provenance() : [:]
      let origin = prepared.wanted.provenance(given: given, last: prepared.last, desired: plan.desired)
      var content = RunRecording.Content()
      content.operatorState = plan.recordsOperatorState ? plan.operatorState : nil
      if plan.pauses { content.operatorState?.rollout?.provenance = origin }
      if plan.recordsRelease {
        content.release = ReleaseDraft(
          snapshot: plan.desired, by: run.by, provenance: origin,
          restoredFrom: prepared.wanted.restored?.number,
          setName: plan.desired == nil ? nil : prepared.wanted.setName ?? prepared.last?.setName,
          policyOverride: run.policyOverride)
      }
      return content
    }
  }

  /// Undoes a failed run: back to the last release or, if there is none, to nothing.
  private func goBack(
    from failed: PreparedPlan, lease: Lease, events: @escaping @Sendable (RunEvent) -> Void
  ) async throws -> RunResult {
    try await explaining {
      events(.goingBack(toRelease: failed.last?.snapshot == nil ? nil : failed.last?.number))
      let wanted = ResolvedRequest(undoing: failed)
      let key = failed.plan.key
      let digestKey = wanted.desired == nil ? nil : try await provider.store.digestKey(in: key.namespace)
      let head = try await provider.store.head(of: key)
      let prepared = try await preparer.prepare(key, wanted, head: head, digestKey: digestKey)
      if prepared.plan.isEmpty { return try await settle(prepared, lease: lease) }
      try prepared.secrets.check(for: prepared.plan)
      return try await run(prepared, provenance: { [:] }, lease: lease, events: events)
    }
  }

  // MARK: The record of a run

  private func makeRun(_ prepared: PreparedPlan) -> Run {
    let plan = prepared.plan
    let now = environment.now()
    let counts = plan.counts.map { "\($0.kind.rawValue) \($0.count)" }
    return Run(
      id: environment.makeRunID(now), key: plan.key, intent: plan.intent, startedAt: now,
      by: environment.user, summary: counts.isEmpty ? "nothing to do" : counts.joined(separator: ", "),
      savedPlan: prepared.origin, policyOverride: prepared.policyOverride(at: now))
  }

  /// Writes down that a run starts, if the lock was still ours a moment ago.
  ///
  /// Another run may have overtaken a process that stood still between looking and writing: its run would then be the
  /// last one, and could record a release over the one that was made meanwhile. Once it is begun, the next holder of
  /// the lock ends it by beginning another one.
  ///
  /// - Parameter hasActions: whether the run performs any, each of which makes sure of the lock itself.
  private func begin(
    _ run: Run, recording: RunRecording? = nil, under lease: Lease, hasActions: Bool
  ) async throws {
    // Where it was taken a moment ago, another look would only be one more moment.
    try await lease.verify(notOlderThan: .milliseconds(100))
    try await provider.store.begin(run, recording: recording)
    if !hasActions { try await lease.verify() }
  }

  private func finish(
    _ run: inout Run, _ outcome: RunOutcome, failure: String? = nil,
    recording: RunRecording.Content = RunRecording.Content()
  ) async throws -> Release? {
    let now = environment.now()
    let (store, id, key) = (provider.store, run.id, run.key)
    let recorded = try await uninterrupted {
      try await store.finish(
        id, of: key, outcome: outcome, failure: failure, at: now, release: recording.release,
        operatorState: recording.operatorState)
    }
    run.outcome = outcome
    run.endedAt = now
    run.failure = failure
    run.release = recorded?.number
    return recorded
  }
}
