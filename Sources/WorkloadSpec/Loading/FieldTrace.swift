import Diagnostics
import Values
import YAMLNodes

/// Where the value of a field comes from.
public enum FieldOrigin: Sendable {
  /// It was written here.
  case written(SourceLocation)
  /// No file states it: it is the language's default.
  case defaultValue(Value)
  /// No file states it, and it has no default: it is not set.
  case notSet
}

extension LoadedWorkload {
  /// Where the value of a field comes from, and in which layer, so that a later file's effect can be told.
  ///
  /// - Parameter path: the field, as a plan names it: `replicas`, `services[api].env.LEVEL`,
  ///   `services[api].ports[8080/tcp].host`.
  /// - Returns: `nil` if the workload has no such field or element.
  public func origin(of path: String) -> FieldOrigin? {
    var node: Node? = root
    var type = FieldType.object { Workload.schema.description }
    var fallback: Value?
    for step in FieldPath(path).steps {
      switch (step, type) {
      case (.key(let name), .object(let description)):
        guard let field = description().fields.first(where: { $0.name == name }) else { return nil }
        (node, type, fallback) = (node?[name], field.type, field.defaultValue)
      case (.key(let name), .engines(let place)):
        guard let field = engines.description(at: place).fields.first(where: { $0.name == name }) else {
          return nil
        }
        (node, type, fallback) = (node?[name], field.type, nil)
      case (.key(let name), .map), (.element(let name), .map):
        (node, type, fallback) = (node?[name], .string, nil)
      case (.key(let name), .tree), (.element(let name), .tree):
        (node, type, fallback) = (node?[name], .tree, nil)
      case (.element(let identity), .keyed(let description, let names)):
        let fields = names.compactMap { name in description().fields.first { $0.name == name } }
        let element = node?.elements.first {
          LayerMerge.identity(of: $0, fields)?.filter { !$0.isEmpty }.joined(separator: "/") == identity
        }
        guard let element else { return nil }
        (node, type, fallback) = (element, .object(description), nil)
      case (.element(let text), .set):
        guard let element = node?.elements.first(where: { $0.text == text }) else { return nil }
        (node, type, fallback) = (element, .string, nil)
      default: return nil
      }
    }
    if let node, !node.isNull { return .written(node.location) }
    return fallback.map { .defaultValue($0) } ?? .notSet
  }
}

extension LoadedWorkload {
  /// Where a field is written or, if no file states it, what it would stand in.
  ///
  /// - Parameter path: the field, as a plan names it.
  public func place(of path: String) -> SourceLocation {
    var path = path[...]
    while !path.isEmpty {
      if case .written(let location) = origin(of: String(path)) { return location }
      let end = path.dropLast().lastIndex { $0 == "." || $0 == "[" }
      path = end.map { path[..<$0] } ?? ""
    }
    return root.location
  }
}
