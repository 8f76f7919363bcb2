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

  /// Reaches every goal.
  ///
  /// - Parameter verb: what the question asks for: "Apply".
  /// - Throws: `ExitCode` 1 if one of them failed, or 128 and the number of the signal that interrupted it;
  ///   what went wrong was shown.
  func run(_ requests: [(PlanRequest, [String: Provenance])], verb: String) async throws {
    var console = console
    console.outlivesReader = true
    let interrupts = Interrupts(console: console)
    var hasFailed = false
    var wasInterrupted = false
    var notBegun: [String] = []
    for (request, provenance) in requests {
      guard !interrupts.stop.isMade else {
        notBegun.append(request.key.name)
        continue
      }
      do {
        let result = try await apply(request, provenance, verb, console, interrupts.stop)
        hasFailed = hasFailed || result.outcome == .failed || result.outcome == .declined
        wasInterrupted =
          wasInterrupted || result.wasInterrupted || result.outcome == .declined && interrupts.stop.isMade
      } catch let error as DiagnosticError {
        console.writeError(DiagnosticsText.render(error.diagnostics, style: console.errorStyle))
        hasFailed = true
      } catch is CancellationError {
        console.writeError("Interrupted before anything of \(request.key.name) was changed.\n")
        wasInterrupted = true
      }
    }
    if !notBegun.isEmpty {
      console.writeError("Not begun: \(notBegun.joined(separator: ", "))\n")
      wasInterrupted = true
    }
    if wasInterrupted, let status = interrupts.exitStatus { throw ExitCode(status) }
    if hasFailed { throw ExitCode.failure }
  }

  private func apply(
    _ request: PlanRequest, _ provenance: [String: Provenance], _ verb: String, _ console: Console,
    _ stop: StopRequest
  ) async throws -> RunResult {
    let engine = Engine(provider: target.provider, target: target.name, options: options, stop: stop)
    let mayAsk = console.isInteractive && !approval.yes
    let approve: @Sendable (Plan) -> Bool = { _ in !mayAsk || console.confirm("\n\(verb)?", unless: stop) }
    let progress = Progress(console: console)
    let result = try await engine.apply(
      request, provenance: provenance, approve: approve, events: { progress.show($0) })
    show(result, of: request.key)
    return result
  }

  private func show(_ result: RunResult, of key: WorkloadKey) {
    switch result.outcome {
    case .nothingToDo: break
    case .declined: console.writeError("Nothing was done.\n")
    case .succeeded:
      if result.release == nil { console.write(Self.ending(of: result.plan.intent, key.name) + "\n") }
    case .failed: showFailure(result, of: key)
    }
  }

  /// What a run that recorded no release came to.
  private static func ending(of intent: RunIntent, _ name: String) -> String {
    switch intent {
    case .apply, .rollback, .scale: "\(name) is as its release says."
    case .destroy: "Nothing of \(name) is left that was to go."
    case .stop: "Stopped until `berth start \(name)`."
    case .start: "Started."
    case .restart: "Restarted."
    case .suspend: "\(name) is suspended until `berth unsuspend \(name)`."
    case .unsuspend: "\(name) can be changed again."
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
          ? "Going back failed as well; \(key.name) stays between \(base) and what was wanted."
          : "\(key.name) went back to \(base).")
    } else {
      lines.append("The release did not move: \(key.name) stays at \(base).")
      lines.append(
        result.wasInterrupted
          ? "Interrupted. Running the same command again goes on from here."
          : "Mend the cause and run the same command again, or go back with `berth rollback \(key.name)`.")
    }
    console.writeError(lines.map { $0 + "\n" }.joined())
    console.warn(result.recoveryProblems)
  }
}
