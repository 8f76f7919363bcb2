/// Finds where the value of a field of a merged spec was written.
public enum FieldTrace {
  /// Where a field's value comes from.
  public enum Origin: Sendable {
    /// It was written here.
    case written(SourceLocation)
    /// Nobody wrote it: it is the language's default.
    case defaultValue(Value)
    /// Nobody wrote it, and it has no default: it is not set.
    case notSet
  }

  /// Where the value of a field comes from.
  ///
  /// - Parameters:
  ///   - path: the field as plans name it: `replicas`, `services[api].env.LEVEL`, `services[api].ports[80/tcp].host`.
  ///   - root: the document's root, after merging.
  /// - Returns: `nil` if there is no such field.
  public static func origin(of path: String, in root: Node) -> Origin? {
    guard let steps = steps(of: path) else { return nil }
    var node: Node? = root
    var type = Workload.fieldType
    var fallback: Value?
    for step in steps {
      switch (type, step) {
      case (.object(let description), .key(let name)):
        guard let field = description().fields.first(where: { $0.name == name }) else { return nil }
        node = node?[name]
        type = field.type
        fallback = field.defaultValue
      case (.keyed(let description, let identity), .element(let wanted)):
        node = node?.elements.first { self.identity(of: $0, identity, description()) == wanted }
        guard node != nil else { return nil }
        type = .object(description)
        fallback = nil
      case (.map, .key(let name)), (.map, .element(let name)):
        node = node?[name]
        type = .string
        fallback = nil
      default: return nil
      }
    }
    if let node, !node.isNull { return .written(node.location) }
    return fallback.map { .defaultValue($0) } ?? .notSet
  }

  private enum Step {
    case key(String)
    case element(String)
  }

  /// `services[api].env.LEVEL` as a key, an element and two keys; `nil` if a bracket is never closed.
  private static func steps(of path: String) -> [Step]? {
    var steps: [Step] = []
    var rest = path[...]
    while !rest.isEmpty {
      if rest.first == "[" {
        guard let close = rest.firstIndex(of: "]") else { return nil }
        steps.append(.element(String(rest[rest.index(after: rest.startIndex)..<close])))
        rest = rest[rest.index(after: close)...]
      } else {
        let name = rest.prefix { $0 != "." && $0 != "[" }
        steps.append(.key(String(name)))
        rest = rest.dropFirst(name.count)
      }
      if rest.first == "." { rest = rest.dropFirst() }
    }
    return steps
  }

  /// What tells an element apart, with defaults where it does not say.
  private static func identity(
    of element: Node, _ names: [String], _ description: ObjectDescription
  ) -> String {
    names.map { name in
      if let text = element[name]?.text { return text }
      return description.fields.first { $0.name == name }?.defaultValue?.string ?? ""
    }.joined(separator: "/")
  }
}
