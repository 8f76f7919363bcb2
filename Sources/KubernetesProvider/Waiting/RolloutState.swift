import KubernetesAPI
import Values

/// How far a controller has come with its pods: a pure reading of what the cluster tells of both.
struct RolloutState: Sendable {
  let controller: KubernetesObject
  /// The pods of its generation, those that go included, and those that are only left behind not.
  let pods: [KubernetesObject]
  /// The claims of the workload.
  var claims: [KubernetesObject] = []
  /// What the cluster said of the controller and of claims.
  var events: [KubernetesObject] = []

  init(
    controller: KubernetesObject, pods: [KubernetesObject], claims: [KubernetesObject] = [],
    events: [KubernetesObject] = []
  ) {
    self.controller = controller
    self.pods = pods.filter { !$0.isLeftBehind }
    self.claims = claims
    self.events = events
  }

  /// How many pods there shall be.
  var wanted: Int { controller.json.at("spec", "replicas")?.int.map { Int($0) } ?? 1 }

  /// Whether the controller has seen what it was told last.
  var isSeen: Bool {
    controller.json.at("status", "observedGeneration")?.int ?? 0 >= controller.metadata["generation"]?.int
      ?? 0
  }

  private func count(_ key: String) -> Int { controller.json.at("status", key)?.int.map { Int($0) } ?? 0 }

  /// The pods that do not go.
  private var staying: [KubernetesObject] { pods.filter { !$0.isBeingDeleted } }

  /// How many pods go.
  var going: Int { pods.count - staying.count }

  /// Whether every pod is as the template says and ready; others may still go.
  var isDone: Bool {
    guard isSeen, count("replicas") == wanted, count("readyReplicas") == wanted, isOfOneRevision,
      staying.count == wanted
    else { return false }
    // What must be ready for a moment counts only then.
    if controller.kind == "Deployment", count("availableReplicas") != wanted { return false }
    return staying.allSatisfy { $0.isTrue("Ready") == true }
  }

  private var isOfOneRevision: Bool {
    // A revision is no pod's when there are none.
    if wanted == 0 { return true }
    guard controller.kind == "StatefulSet" else { return count("updatedReplicas") == wanted }
    let revision = controller.json.at("status", "updateRevision")?.string
    return staying.allSatisfy { $0.labels["controller-revision-hash"] == revision }
  }

  /// The pods that the template made as it is now.
  var newPods: [KubernetesObject] {
    let marks = controller.json.at("spec", "template", "metadata", "annotations")?.ownMarks
    return pods.filter { $0.metadata["annotations"]?.ownMarks == marks }
  }

  /// Why it does not get on; `nil` if it does, or nothing is known.
  var trouble: Trouble? {
    guard isSeen else { return nil }
    let ofPods = newPods.sorted { $0.name < $1.name }.compactMap { Trouble.of($0) }
    let ofClaims = claims.compactMap { Trouble.ofClaim($0, events: events) }
    let all = ofClaims + ofPods + [Trouble.of(controller, events: events)].compactMap(\.self)
    return all.first { $0.outlook == .hopeless } ?? all.first
  }

  /// Whether the controller gave up by its own clock.
  var isGivenUp: Bool {
    isSeen && controller.condition("Progressing")?["reason"]?.string == "ProgressDeadlineExceeded"
  }

  /// How far it has come, in words.
  var words: String {
    let ready = newPods.count { !$0.isBeingDeleted && $0.isTrue("Ready") == true }
    let gone = going > 0 ? ", \(going) \(going == 1 ? "ends" : "end")" : ""
    return "\(ready) of \(wanted) \(wanted == 1 ? "pod is" : "pods are") ready" + gone
  }

  /// Whether all that works has a check by which the cluster finds it ready, or must be ready for a moment.
  var isChecked: Bool {
    if controller.json.at("spec", "minReadySeconds")?.int ?? 0 > 0 { return true }
    let containers = controller.json.at("spec", "template", "spec", "containers")?.array ?? []
    return containers.allSatisfy { $0["readinessProbe"] != nil }
  }
}

extension KubernetesObject {
  /// Whether a pod has ended, and the cluster made another in its place: an evicted one stays to be looked at, for days. A
  /// stateful set deletes its own before it makes another.
  var isLeftBehind: Bool {
    guard phase == "Failed" || phase == "Succeeded" else { return false }
    return (metadata["ownerReferences"]?.array ?? []).contains { $0["kind"]?.string == "ReplicaSet" }
  }
}

extension JSON {
  /// Of annotations, those that berth writes.
  var ownMarks: [String: String] { strings.filter { $0.key.hasPrefix(Mark.prefix) } }
}
