import Engine
import Planning
import ProviderKit
import Rendering
import Synchronization

/// Prints what happens during a run as JSON lines.
final class EventStream: Sendable {
  private let console: Console
  private let target: String
  // Events come from any thread, and a long line may be written in pieces.
  private let order = Mutex(())

  init(console: Console, target: String) {
    self.console = console
    self.target = target
  }

  func show(_ event: RunEvent, of key: WorkloadKey) {
    let (json, now) = (EventJSON(key, target: target), EngineEnvironment.live.now())
    let line =
      switch event {
      case .planned(let plan): json.planned(plan, at: now)
      case .waitingForLock(let record):
        json.waiting(for: record.holder.description, since: record.holder.since, at: now)
      case .started(let action): json.started(action, at: now)
      case .progress(let action, let message): json.progress(action, message, at: now)
      case .succeeded(let action, let duration): json.succeeded(action, after: duration, at: now)
      case .failed(let action, let message, let logTail):
        json.failed(action, message, logTail: logTail.map(\.text), at: now)
      case .recorded(let release): json.recorded(release, at: now)
      case .goingBack(let release): json.goingBack(to: release, at: now)
      }
    order.withLock { _ in console.write(line) }
  }

  func show(_ end: WorkloadEnd, exit status: Int32) {
    let json = EventJSON(end.key, target: target)
    let line = json.finished(end, exit: Int(status), at: EngineEnvironment.live.now())
    order.withLock { _ in console.write(line) }
  }
}
