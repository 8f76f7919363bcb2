import Engine
import Planning
import ProviderKit
import Rendering
import Synchronization

/// An event of a run, ready to be handed out.
struct EventLine: Sendable {
  let kind: EventKind
  /// The workload that it is about.
  let key: WorkloadKey
  /// The event as JSON on one line, with its line break.
  let text: String
  /// Whether it says that nothing needs to be done.
  var isIdle = false
}

/// Turns what happens during a run into JSON lines, for its sinks: standard output, the webhook.
final class EventStream: Sendable {
  private let target: String
  private let sinks: [@Sendable (EventLine) -> Void]
  // Events come from any thread, and every sink gets them in the same order.
  private let order = Mutex(())

  /// A stream of the events of runs on a target.
  ///
  /// - Parameter sinks: each is told of every event, one after the other.
  init(target: String, to sinks: [@Sendable (EventLine) -> Void]) {
    self.target = target
    self.sinks = sinks
  }

  func show(_ event: RunEvent, of key: WorkloadKey) {
    guard !sinks.isEmpty else { return }
    let (json, now) = (EventJSON(key, target: target), EngineEnvironment.live.now())
    let (kind, text): (EventKind, String) =
      switch event {
      case .planned(let plan): (.planned, json.planned(plan, at: now))
      case .waitingForLock(let record):
        (.waiting, json.waiting(for: record.holder.description, since: record.holder.since, at: now))
      case .waitingForWorkloads(let keys): (.waiting, json.waiting(for: keys, at: now))
      case .started(let action): (.started, json.started(action, at: now))
      case .progress(let action, let message): (.progress, json.progress(action, message, at: now))
      case .succeeded(let action, let duration):
        (.succeeded, json.succeeded(action, after: duration, at: now))
      case .failed(let action, let message, let logTail):
        (.failed, json.failed(action, message, logTail: logTail.map(\.text), at: now))
      case .recorded(let release): (.recorded, json.recorded(release, at: now))
      case .goingBack(let release): (.goingBack, json.goingBack(to: release, at: now))
      }
    var line = EventLine(kind: kind, key: key, text: text)
    if case .planned(let plan) = event { line.isIdle = plan.isEmpty }
    hand(out: line)
  }

  func show(_ end: WorkloadEnd, exit status: Int32) {
    let json = EventJSON(end.key, target: target)
    let text = json.finished(end, exit: Int(status), at: EngineEnvironment.live.now())
    hand(out: EventLine(kind: .finished, key: end.key, text: text, isIdle: end.outcome == .unchanged))
  }

  private func hand(out line: EventLine) {
    order.withLock { _ in for sink in sinks { sink(line) } }
  }
}
