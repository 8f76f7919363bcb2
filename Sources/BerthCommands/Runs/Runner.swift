import ArgumentParser
import Engine
import Planning
import ProviderKit
import Rendering
import WorkloadSpec

/// Carries requests out, as far as they need not wait for one another at the same time, and shows how it goes.
struct Runner {
  let target: Target
  let options: RunOptions
  let console: Console
  /// Whether to go back to the last release when a run fails.
  var atomic = false

  private var format: TextOrJSON { options.format }

  /// Reaches every goal.
  ///
  /// - Parameter verb: what the question asks for: "Apply".
  /// - Throws: the ``ExitStatus`` of what went wrong, which was shown, or 128 and the number of the signal that interrupted it.
  func run(_ requests: [WorkloadRequest], verb: String) async throws {
    if format == .json { try options.consent.requireDecision(console) }
    let requests = requests.map { request in
      var request = request
      request.policyOverride = options.policyOverride.reason
      return request
    }
    var console = console
    console.outlivesReader = true
    var webhook: RunWebhook?
    if let entry = target.webhook { webhook = try await RunWebhook(entry, in: target.namespace) }
    let interrupts = Interrupts(console: console)
    let engine = Engine(
      provider: target.provider, target: target.name, options: options.engineOptions(atomic: atomic),
      secrets: Vaults.resolvers, limit: target.limit, policies: target.policies, stop: interrupts.stop)
    let session = RunSession(
      verb: verb, isJoint: requests.count > 1, mayAsk: console.isInteractive && !options.consent.yes,
      console: console, interrupts: interrupts,
      stream: EventStream(target: target.name, to: sinks(console, webhook)),
      progress: format == .json ? nil : Progress(console: console, isNamed: requests.count > 1))
    _ = await engine.apply(requests, watching: session.watch)
    session.progress?.end()
    let ends = session.ends(of: requests.map(\.key))
    session.showSummary(of: ends)
    await webhook?.finish(console)
    let status = session.status(of: ends)
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
