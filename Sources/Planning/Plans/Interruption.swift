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
      if let service = action.subject.service { comesBack.insert(service) }
    }
    for action in actions where action.isInterruption {
      guard let instance = action.subject.instance else { continue }
      for service in action.stoppedServices {
        instances[service, default: []].insert(instance)
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
  /// The services that it stops: its own, or those of an instance that is changed whole.
  fileprivate var stoppedServices: Set<String> {
    let changed = changes.compactMap { change -> String? in
      guard change.path.hasPrefix("services[") else { return nil }
      return change.path.dropFirst("services[".count).split(separator: "]").first.map(String.init)
    }
    return Set([subject.service].compactMap(\.self) + changed + alsoRestarts)
  }
}
