import NomadAPI
import Planning
import ProviderKit
import WorkloadSpec

/// Watches a job until it has come to its end, or can't.
struct RolloutWatch: Sendable {
  let watch: JobWatch
  /// The job, as it was registered.
  let job: NomadJob
  /// What the action is performed with.
  let context: ActionContext
  /// The longest time that its tasks may take to end.
  let grace: Duration

  /// How much longer than their own time instances may take to go.
  private static let lateness = Duration.seconds(15)

  /// Waits until every instance is as it should be, or until as many new ones are there as come first.
  ///
  /// - Throws: `ActionFailure` with what the cluster and the tasks say, as soon as it is known that it can't come to that, or when
  ///   its time is over; `CancellationError`.
  func settle(stopsAtCanaries: Bool) async throws {
    let clock = ContinuousClock()
    var memory = TroubleMemory<String>()
    var (saidState, saidTrouble) = ("", "")
    var doneSince: ContinuousClock.Instant?
    _ = try await watch.read { scene -> Bool? in
      let state = try look(at: scene)
      // Until the scheduler has seen a new number, running instances still count as old ones.
      if state.isSeen, state.words != saidState {
        saidState = state.words
        context.report(saidState)
      }
      if stopsAtCanaries, state.isPaused { return true }
      let now = clock.now
      if state.isDone {
        let start = doneSince ?? now
        doneSince = start
        // What goes has its time. A node that is lost never says that a task has gone, and nothing waits for that.
        return state.leaving.isEmpty || now - start >= grace + Self.lateness ? true : nil
      }
      doneSince = nil
      if let trouble = state.trouble {
        if memory.isOver(trouble, at: now) { throw await failure(trouble, state) }
        if saidTrouble != trouble.sentence {
          saidTrouble = trouble.sentence
          context.report(saidTrouble)
        }
      }
      if state.isHeld {
        throw ActionFailure("another client failed or paused the deployment of \(job.id) meanwhile")
      }
      if now >= watch.end { throw await missed(state) }
      return nil
    }
  }

  private func look(at scene: JobWatch.Scene) throws -> RolloutState {
    guard let state = scene.rollout, state.job.createIndex == job.createIndex, !state.job.isStopped else {
      throw ActionFailure("another client deleted the job \(job.id) meanwhile")
    }
    guard state.job.version == job.version else {
      throw ActionFailure("another client changed the job \(job.id) meanwhile; plan again")
    }
    return state
  }

  // MARK: What goes wrong

  private func failure(_ trouble: Trouble, _ state: RolloutState) async -> ActionFailure {
    guard let allocation = state.current.first(where: { $0.id == trouble.object }) else {
      return ActionFailure(trouble.sentence)
    }
    var tail: [LogLine] = []
    if let task = trouble.container { tail = await self.tail(of: task, in: allocation) }
    return ActionFailure("\(trouble.sentence) (allocation \(allocation.id.prefix(8)))", logTail: tail)
  }

  private func tail(of task: String, in allocation: Allocation) async -> [LogLine] {
    let kind = job.json.marks[Mark.kind].flatMap(WorkloadKind.init) ?? .deployment
    return await TaskWords(client: watch.client, namespace: watch.namespace).tail(
      of: task, in: allocation, as: JobNames.instance(allocation.id, allocation.number, kind))
  }

  /// What is said where the time is over.
  private func missed(_ state: RolloutState) async -> ActionFailure {
    if let trouble = state.trouble { return await failure(trouble, state) }
    let time = SpecDuration(milliseconds: Int64(context.timeout / .milliseconds(1)))
    let start = "was not ready within \(time): \(state.words)"
    let ready = Set(state.ready.map(\.id))
    guard let waiting = state.current.first(where: { !ready.contains($0.id) }) else {
      return ActionFailure(start, hasTimedOut: true)
    }
    let task = waiting.tasks.sorted { $0.key < $1.key }.first { $0.value.state != "dead" }?.key
    var tail: [LogLine] = []
    if let task { tail = await self.tail(of: task, in: waiting) }
    return ActionFailure(
      "\(start); allocation \(waiting.id.prefix(8)) is not ready", logTail: tail, hasTimedOut: true)
  }
}
