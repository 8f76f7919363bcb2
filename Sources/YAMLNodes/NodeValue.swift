import Values

extension Value {
  /// The plain data of a node.
  public init(_ node: Node) {
    switch node.kind {
    case .mapping: self = .map(node.members.map { Member($0.key.text, Value($0.value)) })
    case .sequence: self = .list(node.elements.map { Value($0) })
    case .scalar:
      let text = node.text
      if !node.isPlain {
        self = .string(text)
      } else if node.isNull {
        self = .null
      } else if text == "true" || text == "false" {
        self = .bool(text == "true")
      } else if let number = Int64(text) {
        self = .int(number)
      } else {
        self = .string(text)
      }
    }
  }
}
