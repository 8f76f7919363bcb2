import Diagnostics
import YAMLNodes

/// The names of what a pod takes from other objects.
struct PodReferences {
  /// A kind and a name.
  struct Name: Hashable {
    let kind: String
    let name: String
  }

  /// ConfigMaps, Secrets and claims, each with its first place.
  private(set) var places: [Name: SourceLocation] = [:]

  init(_ pod: Node) {
    search(pod)
    for reference in pod.list("imagePullSecrets") { add("Secret", reference["name"]) }
  }

  private mutating func search(_ node: Node) {
    for element in node.elements { search(element) }
    for (key, value) in node.members {
      switch key.text {
      case "configMapRef", "configMapKeyRef", "configMap": add("ConfigMap", value["name"])
      case "secretRef", "secretKeyRef": add("Secret", value["name"])
      case "secret": add("Secret", value["secretName"] ?? value["name"])
      case "persistentVolumeClaim": add("PersistentVolumeClaim", value["claimName"])
      default: search(value)
      }
    }
  }

  private mutating func add(_ kind: String, _ node: Node?) {
    guard let node, let name = node.scalar else { return }
    let key = Name(kind: kind, name: name)
    if places[key] == nil { places[key] = node.location }
  }
}
