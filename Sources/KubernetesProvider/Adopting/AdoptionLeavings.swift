import KubernetesAPI
import Values

/// What the pods of an adopted controller have and those would not that berth makes next: fields that the spec does not state.
struct AdoptionLeavings {
  /// Where they stand in the pod, as a person reads it: `containers[api].env[REGION]`.
  private(set) var paths: [String] = []

  /// - Parameters:
  ///   - live: the controller as it is.
  ///   - made: the controller as it would be written.
  init(of live: KubernetesObject, beside made: KubernetesObject) {
    let path = ["spec", "template", "spec"]
    compare(live.json[path] ?? [:], made.json[path] ?? [:], at: "")
    compareMarks(live, made)
    paths.sort()
  }

  /// What servers add by themselves.
  private static let defaults: [String: JSON] = [
    "restartPolicy": "Always", "dnsPolicy": "ClusterFirst", "schedulerName": "default-scheduler",
    "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File",
    "protocol": "TCP", "timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3,
    "scheme": "HTTP", "apiVersion": "v1", "defaultMode": 420, "enableServiceLinks": true,
    "terminationGracePeriodSeconds": 30,
  ]

  /// By what the elements of lists are told apart: what a list has of these first.
  private static let identities = ["containerPort", "mountPath", "name", "ip"]

  /// Labels and annotations, by which Services, budgets and rules of the network may find the pods.
  private mutating func compareMarks(_ live: KubernetesObject, _ made: KubernetesObject) {
    let selected = live.json.at("spec", "selector", "matchLabels")?.strings ?? [:]
    for kind in ["labels", "annotations"] {
      let (there, stated) = (marks(kind, of: live), marks(kind, of: made))
      for key in there.keys where stated[key] == nil && selected[key] == nil && !key.hasPrefix(Mark.prefix) {
        paths.append("\(kind)[\(key)]")
      }
    }
  }

  private func marks(_ kind: String, of controller: KubernetesObject) -> [String: String] {
    controller.json.at("spec", "template", "metadata", kind)?.strings ?? [:]
  }

  private mutating func compare(_ live: JSON, _ made: JSON, at path: String) {
    for member in live.members ?? [] {
      let place = path.isEmpty ? member.key : "\(path).\(member.key)"
      guard let other = made[member.key] else {
        if !isOfServer(member.key, member.value) { paths.append(place) }
        continue
      }
      if member.value.members != nil { compare(member.value, other, at: place) }
      if let elements = member.value.array { compare(elements, other.array ?? [], at: place) }
    }
  }

  private mutating func compare(_ live: [JSON], _ made: [JSON], at path: String) {
    for element in live {
      guard let key = Self.identities.first(where: { element[$0] != nil }), let value = element[key] else {
        continue
      }
      let place = "\(path)[\(value.string ?? value.int.map { String($0) } ?? "")]"
      guard let other = made.first(where: { $0[key] == value }) else {
        paths.append(place)
        continue
      }
      compare(element, other, at: place)
    }
  }

  private func isOfServer(_ key: String, _ value: JSON) -> Bool {
    if value == Self.defaults[key] || value == [:] || value.isNull { return true }
    // An account says itself twice, and a container's policy follows from its image.
    return key == "serviceAccount" || key == "imagePullPolicy"
  }
}
