import KubernetesAPI
import Planning
import ProviderKit
import Values

/// The fields of objects that other clients wrote last, as a server's managed fields tell.
///
/// A field is named by its path as managed fields have it: `f:spec`, `f:replicas`; an element of a list by what tells it from the
/// others, `k:{"name":"api"}`.
enum HeldFields {
  /// The fields of live objects that other clients keep.
  ///
  /// - Parameter applied: the objects as berth applied them last; asked for only if there is any such field.
  static func of(_ objects: [KubernetesObject], applied: () -> [KubernetesObject]) -> [HeldField] {
    let kept = objects.flatMap { object in places(in: object).map { (object, $0.path, $0.manager) } }
    guard !kept.isEmpty else { return [] }
    let index = ObjectIndex(applied())
    return kept.compactMap { object, path, manager in
      guard let live = value(at: path, in: object.json) else { return nil }
      let made = index.object(ofKind: object.kind, object.name)
      return HeldField(
        object: "\(object.kind) \(object.name)", path: path, manager: manager, value: live.value,
        wasApplied: !isAutoscaled(path, by: manager) && made.flatMap { value(at: path, in: $0.json) } != nil)
    }
  }

  /// Those that an object which is to be applied says otherwise.
  static func conflicts(with object: KubernetesObject, in held: [HeldField]) -> [HeldField] {
    held.filter { field in
      guard field.object == "\(object.kind) \(object.name)",
        let wanted = value(at: field.path, in: object.json)
      else { return false }
      return !JSON(field.value).contains(wanted)
    }
  }

  /// Whether a controller of the cluster scales by itself: the number is its own, also where a spec or an operator stated one before.
  static func isAutoscaled(_ path: [String], by manager: String) -> Bool {
    path == ["f:spec", "f:replicas"]
      && (manager == "kube-controller-manager" || manager.contains("autoscaler") || manager.contains("keda"))
  }

  // MARK: Paths

  /// The fields that others keep and berth does not, but for what controllers tell: in the status, and of a Deployment's
  /// revision.
  private static func places(in object: KubernetesObject) -> [(path: [String], manager: String)] {
    let own = AppliedFields.of(object)
    var places: [(path: [String], manager: String)] = []
    for manager in object.managers where manager.name != Mark.berth {
      leaves(of: manager.fields, below: []) { path in
        guard path.first != "f:status", path.last?.hasPrefix("f:deployment.kubernetes.io/") != true,
          own?[path] == nil
        else { return }
        places.append((path, manager.name))
      }
    }
    return places
  }

  private static func leaves(of fields: JSON, below path: [String], _ body: ([String]) -> Void) {
    for member in fields.members ?? [] where member.key != "." {
      let inner = path + [member.key]
      let isLeaf = !(member.value.members ?? []).contains { $0.key != "." }
      if isLeaf { body(inner) } else { leaves(of: member.value, below: inner, body) }
    }
  }

  /// What stands at a path; `nil` if nothing does.
  static func value(at path: [String], in json: JSON) -> JSON? {
    path.reduce(json as JSON?) { json, part in
      guard let json else { return nil }
      let name = String(part.dropFirst(2))
      if part.hasPrefix("f:") { return json[name] }
      guard let key = try? Value(json: name) else { return nil }
      return json.array?.first { part.hasPrefix("k:") ? $0.contains(JSON(key)) : $0 == JSON(key) }
    }
  }

  /// A path as a person reads it: `spec.template.spec.containers[api].image`.
  static func text(of path: [String]) -> String {
    path.reduce(into: "") { text, part in
      let name = part.dropFirst(2)
      if part.hasPrefix("f:") {
        text += name.contains(".") || name.contains("/") ? "[\(name)]" : (text.isEmpty ? "" : ".") + name
      } else {
        let key = try? Value(json: String(name))
        let words =
          key?.members?.map { $0.value.string ?? $0.value.int.map { String($0) } ?? "" } ?? [String(name)]
        text += "[\(words.joined(separator: "/"))]"
      }
    }
  }
}
