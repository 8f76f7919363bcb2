import YAMLNodes

/// The kinds of objects that run pods and become workloads.
enum Controller: String, Sendable {
  case deployment = "Deployment"
  case statefulSet = "StatefulSet"
  case daemonSet = "DaemonSet"
  case replicaSet = "ReplicaSet"
  case pod = "Pod"

  init?(_ object: ManifestObject) {
    guard let controller = Controller(rawValue: object.kind) else { return nil }
    let groups = controller == .pod ? [""] : ["apps", "extensions"]
    guard groups.contains(object.group) else { return nil }
    self = controller
  }

  var place: KeyPlace {
    switch self {
    case .deployment: .deployment
    case .statefulSet: .statefulSet
    case .daemonSet: .daemonSet
    case .replicaSet: .replicaSet
    case .pod: .pod
    }
  }

  /// What it makes pods of: a mapping with `metadata` and `spec`.
  func template(of object: ManifestObject) -> Node? {
    self == .pod ? object.node : object.spec?.stated("template")
  }
}
