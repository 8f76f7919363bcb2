import Planning
import ProviderKit
import WorkloadSpec

/// Carries out the actions of one run: journal, then provider, then journal.
struct PlanExecution: Sendable {
  let provider: any Provider
  let lease: Lease
  let run: RunID
  let plan: Plan
  /// Whether fields that other clients keep are taken from them.
  let takesOwnership: Bool
  /// The workload as the last release has it.
  let last: Workload?
  let secrets: ResolvedSecrets
  let options: EngineOptions
  let environment: EngineEnvironment
  let stop: StopRequest
  /// The places for actions that are under way, which all runs of a command share.
  let slots: Slots
  let events: @Sendable (RunEvent) -> Void

  /// What came of it.
  struct Outcome: Sendable {
    var failures: [FailedAction] = []
    var notStarted: [ActionID] = []
    var wasInterrupted = false

    var hasSucceeded: Bool { failures.isEmpty && notStarted.isEmpty && !wasInterrupted }
  }

  /// What is waited for while actions are under way.
  private enum Step: Sendable {
    /// A place that was wished for is there, or the wish was taken back.
    case place(Bool)
    case done(Action, Result<Duration, any Error>)
  }

  /// Performs every action after those that it waits for, as many at a time as there are places. After a
  /// failure, or when asked to stop, nothing more starts, and what is under way is waited for.
  func perform() async -> Outcome {
    var queue = ActionQueue(plan.actions.filter(\.kind.isPerformed))
    var outcome = Outcome()
    var begun: [Action] = []
    await withTaskGroup(of: Step.self) { group in
      var wish: Slots.Wish?
      var hasPlace = false
      while true {
        while mayStart(after: outcome), wish == nil, queue.hasNext {
          guard hasPlace || slots.takeNow() else {
            let next = slots.wish()
            wish = next
            group.addTask { .place(await slots.wait(for: next)) }
            break
          }
          hasPlace = false
          guard let action = queue.next() else { break }
          events(.started(action))
          begun.append(action)
          group.addTask { .done(action, await perform(action)) }
        }
        if hasPlace { slots.give() }
        hasPlace = false
        if let wish, !mayStart(after: outcome) { slots.takeBack(wish) }
        guard let step = await group.next() else { break }
        // A place goes to the next after its event, so that what is told never has more under way than there are places.
        switch step {
        case .place(let isGranted):
          wish = nil
          hasPlace = isGranted
        case .done(let action, .success(let duration)):
          queue.finish(action.id)
          events(.succeeded(action, duration))
          slots.give()
        case .done(let action, .failure(let error)):
          let told = error as? ActionFailure
          let failure = FailedAction(
            action: action, message: line(of: error), logTail: told?.logTail ?? [],
            hasTimedOut: told?.hasTimedOut ?? false)
          outcome.failures.append(failure)
          events(.failed(action, message: failure.message, logTail: failure.logTail))
          slots.give()
        }
      }
      outcome.wasInterrupted = Task.isCancelled
    }
    outcome.notStarted = queue.rest
    if !outcome.hasSucceeded, let failure = await hold(begun: begun) { outcome.failures.append(failure) }
    // Asked to stop when nothing was left to start, and nothing fails, it does all that it is there for.
    if stop.isMade, !outcome.hasSucceeded { outcome.wasInterrupted = true }
    return outcome
  }

  private func mayStart(after outcome: Outcome) -> Bool {
    outcome.failures.isEmpty && !stop.isMade && !Task.isCancelled && !lease.isLost
  }

  /// Has the engine's controller go no further with what did not succeed, where the engine rolls workloads by itself.
  ///
  /// - Returns: why it could not be held.
  private func hold(begun: [Action]) async -> FailedAction? {
    let rolled = begun.contains { $0.subject == .workload && $0.kind.handsSpecOver }
    guard provider.traits.unit(of: plan.desired?.body).isRolledByEngine, rolled, !lease.isLost else {
      return nil
    }
    let action = Action(.hold, .workload)
    events(.started(action))
    // Also a run that was cancelled leaves nothing behind that goes on; one that is cancelled now gives up.
    let result = Task.isCancelled ? await Task { await perform(action) }.value : await perform(action)
    switch result {
    case .success(let duration):
      events(.succeeded(action, duration))
      return nil
    case .failure(let error):
      events(.failed(action, message: line(of: error), logTail: []))
      return FailedAction(action: action, message: line(of: error), logTail: [])
    }
  }

  private func perform(_ action: Action) async -> Result<Duration, any Error> {
    let start = environment.uptime()
    do {
      // Both at once: should the lock be lost, that something was intended changes nothing.
      async let intention: Void = write(.intended, of: action)
      try await lease.verify()
      try await intention
    } catch {
      return .failure(error)
    }
    do {
      try await performInTime(action)
    } catch {
      // The action's own failure is what matters; that it could not be journaled as well adds nothing.
      try? await write(.failed, of: action, line(of: error))
      return .failure(error)
    }
    do {
      try await write(.succeeded, of: action)
    } catch {
      return .failure(error)
    }
    return .success(environment.uptime() - start)
  }

  private func write(_ event: JournalEvent, of action: Action, _ message: String? = nil) async throws {
    let entry = JournalEntry(
      run: run, action: action.id, event: event, at: environment.now(), message: message)
    try await uninterrupted { try await provider.store.append([entry]) }
  }

  /// Has the provider perform an action, and gives up on a provider that does not come back.
  private func performInTime(_ action: Action) async throws {
    let limit = patience(for: action)
    let context = ActionContext(
      key: plan.key, desired: plan.desired(for: action), last: last, run: run, timeout: options.timeout,
      secrets: secrets.values, secretDigests: secrets.digests, digestKey: secrets.digestKey,
      engine: provider.traits.engineFields, takesOwnership: takesOwnership,
      report: { events(.progress(action, $0)) })
    try await withThrowingTaskGroup(of: Bool.self) { group in
      group.addTask {
        try await provider.perform(action, in: context)
        return true
      }
      group.addTask {
        try await environment.sleep(limit)
        return false
      }
      let isDone = try await group.next() ?? true
      group.cancelAll()
      guard isDone else {
        throw ActionFailure("the provider did not come back within \(limit)", hasTimedOut: true)
      }
    }
  }

  /// How long a provider may take: services have their time to become ready and to stop, and the engine its
  /// own to answer.
  private func patience(for action: Action) -> Duration {
    let elements = [plan.desired, last].flatMap { $0?.elements ?? [] }
    let grace = (elements.map(\.stopGrace.duration).max() ?? .seconds(10))
    let once = options.timeout + grace
    // What an earlier run left running has its time to end, too.
    return (action.kind == .run ? once + once : once) + .seconds(30)
  }
}

/// Runs something to its end even if the task is cancelled: how a cancelled run ended must be written down.
func uninterrupted<Result: Sendable>(
  _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result {
  try await Task { try await body() }.value
}
