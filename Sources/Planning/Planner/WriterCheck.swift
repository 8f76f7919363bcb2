import Diagnostics

/// Makes sure of a plan before it leaves the planner: whatever way it came about, no instance starts to write to a
/// volume while another one may still do so.
struct WriterCheck {
  /// What the plan was made from, with the number of instances stated.
  let input: PlanInput
  let plan: Plan

  /// Which instance would write beside which; `nil` if none would.
  var problem: Diagnostic? {
    // What several instances write to already is told of by the rules of their number.
    guard let desired = input.desired, desired.kind.hasStableInstances || desired.replicas ?? 1 <= 1 else {
      return nil
    }
    let starts = (plan.actions + plan.afterPause).filter(\.startsServices)
    let instances = Set(input.observation.instances.map(\.id) + starts.compactMap(\.subject.instance))
    // Almost always there is one instance for a volume, and nothing to look into.
    guard Set(instances.map(place)).count < instances.count else { return nil }
    for start in starts {
      guard let id = start.subject.instance else { continue }
      for volume in volumes(of: start) {
        let rival =
          holders(of: volume, besides: id).first { !isGone($0, before: start) }?.id
          ?? starts.first { other in
            guard let rival = other.subject.instance, rival != id, place(rival) == place(id) else {
              return false
            }
            return volumes(of: other).contains(volume)
          }?.subject.instance
        if let rival { return problem(volume, id, rival) }
      }
    }
    return nil
  }

  private func problem(_ volume: String, _ id: InstanceID, _ rival: InstanceID) -> Diagnostic {
    let name = input.key.name
    return Diagnostic(
      .volumeInUse, "instance \(id) would write to the volume `\(volume)` while instance \(rival) still may",
      help: input.operatorState.rollout == nil
        ? "`berth rollback \(name)` or the next apply takes one of them away first"
        : "`berth promote \(name)` or `berth abort \(name)` takes one of them away first")
  }

  /// What shares volumes: all instances of a deployment, and those of one ordinal of a stateful set.
  private func place(_ id: InstanceID) -> Int? {
    input.desired?.kind.hasStableInstances == true ? id.ordinal : nil
  }

  /// The volumes to which only one instance may write, and what an action starts does.
  private func volumes(of start: Action) -> Set<String> {
    guard let workload = plan.desired(for: start) else { return [] }
    let services = workload.elements.filter {
      start.subject.service == nil || start.subject.service == $0.name
    }
    return Set(
      services.flatMap { service in
        workload.kind.hasStableInstances
          ? service.volumes.filter { $0.type == .persistent } : workload.volumesForOne(service.volumes)
      }.map(\.name))
  }

  /// A service that may write to a volume now.
  private struct Holder {
    let id: InstanceID
    let service: String
  }

  private func holders(of volume: String, besides id: InstanceID) -> [Holder] {
    input.observation.instances.filter { $0.id != id && place($0.id) == place(id) }.flatMap { instance in
      instance.services.filter { service in
        (service.state != .stopped || service.isUnsettled)
          && service.live.spec.volumes.contains { $0.name == volume && $0.outlivesInstances && !$0.readOnly }
      }.map { Holder(id: instance.id, service: $0.name) }
    }
  }

  /// Whether a service has ended for certain when an action begins.
  private func isGone(_ holder: Holder, before action: Action) -> Bool {
    let service = ActionSubject.service(holder.id, holder.service)
    let ends: Set<ActionID> = [
      ActionID("delete \(service)"), ActionID("stop \(service)"), ActionID("delete \(holder.id)"),
      ActionID("stop \(holder.id)"),
    ]
    let actions = Dictionary(plan.actions.map { ($0.id, $0) }) { first, _ in first }
    var open = action.after
    var seen: Set<ActionID> = []
    while let next = open.popLast() {
      if ends.contains(next) { return true }
      if seen.insert(next).inserted { open += actions[next]?.after ?? [] }
    }
    return false
  }
}

extension Action {
  /// Whether something runs afterwards that did not, or that was stopped on the way.
  fileprivate var startsServices: Bool {
    switch kind {
    // An instance is made empty where what starts in it has actions of its own.
    case .create: (subject.service != nil || subject.instance != nil && reach != nil) && !leavesStopped
    case .start, .restart, .replace: subject.instance != nil && !leavesStopped
    // What runs once per run has no volume of one writer.
    case .adopt, .update, .stop, .run, .scale, .delete, .hold, .record: false
    }
  }
}
