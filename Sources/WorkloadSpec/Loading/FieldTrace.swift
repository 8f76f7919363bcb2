extension LoadedWorkload {
  /// Where the value of a field was written, and in which layer, so that a later file's effect can be told.
  ///
  /// - Parameter path: the field, as a plan names it: `replicas`, `services[api].env.LEVEL`,
  ///   `services[api].ports[8080/tcp].host`.
  /// - Returns: the place; `nil` if no file says anything about the field.
  public func place(of path: String) -> SourceLocation? {
    var node = root
    var type = FieldType.object { Workload.schema.description }
    for step in Self.steps(of: path) {
      guard let next = Self.follow(step, from: node, type) else { return nil }
      (node, type) = next
    }
    return node.location
  }

  /// A step of a path: a key, or what tells an element apart.
  private enum Step {
    case key(String)
    case element(String)
  }

  private static func steps(of path: String) -> [Step] {
    var steps: [Step] = []
    var rest = Substring(path)
    while !rest.isEmpty {
      if rest.first == "[", let close = rest.firstIndex(of: "]") {
        steps.append(.element(String(rest[rest.index(after: rest.startIndex)..<close])))
        rest = rest[rest.index(after: close)...]
      } else {
        let key = rest.prefix { $0 != "." && $0 != "[" }
        if !key.isEmpty { steps.append(.key(String(key))) }
        rest = rest.dropFirst(key.count)
      }
      if rest.first == "." { rest = rest.dropFirst() }
    }
    return steps
  }

  private static func follow(
    _ step: Step, from node: Node, _ type: FieldType
  ) -> (node: Node, type: FieldType)? {
    switch (step, type) {
    case (.key(let name), .object(let description)):
      guard let field = description().fields.first(where: { $0.name == name }), let value = node[name] else {
        return nil
      }
      return (value, field.type)
    case (.key(let name), .map), (.element(let name), .map):
      return node[name].map { ($0, .string) }
    case (.element(let identity), .keyed(let description, let names)):
      let fields = names.compactMap { name in description().fields.first { $0.name == name } }
      let element = node.elements.first {
        LayerMerge.identity(of: $0, fields)?.joined(separator: "/") == identity
      }
      return element.map { ($0, .object(description)) }
    case (.element(let text), .set):
      return node.elements.first { $0.text == text }.map { ($0, .string) }
    default: return nil
    }
  }
}
