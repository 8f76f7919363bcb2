import Diagnostics
import YAMLNodes

/// One object of Kubernetes: a document, or an item of a list.
struct ManifestObject: Sendable {
  /// What tells it apart from the others of an import.
  let number: Int
  /// The mapping that it is.
  let node: Node
  /// The group of its interface without the version; empty for the core.
  let group: String
  let kind: String
  let name: String
  /// The namespace that it states.
  let namespace: String?

  /// An object; `nil` if it lacks what every object has.
  init?(_ node: Node, number: Int) {
    guard let version = node.stated("apiVersion")?.scalar, let kind = node.stated("kind")?.scalar else {
      return nil
    }
    self.number = number
    self.node = node
    self.kind = kind
    group = version.contains("/") ? String(version.prefix { $0 != "/" }) : ""
    let metadata = node["metadata"]
    name = metadata?.stated("name")?.scalar ?? metadata?.stated("generateName")?.scalar ?? ""
    namespace = metadata?.stated("namespace")?.scalar
  }

  /// Where its name stands, or where it begins.
  var location: SourceLocation {
    node["metadata"]?.key("name")?.location ?? node.key("kind")?.location ?? node.location
  }

  /// In the words of a message: "the Deployment `web`".
  var phrase: String { "the \(kind) `\(name)`" }

  var spec: Node? { node.stated("spec") }

  /// Whether a controller makes it and takes it away.
  var isOwned: Bool {
    (node["metadata"]?["ownerReferences"]?.elements ?? []).contains { $0["controller"]?.text == "true" }
  }

  /// The event of a release at which Helm makes it, if it is a hook.
  var hook: String? { node["metadata"]?["annotations"]?.stated("helm.sh/hook")?.scalar }

  /// Whether it is a kind of Kubernetes itself, which others may call something of theirs.
  func isKind(_ kind: String, in groups: String...) -> Bool { self.kind == kind && groups.contains(group) }
}
