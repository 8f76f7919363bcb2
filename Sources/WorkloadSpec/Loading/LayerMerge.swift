/// Merges documents of one workload, node by node, before anything is read from them.
///
/// Mappings are merged by key, lists of objects by what tells their elements apart; anything else is
/// replaced, and `null` takes a key away. Every node keeps the place that it came from.
struct LayerMerge {
  private var builder = NodeTreeBuilder()

  /// The later layers over the earlier ones; `nil` if there are none.
  static func merge(_ layers: [Node], as description: ObjectDescription) -> Node? {
    guard var result = layers.first else { return nil }
    for layer in layers.dropFirst() {
      var merge = LayerMerge()
      merge.builder.roots = [0]
      merge.append(layer, over: result, .object { description })
      guard let root = merge.builder.build().documents.first else { return nil }
      result = root
    }
    return result
  }

  private mutating func append(_ layer: Node, over base: Node, _ type: FieldType?) {
    switch type {
    case .object(let description) where base.kind == .mapping && layer.kind == .mapping:
      let types = Dictionary(description().fields.map { ($0.name, $0.type) }) { first, _ in first }
      appendMembers(of: layer, over: base) { types[$0] }
    case .map where base.kind == .mapping && layer.kind == .mapping:
      appendMembers(of: layer, over: base, keepsNulls: false) { _ in nil }
    case .keyed(let description, let identity) where base.kind == .sequence && layer.kind == .sequence:
      appendElements(of: layer, over: base, description(), identity)
    default: builder.append(layer)
    }
  }

  /// Merges two mappings. Of a key that stands twice in one of them, both stay, so that it is reported.
  ///
  /// - Parameter keepsNulls: whether a key that takes nothing away is kept, so that its name is checked.
  private mutating func appendMembers(
    of layer: Node, over base: Node, keepsNulls: Bool = true, type: (String) -> FieldType?
  ) {
    let opened = builder.open(like: base)
    let baseKeys = Set(base.members.map { $0.key.text })
    var changes: [String: (key: Node, value: Node)] = [:]
    var additions: [(key: Node, value: Node)] = []
    for member in layer.members {
      let name = member.key.text
      if baseKeys.contains(name), changes[name] == nil {
        changes[name] = member
      } else {
        additions.append(member)
      }
    }
    for (key, value) in base.members {
      let name = key.text
      guard let change = changes[name] else {
        builder.append(key)
        builder.append(value)
        continue
      }
      if change.value.isNull { continue }
      builder.append(change.key)
      append(change.value, over: value, type(name))
    }
    for (key, value) in additions where keepsNulls || !value.isNull {
      builder.append(key)
      if case .map = type(key.text), value.kind == .mapping {
        appendWithoutNulls(value)
      } else {
        builder.append(value)
      }
    }
    builder.close(opened)
  }

  /// Appends a mapping that the base does not have: there is nothing that its nulls could take away.
  private mutating func appendWithoutNulls(_ map: Node) {
    let opened = builder.open(like: map)
    for (key, value) in map.members where !value.isNull {
      builder.append(key)
      builder.append(value)
    }
    builder.close(opened)
  }

  /// Merges two lists of objects: elements of one identity are merged, further ones follow.
  private mutating func appendElements(
    of layer: Node, over base: Node, _ description: ObjectDescription, _ identity: [String]
  ) {
    let opened = builder.open(like: base)
    let fields = identity.compactMap { name in description.fields.first { $0.name == name } }
    var changes: [[String]: Node] = [:]
    var additions: [Node] = []
    let baseIdentities = Set(base.elements.compactMap { Self.identity(of: $0, fields) })
    for element in layer.elements {
      if let identity = Self.identity(of: element, fields), baseIdentities.contains(identity),
        changes[identity] == nil
      {
        changes[identity] = element
      } else {
        additions.append(element)
      }
    }
    for element in base.elements {
      guard let identity = Self.identity(of: element, fields), let change = changes[identity] else {
        builder.append(element)
        continue
      }
      switch ElementPatch(of: change) {
      case .delete: break
      case .replace: appendWithoutPatch(change)
      case nil: append(change, over: element, .object { description })
      }
    }
    for element in additions { builder.append(element) }
    builder.close(opened)
  }

  private mutating func appendWithoutPatch(_ element: Node) {
    let opened = builder.open(like: element)
    for (key, value) in element.members where key.text != ElementPatch.key {
      builder.append(key)
      builder.append(value)
    }
    builder.close(opened)
  }

  /// The texts of the fields that tell an element apart; `nil` if one is not given and has no default.
  static func identity(of element: Node, _ fields: [FieldDescription]) -> [String]? {
    var texts: [String] = []
    for field in fields {
      if let node = element[field.name], node.kind == .scalar, !node.isNull {
        texts.append(node.text)
      } else if let text = field.defaultValue?.string {
        texts.append(text)
      } else {
        return nil
      }
    }
    return texts
  }
}
