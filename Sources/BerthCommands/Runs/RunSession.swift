import ArgumentParser
import Diagnostics
import Engine
import Planning
import Rendering
import Synchronization

/// What the runs of one command share, and how all that happens in them is shown.
final class RunSession: Sendable {
  /// Shows how it goes; `nil` where standard output shows events.
  let progress: Progress?
  private let verb: String
  /// Whether there are several workloads.
  private let isJoint: Bool
  /// Whether a person is asked.
  private let mayAsk: Bool
  private let console: Console
  private let stop: StopRequest
  private let signalStatus: @Sendable () -> Int32?
  /// Where events go as JSON.
  private let stream: EventStream
  private let ended = Mutex<[WorkloadKey: WorkloadEnd]>([:])
  /// The plans that were shown last, for the summary of a pipeline.
  private let plans = Mutex<[WorkloadKey: Plan]>([:])

  init(
    verb: String, isJoint: Bool, mayAsk: Bool, console: Console, interrupts: Interrupts, stream: EventStream,
    progress: Progress?
  ) {
    self.verb = verb
    self.isJoint = isJoint
    self.mayAsk = mayAsk
    self.console = console
    self.stream = stream
    self.progress = progress
    stop = interrupts.stop
    signalStatus = interrupts.readExitStatus
  }

  /// What shows how the runs go, and asks.
  var watch: RunWatch {
    RunWatch(
      proposed: { self.show($0, later: $1) }, approve: { await self.approve($0) },
      events: { key, event in
        if case .planned(let plan) = event { self.plans.withLock { $0[key] = plan } }
        self.progress?.show(event, of: key.name)
        self.stream.show(event, of: key)
      }, ended: { self.end($0, $1, after: $2) })
  }

  /// What became of the workloads, in their order.
  func ends(of keys: [WorkloadKey]) -> [WorkloadEnd] {
    ended.withLock { ended in keys.compactMap { ended[$0] } }
  }

  /// The exit status that follows from the ends of some workloads: if a signal came, and not all was done, it is the
  /// signal's, whatever else went wrong.
  func status(of ends: [WorkloadEnd]) -> Int32 {
    let status = ExitStatus(ends)
    return status == .success ? status.rawValue : signalStatus() ?? status.rawValue
  }

  // MARK: Before

  private func show(_ plans: [Plan], later: [WorkloadKey: DiagnosticError]) {
    progress?.show(plans)
    self.plans.withLock { for plan in plans { $0[plan.key] = plan } }
    for plan in plans { stream.show(.planned(plan), of: plan.key) }
    for (key, error) in later.sorted(by: { $0.key < $1.key }) {
      console.note(PostponedText.line(key.name, error))
    }
  }

  private func approve(_ plans: [Plan]) async -> Bool {
    guard mayAsk else { return true }
    let question = "\n\(verb)?"
    guard let progress else { return await console.ask(question, unless: stop) }
    return await progress.pausing { await console.ask(question, unless: stop) }
  }

  // MARK: What came of it

  private func end(_ key: WorkloadKey, _ ending: RunEnding, after duration: Duration) {
    var end: WorkloadEnd
    switch ending {
    case .result(let result):
      end = WorkloadEnd(key, result, wasStopped: stop.isMade, duration: duration)
      show(result, of: key)
    case .interrupted:
      end = WorkloadEnd(key, .interrupted, duration: duration)
      console.note("Interrupted before anything of \(key.name) was changed.")
    case .refused(let error):
      end = WorkloadEnd(key, .refused, duration: duration)
      end.diagnostics = Diagnostics(error) ?? Diagnostics([Diagnostic(.actionFailed, "\(error)")])
      console.warn(end.diagnostics)
    case .notStarted(let cause):
      end = WorkloadEnd(key, .notStarted)
      end.cause = ended.withLock { $0[cause] }.map { (cause, $0.outcome) }
      console.note("\(key.name): \(end.words)")
    case .notBegun: end = WorkloadEnd(key, .notBegun)
    }
    progress?.end(key.name)
    stream.show(end, exit: status(of: [end]))
    ended.withLock { [end] in $0[key] = end }
  }

  private func show(_ result: RunResult, of key: WorkloadKey) {
    switch result.outcome {
    case .nothingToDo: break
    case .declined:
      // Who does not agree to all of them is told once.
      let isFirst = ended.withLock { !$0.values.contains { $0.outcome == .declined } }
      if isFirst { console.writeError("Nothing was done.\n") }
    case .succeeded:
      if result.release == nil, progress != nil {
        console.say(label(key) + Self.ending(of: result.plan, key.name))
      }
    case .failed: showFailure(result, of: key)
    }
  }

  /// What a line begins with that does not name its workload.
  private func label(_ key: WorkloadKey) -> String { isJoint ? "\(key.name): " : "" }

  /// What a run that recorded no release came to.
  private static func ending(of plan: Plan, _ name: String) -> String {
    if plan.pauses, let rollout = plan.operatorState.rollout {
      return
        "Paused at \(rollout.progress): `berth promote \(name)` goes on, `berth abort \(name)` goes back."
    }
    return switch plan.intent {
    case .apply, .rollback, .scale: "\(name) matches its release."
    case .destroy: "\(name) is destroyed."
    case .stop: "Stopped until `berth start \(name)`."
    case .start: "Started."
    case .restart: "Restarted."
    case .suspend: "\(name) is suspended until `berth unsuspend \(name)`."
    case .unsuspend: "\(name) can be changed again."
    case .promote: "The rollout of \(name) is finished."
    case .abort: "The rollout of \(name) is taken back; \(name) matches its release."
    }
  }

  private func showFailure(_ result: RunResult, of key: WorkloadKey) {
    var lines: [String] = []
    if !result.notStarted.isEmpty {
      lines.append("Not started: \(result.notStarted.map(\.description).joined(separator: ", "))")
    }
    let base = result.plan.base.map { "release \($0)" } ?? "no release"
    if let recovery = result.recovery {
      lines.append(
        recovery.outcome == .failed
          ? "Rolling back failed as well: \(key.name) matches neither its state before this run nor the plan."
          : "\(key.name) went back to \(base).")
    } else {
      lines.append(
        result.plan.base == nil
          ? "No release was recorded; \(key.name) has none yet."
          : "No release was recorded; \(key.name) is still at \(base).")
      lines.append(
        result.isInterrupted
          ? "Interrupted. Running the same command again goes on from here."
          : result.plan.actions.contains { $0.kind == .adopt }
            ? "Fix the cause and run the command again; what it takes over runs on meanwhile."
            : result.plan.base == nil
              ? "Fix the cause and run the command again; `berth destroy \(key.name)` takes away what was made."
              : "Fix the cause and run the command again, or roll back with `berth rollback \(key.name)`.")
    }
    for line in lines { console.note(label(key) + line) }
    console.warn(result.recoveryProblems)
  }

  /// What became of all of them, where there are several.
  func showSummary(of ends: [WorkloadEnd]) {
    let notBegun = ends.filter { $0.outcome == .notBegun }.map(\.key.name)
    if !notBegun.isEmpty { console.note("Not begun: \(notBegun.joined(separator: ", "))") }
    guard progress != nil else { return }
    if isJoint { console.write("\n" + WorkloadEndTable.render(ends, style: console.style)) }
    let plans = plans.withLock { plans in ends.compactMap { plans[$0.key] } }
    StepSummary.add(JobSummary.render(ends, of: plans), console)
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
    hasTimedOut = !result.failures.isEmpty && result.failures.allSatisfy(\.hasTimedOut)
    notStarted = result.notStarted
    wentBack = result.recovery.map { $0.outcome != .failed }
    diagnostics = result.recoveryProblems
  }
}
