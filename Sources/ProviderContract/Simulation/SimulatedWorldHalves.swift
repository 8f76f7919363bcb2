import Planning
import ProviderKit
import WorkloadSpec

extension SimulatedWorld {
  /// Does about half of an action: what an engine may leave when it breaks off.
  mutating func performHalf(of action: Action, in context: ActionContext) {
    guard case .service(let id, let name) = action.subject else { return }
    let key = context.key
    switch action.kind {
    case .create:
      // It is there with its stamp, and was not started.
      attempt(action, context)
      meddle(with: name, in: id, of: key) { $0.interruptStart() }
    case .replace: remove(name, from: id, of: key)
    case .update:
      guard let labels = context.desired?.labels else { return }
      meddle(with: name, in: id, of: key) { $0.live.labels = labels }
    case .start: meddle(with: name, in: id, of: key) { $0.interruptStart() }
    case .stop: meddle(with: name, in: id, of: key) { $0.state = .stopping }
    case .restart, .delete: meddle(with: name, in: id, of: key) { $0.end(.stopped, exitCode: nil) }
    case .scale, .record: break
    }
  }

  /// Does an action up to the point where it waits for a service to become ready.
  mutating func performWithoutWaiting(_ action: Action, in context: ActionContext) {
    attempt(action, context)
    guard case .service(let id, let name) = action.subject,
      ![.delete, .update, .stop].contains(action.kind), !action.leavesStopped
    else { return }
    let processID = makeProcessID()
    meddle(with: name, in: id, of: context.key) { service in
      service.interruptStart()
      service.processID = processID
    }
  }

  /// That the action can't succeed either does not matter to somebody who never hears of it.
  private mutating func attempt(_ action: Action, _ context: ActionContext) {
    do { try perform(action, in: context) } catch {}
  }
}

extension ObservedService {
  fileprivate mutating func interruptStart() { end(.starting, exitCode: nil) }
}
