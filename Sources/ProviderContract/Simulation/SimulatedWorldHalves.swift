import Planning
import ProviderKit
import WorkloadSpec

extension SimulatedWorld {
  /// Does about half of an action: what an engine may leave when it breaks off.
  mutating func performHalf(of action: Action, in context: ActionContext) {
    guard case .service(let id, let name) = action.subject else {
      return performHalf(ofWhole: action, in: context)
    }
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
    case .run:
      attempt(action, context)
      let processID = makeProcessID()
      meddle(with: name, in: id, of: key) { service in
        service.interruptStart()
        service.processID = processID
      }
    // It is ours from one moment to the next.
    case .adopt, .scale, .hold, .record: break
    }
  }

  /// An instance is left with a part of its services, a workload with a controller that has only begun.
  private mutating func performHalf(ofWhole action: Action, in context: ActionContext) {
    switch action.subject {
    case .instance(let id):
      guard let service = context.desired?.ofInstances.elements.first?.name, action.reach != nil else {
        return
      }
      switch action.kind {
      case .create:
        attempt(Action(.create, .instance(id)), context)
        attempt(Action(.create, .service(id, service)), context)
      case .replace, .delete: remove(service, from: id, of: context.key)
      case .restart: meddle(with: service, in: id, of: context.key) { $0.end(.stopped, exitCode: nil) }
      case .stop: meddle(with: service, in: id, of: context.key) { $0.state = .stopping }
      case .adopt, .update, .start, .run, .scale, .hold, .record: break
      }
    case .workload:
      attempt(action, context)
      step(context.key)
    case .service, .volume, .operatorState: break
    }
  }

  /// Does an action up to the point where it waits for a service to become ready.
  mutating func performWithoutWaiting(_ action: Action, in context: ActionContext) {
    attempt(action, context)
    if case .instance(let id) = action.subject, action.kind.handsSpecOver, !action.leavesStopped,
      action.kind != .update, let service = context.desired?.ofInstances.elements.last?.name
    {
      meddle(with: service, in: id, of: context.key) { $0.interruptStart() }
    }
    guard case .service(let id, let name) = action.subject,
      action.kind.handsSpecOver, action.kind != .update, !action.leavesStopped
    else { return }
    let processID = makeProcessID()
    meddle(with: name, in: id, of: context.key) { service in
      service.interruptStart()
      service.processID = processID
    }
  }

  /// Whether the action succeeds does not matter: its caller never hears of it.
  private mutating func attempt(_ action: Action, _ context: ActionContext) {
    do { try perform(action, in: context) } catch {}
  }
}

extension ObservedService {
  fileprivate mutating func interruptStart() { end(.starting, exitCode: nil) }
}
