import Planning

/// A service that stops working, for a while or for good, with the instances in which it does.
struct Interruption: Equatable {
  let service: String
  let instances: [InstanceID]
  /// Whether it does not come back.
  let isForGood: Bool

  /// `api (instances 0–2)`, `db (instance 0, for good)`.
  var text: String {
    let noun = instances.count == 1 ? "instance" : "instances"
    return
      "\(SafeText.line(service)) (\(noun) \(PlanOutline.Block.list(instances))\(isForGood ? ", for good" : ""))"
  }

  /// The interruptions of a plan, ordered by service.
  static func of(_ plan: Plan) -> [Interruption] {
    var instances: [String: Set<InstanceID>] = [:]
    var comesBack: Set<String> = []
    for action in plan.actions where action.isInterruption {
      guard let instance = action.subject.instance else { continue }
      for service in services(of: action) {
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

  /// The services that an action stops: its own, or those of an instance that is changed whole.
  private static func services(of action: Action) -> Set<String> {
    let changed = action.changes.compactMap { change -> String? in
      guard change.path.hasPrefix("services[") else { return nil }
      return change.path.dropFirst("services[".count).split(separator: "]").first.map(String.init)
    }
    return Set([action.subject.service].compactMap(\.self) + changed + action.alsoRestarts)
  }
}
