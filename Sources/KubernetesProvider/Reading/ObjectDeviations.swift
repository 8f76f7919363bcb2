import KubernetesAPI
import Planning
import ProviderKit
import Values

extension PodReading {
  /// What is not as berth made it about the objects beside the controller, and that no field of the spec states: a Service
  /// or a claim that is gone, ports and selectors that lead elsewhere. It is mended where it is.
  ///
  /// - Parameter isAlone: whether there is no controller of another generation.
  func deviations(generation: Int, isAlone: Bool) -> [Deviation] {
    let writing = Writing(
      key: names.key, workload: applied.workload(names.key.name, kind), run: RunID("none"),
      generation: generation, facts: facts)
    var deviations: [Deviation] = []
    for made in ServiceObjects.make(writing) {
      guard let live = objects.object(.services, made.name) else {
        deviations.append(.missing(made.kind, made.name))
        continue
      }
      if !Self.hasPorts(live, of: made) {
        deviations.append(
          Deviation(
            "objects.Service/\(made.name).ports", from: live.json.at("spec", "ports")?.value,
            to: JSON.array(Self.otherPorts(live, of: made) + (made.json.at("spec", "ports")?.array ?? []))
              .value))
      }
      let selectors = [live, made].map { $0.json.at("spec", "selector") ?? [:] }
      if !Self.isSame(selectors[0].strings, as: selectors[1].strings, isAlone: isAlone) {
        deviations.append(
          Deviation(
            "objects.Service/\(made.name).selector", from: selectors[0].value, to: selectors[1].value))
      }
    }
    for made in ClaimObjects.make(writing.workload.services, writing)
    where objects.object(.claims, made.name) == nil {
      deviations.append(.missing(made.kind, made.name))
    }
    return deviations + missingConfig
  }

  /// Whether two selectors lead to the same pods. While a rollout is under way, pods of either generation may be reached, or
  /// those of both.
  private static func isSame(
    _ live: [String: String], as made: [String: String], isAlone: Bool
  ) -> Bool {
    if isAlone { return live == made }
    let isOther = { (entry: (key: String, value: String)) in entry.key != Mark.generation }
    return live.filter(isOther) == made.filter(isOther)
  }

  /// The ports of a Service that another client gave it, and that stay beside those which are made.
  private static func otherPorts(_ live: KubernetesObject, of made: KubernetesObject) -> [JSON] {
    let path = ["spec", "ports"]
    let numbers = (made.json[path]?.array ?? []).map { $0["port"] }
    let others = (live.json[path]?.array ?? []).filter { !numbers.contains($0["port"]) }
    guard let own = AppliedFields.of(live)?[path.map { "f:\($0)" }] else { return others }
    let applied = AppliedFields.extract(.array(others), own).array ?? []
    return others.filter { other in !applied.contains { $0["port"] == other["port"] } }
  }

  /// Whether a Service has all ports of another. What is said of a port by its own fields is compared as that.
  private static func hasPorts(_ live: KubernetesObject, of made: KubernetesObject) -> Bool {
    let ports = live.json.at("spec", "ports")
    return (made.json.at("spec", "ports")?.array ?? []).allSatisfy { wanted in
      var wanted = wanted
      wanted["nodePort"] = nil
      wanted["appProtocol"] = nil
      let isFurther = wanted["name"]?.string?.hasPrefix(ServiceObjects.further) == true
      return isFurther || ports?.element(named: wanted["name"]?.string ?? "")?.contains(wanted) == true
    }
  }
}

extension Deviation {
  /// That an object is gone.
  static func missing(_ kind: String, _ name: String) -> Deviation {
    Deviation("objects.\(kind)/\(name)", from: nil, to: .string("there"))
  }
}
