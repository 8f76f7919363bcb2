import ArgumentParser
import Engine
import Planning
import ProviderKit
import Rendering
import WorkloadSpec

/// Carries requests out, as far as they need not wait for one another at the same time, and shows how it goes.
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
  func run(_ requests: [WorkloadRequest], verb: String) async throws {
    if format == .json { try approval.requireDecision(console) }
    var console = console
    console.outlivesReader = true
    var webhook: RunWebhook?
    if let entry = target.webhook { webhook = try await RunWebhook(entry, in: target.namespace) }
    let interrupts = Interrupts(console: console)
    let engine = Engine(
      provider: target.provider, target: target.name, options: options, secrets: Vaults.resolvers,
      limit: target.limit, stop: interrupts.stop)
    let session = RunSession(
      verb: verb, isJoint: requests.count > 1, mayAsk: console.isInteractive && !approval.yes,
      console: console, interrupts: interrupts,
      stream: EventStream(target: target.name, to: sinks(console, webhook)),
      progress: format == .json ? nil : Progress(console: console, isNamed: requests.count > 1))
    _ = await engine.apply(requests, watching: session.watch)
    session.progress?.end()
    let ends = session.ends(of: requests.map(\.key))
    session.showSummary(of: ends)
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
}
