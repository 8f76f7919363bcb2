import Diagnostics
import WorkloadSpec
import YAMLNodes

/// What controllers say of the pods that they make: how many, in which order, under which labels.
extension WorkloadImport {
  /// How many there are; an autoscaler leaves the number open.
  mutating func readReplicas() {
    guard let spec = object.spec, controller != .pod, controller != .daemonSet else { return }
    guard set.autoscaler(of: object) == nil else { return }
    guard let node = spec.stated("replicas"), let count = integer(node, "`replicas`") else { return }
    guard (0...10_000).contains(count) else {
      return invalid(
        "there can't be \(count) replicas", at: node.location, help: "write a number from 0 to 10000")
    }
    workload.replicas = count
  }

  /// Whether there may be more than one instance.
  var mayHaveSeveral: Bool { workload.replicas.map { $0 > 1 } ?? (set.autoscaler(of: object) != nil) }

  mutating func readKind() {
    switch controller {
    case .deployment: break
    case .statefulSet: workload.kind = .statefulSet
    case .replicaSet:
      differs(
        "\(object.phrase) becomes a deployment, whose instances a change replaces", at: object.location,
        help: "nothing is to be done where that is meant")
    case .pod:
      differs(
        "\(object.phrase) becomes a deployment of one instance, which is made anew where it is gone",
        at: object.location,
        help: ["Never", "OnFailure"].contains(pod["restartPolicy"]?.scalar ?? "")
          ? "what is to end is a service of `role: before` in the workload that needs it: an apply fails if this one ends"
          : "nothing is to be done where that is meant")
    case .daemonSet:
      differs(
        "\(object.phrase) becomes one instance on the target's machine", at: object.location,
        help: "apply it to the target of each machine")
    }
    guard controller == .statefulSet, let name = object.spec?.stated("serviceName"), let text = name.scalar,
      !text.isEmpty, mayHaveSeveral, !staysOnKubernetes
    else { return }
    differs(
      "instances of `\(object.name)` are not found by names of their own, such as `\(object.name)-0.\(text)`",
      at: name.location, help: "give programs that look for single instances their addresses")
  }

  /// How instances give way to new ones.
  mutating func readStrategy() {
    let node = object.spec?.stated(controller == .deployment ? "strategy" : "updateStrategy")
    let type = node?["type"]?.scalar
    if let node, type == "OnDelete" {
      lost(
        "`OnDelete` of `\(object.name)`", at: (node["type"] ?? node).location,
        help: "an apply changes instances; `berth plan` shows which")
    }
    guard controller == .deployment else { return }
    if type == "Recreate" { return workload.strategy.type = .recreate }
    let count = max(1, workload.replicas ?? 1)
    let rolling = node?.stated("rollingUpdate")
    let surge = amount(rolling?.stated("maxSurge"), of: count, roundedUp: true)
    var away = amount(rolling?.stated("maxUnavailable"), of: count, roundedUp: false)
    if surge == 0, away == 0 { away = 1 }
    workload.strategy.maxSurge = surge
    workload.strategy.maxUnavailable = away
  }

  /// A number of instances, or a percentage of them; without one, a quarter.
  private mutating func amount(_ node: Node?, of count: Int, roundedUp: Bool) -> Int {
    guard let text = node?.scalar ?? Optional("25%") else { return 0 }
    if let node, !text.hasSuffix("%") {
      let number = integer(node, "`\(roundedUp ? "maxSurge" : "maxUnavailable")`") ?? 0
      return min(max(number, 0), 10_000)
    }
    guard let percent = Int(text.dropLast()), (0...1000).contains(percent) else {
      if let node {
        invalid("`\(text)` is not a percentage", at: node.location, help: "write it as `25%`")
      }
      return 0
    }
    return min((percent * count + (roundedUp ? 99 : 0)) / 100, 10_000)
  }

  /// Labels are the workload's, annotations the main service's.
  mutating func readLabels() {
    for metadata in [object.node["metadata"], template["metadata"]].compactMap(\.self) {
      for (key, value) in metadata.map("annotations") { _ = isFree(key, "annotation", at: value.location) }
      for (key, value) in metadata.map("labels") where !Self.serverLabels.contains(key) {
        guard let text = value.scalar, isFree(key, "label", at: value.location) else { continue }
        if let other = workload.labels[key], other != literal(text) {
          differs(
            "the label `\(key)` of the pods of `\(object.name)` is that of all: `\(text)`",
            at: value.location,
            help: "a workload has one value for a label")
        }
        workload.labels[key] = literal(text)
      }
    }
  }

  /// Whether a label or an annotation is not berth's own; one that is gets reported.
  private mutating func isFree(_ key: String, _ kind: String, at location: SourceLocation) -> Bool {
    guard key.hasPrefix("berth.") else { return true }
    lost(
      "the \(kind) `\(key)` of `\(object.name)`", at: location,
      help: "`berth.` is where berth keeps its own labels")
    return false
  }

  private static let serverLabels: Set<String> = [
    "pod-template-hash", "controller-revision-hash", "pod-template-generation",
    "statefulset.kubernetes.io/pod-name",
    "apps.kubernetes.io/pod-index",
  ]

  /// The annotations of the controller, and over them those of the pods, for the main service.
  func annotations() -> StringMap {
    var all = StringMap()
    for metadata in [object.node["metadata"], template["metadata"]].compactMap(\.self) {
      for (key, value) in metadata.map("annotations") where !Self.isOfServer(annotation: key) {
        guard let text = value.scalar else { continue }
        all[key] = literal(text)
      }
    }
    return all
  }

  static func isOfServer(annotation key: String) -> Bool {
    let prefixes = [
      "kubectl.kubernetes.io/", "deployment.kubernetes.io/", "deprecated.daemonset.template.generation",
      "autoscaling.alpha.kubernetes.io/", "container.apparmor.security.beta.kubernetes.io/", "meta.helm.sh/",
      "helm.sh/", "berth.",
    ]
    return prefixes.contains { key.hasPrefix($0) }
  }
}
