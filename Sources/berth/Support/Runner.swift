import ArgumentParser
import Engine
import Planning
import ProviderKit
import Rendering
import WorkloadSpec

/// Carries requests out, one after the other, and shows how it goes. One that fails does not stop the others.
struct Runner {
  let target: Target
  let options: EngineOptions
  let approval: ConsentOptions
  let console: Console
  var format = TextOrJSON.text

  /// Reaches every goal.
  ///
  /// - Parameter verb: what the question asks for: "Apply".
  /// - Throws: `ExitCode` 1 if one of them failed, or 128 and the number of the signal that interrupted it;
  ///   what went wrong was shown.
  func run(_ requests: [RunRequest], verb: String) async throws {
    if format == .json { try approval.requireDecision(console) }
    var console = console
    console.outlivesReader = true
    var webhook: RunWebhook?
    if let entry = target.webhook { webhook = try await RunWebhook(entry, in: target.namespace) }
    let interrupts = Interrupts(console: console)
    let session = RunSession(
      engine: Engine(
        provider: target.provider, target: target.name, options: options, secrets: Vaults.resolvers,
        limit: target.limit, stop: interrupts.stop),
      console: console, interrupts: interrupts,
      stream: EventStream(target: target.name, to: sinks(console, webhook)), showsEvents: format == .json)
    // What a limit of instances leaves to each workload depends on those before it.
    var lookahead = Lookahead(
      requests.map(\.plan), engine: session.engine, isPossible: target.limit == nil)
    var ends: [WorkloadEnd] = []
    for (index, request) in requests.enumerated() {
      var end = WorkloadEnd(request.plan.key, .notBegun)
      if !session.interrupts.stop.isMade {
        end = await carryOut(request, await lookahead.proposal(at: index), verb, session)
      }
      lookahead.note(hasChanged: end.outcome != .unchanged)
      session.stream.show(end, exit: session.status(of: end.outcome))
      ends.append(end)
    }
    showSummary(of: ends, session)
    await webhook?.finish(console)
    let status = ends.map { session.status(of: $0.outcome) }.max() ?? 0
    if status != 0 { throw ExitCode(status) }
  }

  /// Who is told of events as JSON.
  private func sinks(_ console: Console, _ webhook: RunWebhook?) -> [@Sendable (EventLine) -> Void] {
    var sinks: [@Sendable (EventLine) -> Void] = []
    if format == .json { sinks.append { console.write($0.text) } }
    if let webhook { sinks.append { webhook.send($0) } }
    return sinks
  }

  private func carryOut(
    _ request: RunRequest, _ proposal: Proposal?, _ verb: String, _ session: RunSession
  ) async -> WorkloadEnd {
    let key = request.plan.key
    let start = ContinuousClock.now
    do {
      let result = try await apply(request, proposal, verb, session)
      show(result, of: key, session)
      return WorkloadEnd(
        key, result, wasStopped: session.interrupts.stop.isMade, duration: ContinuousClock.now - start)
    } catch is CancellationError {
      session.console.note("Interrupted before anything of \(key.name) was changed.")
      return WorkloadEnd(key, .interrupted, duration: ContinuousClock.now - start)
    } catch {
      var end = WorkloadEnd(key, .refused, duration: ContinuousClock.now - start)
      end.diagnostics = Diagnostics(error) ?? Diagnostics([Diagnostic(.actionFailed, "\(error)")])
      session.console.warn(end.diagnostics)
      return end
    }
  }

  private func apply(
    _ request: RunRequest, _ proposal: Proposal?, _ verb: String, _ session: RunSession
  ) async throws -> RunResult {
    let (console, stop) = (session.console, session.interrupts.stop)
    let mayAsk = console.isInteractive && !approval.yes
    let approve: @Sendable (Plan) -> Bool = { _ in !mayAsk || console.confirm("\n\(verb)?", unless: stop) }
    let (stream, key) = (session.stream, request.plan.key)
    let progress = session.showsEvents ? nil : Progress(console: console)
    defer { progress?.end() }
    return try await session.engine.apply(
      request.plan, proposal: proposal, provenance: request.provenance(), approve: approve,
      events: { event in
        progress?.show(event)
        stream.show(event, of: key)
      })
  }

  // MARK: What came of it

  private func show(_ result: RunResult, of key: WorkloadKey, _ session: RunSession) {
    switch result.outcome {
    case .nothingToDo: break
    case .declined: session.console.writeError("Nothing was done.\n")
    case .succeeded:
      if result.release == nil, !session.showsEvents {
        session.console.say(Self.ending(of: result.plan, key.name))
      }
    case .failed: showFailure(result, of: key, session.console)
    }
  }

  /// What a run that recorded no release came to.
  private static func ending(of plan: Plan, _ name: String) -> String {
    if plan.pauses, let rollout = plan.operatorState.rollout {
      return
        "Paused at \(rollout.progress): `berth promote \(name)` goes on, `berth abort \(name)` goes back."
    }
    return switch plan.intent {
    case .apply, .rollback, .scale: "\(name) is as its release says."
    case .destroy: "Nothing of \(name) is left that was to go."
    case .stop: "Stopped until `berth start \(name)`."
    case .start: "Started."
    case .restart: "Restarted."
    case .suspend: "\(name) is suspended until `berth unsuspend \(name)`."
    case .unsuspend: "\(name) can be changed again."
    case .promote: "The rollout of \(name) is finished."
    case .abort: "The rollout of \(name) is taken back; \(name) is as its release says."
    }
  }

  private func showFailure(_ result: RunResult, of key: WorkloadKey, _ console: Console) {
    var lines: [String] = []
    if !result.notStarted.isEmpty {
      lines.append("Not started: \(result.notStarted.map(\.description).joined(separator: ", "))")
    }
    let base = result.plan.base.map { "release \($0)" } ?? "no release"
    if let recovery = result.recovery {
      lines.append(
        recovery.outcome == .failed
          ? "Going back failed as well; \(key.name) stays between \(base) and what was wanted."
          : "\(key.name) went back to \(base).")
    } else {
      lines.append("The release did not move: \(key.name) stays at \(base).")
      lines.append(
        result.isInterrupted
          ? "Interrupted. Running the same command again goes on from here."
          : "Mend the cause and run the same command again, or go back with `berth rollback \(key.name)`.")
    }
    for line in lines { console.note(line) }
    console.warn(result.recoveryProblems)
  }

  private func showSummary(of ends: [WorkloadEnd], _ session: RunSession) {
    let notBegun = ends.filter { $0.outcome == .notBegun }.map(\.key.name)
    if !notBegun.isEmpty {
      session.console.note("Not begun: \(notBegun.joined(separator: ", "))")
    }
    guard ends.count > 1, !session.showsEvents else { return }
    session.console.write("\n" + WorkloadEndTable.render(ends, style: console.style))
  }
}

/// What the runs of one command share.
private struct RunSession {
  let engine: Engine
  let console: Console
  let interrupts: Interrupts
  /// Where events go as JSON.
  let stream: EventStream
  /// Whether that is what standard output shows.
  let showsEvents: Bool

  /// The exit status that follows from the end of one workload: if a signal came, and not all was done, it is the
  /// signal's, whatever else went wrong.
  func status(of outcome: WorkloadEnd.Outcome) -> Int32 {
    switch outcome {
    case .unchanged, .succeeded: 0
    case .failed, .declined, .refused, .interrupted, .notBegun:
      interrupts.exitStatus ?? ExitCode.failure.rawValue
    }
  }
}

extension WorkloadEnd {
  /// What a run came to.
  fileprivate init(_ key: WorkloadKey, _ result: RunResult, wasStopped: Bool, duration: Duration) {
    let outcome: Outcome =
      switch result.outcome {
      case .nothingToDo: .unchanged
      case .succeeded: .succeeded
      case .declined: wasStopped ? .interrupted : .declined
      case .failed: result.isInterrupted ? .interrupted : .failed
      }
    self.init(key, outcome, duration: duration)
    run = result.run?.id
    release = result.release?.number
    failures = result.failures.map { ($0.action.id, $0.message) }
    notStarted = result.notStarted
    wentBack = result.recovery.map { $0.outcome != .failed }
    diagnostics = result.recoveryProblems
  }
}
