import Diagnostics
import Engine
import Foundation
import Planning
import ProviderKit
import Rendering
import Secrets
import Synchronization
import Webhook

/// Tells the webhook of berth.yaml what runs do.
final class RunWebhook: Sendable {
  private let sender: WebhookSender
  private let events: Set<EventKind>
  private let receiver: String
  /// The workloads of which something was told.
  private let told = Mutex<Set<WorkloadKey>>([])

  /// A webhook that nothing was sent to yet.
  ///
  /// - Parameter namespace: the one that the command works in, whose secrets it may have.
  /// - Throws: `DiagnosticError` if the secret has no value.
  init(
    _ entry: WebhookEntry, in namespace: String, secrets: SecretResolvers = Vaults.resolvers
  ) async throws {
    let secret: SecretValue
    do {
      secret = try await secrets.value(of: entry.secret, in: namespace)
    } catch let error as SecretError {
      throw DiagnosticError(
        Diagnostic(
          .unresolvedSecret, "the secret `\(entry.secret)` of the webhook has no value: \(error.message)",
          help: "events are signed with it; give it a value, or take `webhook` out of berth.yaml"))
    }
    events = Set(entry.events)
    // What stands behind the host may be a secret itself.
    receiver = URL(string: entry.url)?.host ?? "the webhook"
    sender = WebhookSender(
      url: entry.url, secret: secret.bytes, agent: "berth/\(BerthVersion.text)",
      now: { EngineEnvironment.live.now().milliseconds / 1000 }, makeID: { UUID().uuidString.lowercased() })
  }

  /// Hands an event over, if it is one of those that are wanted. Of a workload for which nothing needs to be
  /// done there is nothing to tell.
  func send(_ line: EventLine) {
    let isWorth = told.withLock { told in
      if !line.isIdle { told.insert(line.key) }
      return told.contains(line.key)
    }
    if isWorth, events.contains(line.kind) { sender.send(line.kind.rawValue, line.text) }
  }

  /// Waits a while for what is not delivered yet, and tells of what never was.
  func finish(_ console: Console) async {
    let report = await sender.finish()
    guard report.undelivered > 0 else { return }
    let reason = report.reason.map { ": \($0)" } ?? ""
    console.note(
      "\(report.undelivered) of \(report.events) events were not delivered to \(receiver)\(reason)")
  }
}
