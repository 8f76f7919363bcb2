/// A service that stops working, for a while or for good, with the instances in which it does.
public struct Interruption: Sendable, Equatable {
  /// The service's name.
  public let service: String
  /// The instances in which it stops, ordered.
  public let instances: [InstanceID]
  /// Whether it does not come back.
  public let isForGood: Bool
}

extension Plan {
  /// What stops working while the plan is carried out, ordered by service.
  public var interruptions: [Interruption] {
    var instances: [String: Set<InstanceID>] = [:]
    var comesBack: Set<String> = []
    for action in actions where action.kind == .create {
      comesBack.formUnion(action.services)
    }
    for action in actions where action.isInterruption {
      let stopped = action.reach?.instances ?? [action.subject.instance].compactMap(\.self)
      for service in action.services {
        instances[service, default: []].formUnion(stopped)
        if action.kind != .delete { comesBack.insert(service) }
      }
    }
    return instances.keys.sorted().map { service in
      Interruption(
        service: service, instances: (instances[service] ?? []).sorted(),
        isForGood: !comesBack.contains(service))
    }
  }
}

extension Action {
  /// The services that it is done to: its own with those that restart with it, or those of an instance or a workload as a
  /// whole.
  var services: [String] { reach?.services ?? [subject.service].compactMap(\.self) + alsoRestarts }
}
