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
      console.writeError("Waiting for \(record.holder.description), who holds the lock.\n")
    case .started(let action): console.write("\(action.id)\n")
    case .progress(let id, let text): console.write("\(id) \(text)\n")
    case .succeeded(let action, let duration): console.write("\(action.id) done \(duration)\n")
    case .failed(let action, let message, let logTail): console.write("\(action.id) FAILED \(message) \(logTail)\n")
    case .recorded: break
    case .goingBack(let release):
      console.write(release.map { "Going back to release \($0).\n" } ?? "Taking away what was made.\n")
    }
  }

}
