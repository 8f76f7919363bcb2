import Engine
import Planning
import ProviderKit
import Rendering

/// Shows what happens during a run, a line for each thing that does.
struct Progress: Sendable {
  let console: Console

  func show(_ event: RunEvent) {
    switch event {
    case .planned(let plan): console.write(PlanText.render(plan, style: console.style))
    case .waitingForLock(let record):
      console.writeError(
        text.waiting(
          for: record.holder.description, since: record.holder.since, now: EngineEnvironment.live.now()))
    case .started(let action): if action.kind != .record { console.write(text.started(action)) }
    case .progress(let action, let message): console.write(text.progress(action, message))
    case .succeeded(let action, let duration):
      if action.kind != .record { console.write(text.succeeded(action, after: duration)) }
    case .failed(let action, let message, let logTail):
      console.write(text.failed(action, message, logTail: logTail.map(\.text)))
    case .recorded(let release): console.write(text.recorded(release))
    case .goingBack(let release): console.write(text.goingBack(to: release))
    }
  }

  private var text: ProgressText { ProgressText(style: console.style) }
}
