import Diagnostics
import YAMLNodes

/// Merges documents of one workload, node by node, before anything is read from them.
///
/// Mappings are merged by key, lists of objects by what tells their elements apart; anything else is
/// replaced, and `null` takes a key away. Every node keeps the place that it came from. An element that says with
/// ``ElementPatch`` what becomes of one that is not there is reported and left out, so that nothing else is said of it.
struct LayerMerge {
  private var builder = NodeTreeBuilder()
  private var problems = PatchProblems()
  private let engines: [EngineFields]

  private init(engines: [EngineFields]) { self.engines = engines }

  /// The later layers over the earlier ones; `nil` if there are none.
  ///
  /// - Parameter engines: what engines declare for `on`.
  static func merge(
    _ layers: [Node], as description: ObjectDescription, on engines: [EngineFields] = [],
    reportingTo diagnostics: inout Diagnostics
  ) -> Node? {
    let type = FieldType.object { description }
    guard var result = layers.first else { return nil }
    if result.hasScalar(ElementPatch.key) {
      result = run(engines, reportingTo: &diagnostics) { [result] in $0.appendNew(result, type) }
      if layers.count == 1 { return result }
    }
    for layer in layers.dropFirst() {
      result = run(engines, reportingTo: &diagnostics) { [result] merge in
        merge.problems.isLater = true
        merge.append(layer, over: result, type)
      }
    }
    return result
  }

  /// One merge, and the node that it comes to.
  private static func run(
    _ engines: [EngineFields], reportingTo diagnostics: inout Diagnostics,
    _ append: (inout LayerMerge) -> Void
  ) -> Node {
    var merge = LayerMerge(engines: engines)
    append(&merge)
    diagnostics.append(contentsOf: merge.problems.diagnostics)
    return Node(tree: merge.builder.build(), index: 0)
  }

  private mutating func append(_ layer: Node, over base: Node, _ type: FieldType?) {
    switch stated(type) {
    case .object(let description) where base.kind == .mapping && layer.kind == .mapping:
      let types = Self.types(of: description())
      appendMembers(of: layer, over: base) { types[$0] }
    case .map where base.kind == .mapping && layer.kind == .mapping:
      appendMembers(of: layer, over: base, keepsNulls: false) { _ in nil }
    case .tree where base.kind == .mapping && layer.kind == .mapping:
      appendMembers(of: layer, over: base) { _ in .tree }
    case .keyed(let description, let identity) where base.kind == .sequence && layer.kind == .sequence:
      appendElements(of: layer, over: base, description(), identity)
    default: appendNew(layer, type)
    }
  }

  /// Appends what no earlier layer has.
  private mutating func appendNew(_ node: Node, _ type: FieldType?) {
    switch stated(type) {
    case .object(let description) where node.kind == .mapping:
      let types = Self.types(of: description())
      let opened = builder.open(like: node)
      for (key, value) in node.members {
        builder.append(key)
        appendNew(value, types[key.text])
      }
      builder.close(opened)
    case .keyed(let description, let identity) where node.kind == .sequence:
      let element = description()
      let fields = Self.fields(identity, of: element)
      let opened = builder.open(like: node)
      for child in node.elements { appendNew(child, element, fields, among: []) }
      builder.close(opened)
    default: builder.append(node)
    }
  }

  /// Appends an element that no earlier layer has, unless it is there to change one.
  ///
  /// - Parameter known: what tells the elements apart that earlier layers have.
  private mutating func appendNew(
    _ element: Node, _ description: ObjectDescription, _ fields: [FieldDescription],
    among known: Set<[String]>
  ) {
    if ElementPatch.member(of: element) == nil {
      appendNew(element, .object { description })
    } else {
      problems.report(element, description, fields, among: known)
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
        appendNew(value, type(key.text))
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
    let fields = Self.fields(identity, of: description)
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
      case .replace: appendWithoutPatch(change, Self.types(of: description))
      case nil where ElementPatch.member(of: change) == nil:
        append(change, over: element, .object { description })
      case nil:
        problems.report(change, description, fields, among: baseIdentities)
        builder.append(element)
      }
    }
    for element in additions { appendNew(element, description, fields, among: baseIdentities) }
    builder.close(opened)
  }

  private mutating func appendWithoutPatch(_ element: Node, _ types: [String: FieldType]) {
    let opened = builder.open(like: element)
    for (key, value) in element.members where key.text != ElementPatch.key {
      builder.append(key)
      appendNew(value, types[key.text])
    }
    builder.close(opened)
  }

  /// A type, with what engines declare in the place of what stands for it.
  private func stated(_ type: FieldType?) -> FieldType? {
    guard case .engines(let place)? = type else { return type }
    return .object { [engines] in engines.description(at: place) }
  }

  private static func types(of description: ObjectDescription) -> [String: FieldType] {
    Dictionary(description.fields.map { ($0.name, $0.type) }) { first, _ in first }
  }

  private static func fields(_ names: [String], of description: ObjectDescription) -> [FieldDescription] {
    names.compactMap { name in description.fields.first { $0.name == name } }
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
