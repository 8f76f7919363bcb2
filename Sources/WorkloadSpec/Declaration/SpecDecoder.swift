import Diagnostics
import YAMLNodes

/// What reading typed values from nodes needs: where to report, and what variables are.
public struct SpecDecoder {
  /// How many elements a list in which order does not matter can have.
  public static let maximumElements = 1000

  /// What was found wrong so far.
  public var diagnostics = Diagnostics()
  /// The field that is being read, for messages; empty for the document itself.
  var fieldName = ""
  /// What `${…}` stands for; `nil` where texts are not interpolated, as in a snapshot.
  var interpolation: Interpolation?
  /// What objects of the caller's own need to know to read themselves.
  public var context: (any Sendable)?
  /// What engines declare for `on`; `nil` where blocks are kept as they are, as in a snapshot.
  package var engines: [EngineFields]?
  /// Whether secrets may stand in the texts that are being read.
  var takesSecrets = false
  /// Whether addresses may stand in the texts that are being read.
  var takesAddresses = false

  /// A decoder that reports and interpolates.
  public init(interpolation: Interpolation? = nil) { self.interpolation = interpolation }

  /// The text of a scalar with variables filled in; anything else is reported.
  @inline(__always)
  mutating func scalar(_ node: Node, expecting type: @autoclosure () -> FieldType) -> String? {
    let record = node.record
    guard record.kind == .scalar else {
      reportWrongType(node, type())
      return nil
    }
    let start = Int(record.textStart)
    let text = node.tree.text.withUnsafeBufferPointer {
      String(
        decoding: UnsafeBufferPointer(rebasing: $0[start..<start + Int(record.textCount)]), as: UTF8.self)
    }
    guard record.flags.contains(.dollar), interpolation != nil else { return text }
    return interpolation!.expand(
      text, takesSecrets: takesSecrets, takesAddresses: takesAddresses, at: node, reportingTo: &diagnostics)
  }

  /// Whether a node is of a kind; if not, that is reported.
  mutating func expect(_ kind: NodeKind, _ node: Node, _ type: @autoclosure () -> FieldType) -> Bool {
    if node.record.kind == kind { return true }
    reportWrongType(node, type())
    return false
  }

  /// Checks a value against rules.
  @inline(__always)
  mutating func check<V>(_ value: V, _ rules: [Rule<V>], at node: Node) {
    if !rules.isEmpty { checkEach(value, rules, at: node) }
  }

  private mutating func checkEach<V>(_ value: V, _ rules: [Rule<V>], at node: Node) {
    for rule in rules {
      let problems = rule.problems(value)
      guard !problems.isEmpty else { continue }
      for problem in problems {
        let place = problem.key.flatMap { node.key($0) } ?? node
        report(problem.code ?? rule.code, problem.message, at: place, help: problem.help)
      }
      return
    }
  }

  // MARK: Reporting

  /// Reports something wrong with a node.
  public mutating func report(
    _ code: DiagnosticCode, _ message: String, at node: Node, help: String? = nil,
    related: [RelatedLocation] = []
  ) {
    diagnostics.report(code, message, at: node.location, help: help, related: related)
  }

  private mutating func reportWrongType(_ node: Node, _ type: FieldType) {
    let found =
      switch node.kind {
      case .scalar: node.isNull ? "nothing" : "text"
      case .sequence: "a list"
      case .mapping: "a mapping"
      }
    report(
      .wrongType, "\(subject(type)) must be \(type.phrase), and this is \(found)", at: node,
      help: wrongTypeHelp(node, type))
  }

  private func subject(_ type: FieldType) -> String {
    if case .object(let description) = type, fieldName.isEmpty || description().isElement {
      return description().phrase
    }
    return "`\(fieldName)`"
  }

  private func wrongTypeHelp(_ node: Node, _ type: FieldType) -> String {
    switch (type, node.kind) {
    case (.list, .scalar), (.set, .scalar):
      "write it as a list: `[\(node.text.prefix(60).split(separator: " ").joined(separator: ", "))]`"
    case (.set, .mapping), (.list, .mapping): "write a list: start each element with `- `"
    case (.keyed, _): "start each element with `- `, and write its keys below one another"
    case (.object, .sequence), (.map, .sequence), (.tree, .sequence), (.engines, .sequence),
      (.named, .sequence):
      "write `name: value` lines without the leading `-`"
    case (.object(let object), .scalar):
      object().shorthand(node.text).map { "write `\($0)`" } ?? "write `name: value` lines below it, indented"
    case (.map, .scalar), (.tree, .scalar), (.engines, .scalar), (.named, .scalar):
      "write `name: value` lines below it, indented"
    case (_, .mapping) where !node.members.isEmpty:
      "put the text in quotes if it holds `: ` or starts with `{`"
    case (_, .sequence): "write one value, without `-` and brackets"
    default: "write \(type.phrase)"
    }
  }

  /// Reports a key that is none of an object's.
  ///
  /// - Returns: the index of the field that was most likely meant.
  mutating func reportUnknown<Root: SpecObject>(key: Node, of schema: ObjectSchema<Root>) -> Int? {
    let name = key.text
    if let reason = schema.reserved[name] {
      report(.reservedKey, "`\(name)` is reserved", at: key, help: reason)
      return nil
    }
    let known = schema.fields.map(\.description.name)
    let nearest =
      name == ElementPatch.key
      ? nil : Suggestion.nearest(to: name, among: known + schema.synonyms.keys.sorted())
    let meant = schema.synonyms[name] ?? nearest.map { schema.synonyms[$0] ?? $0 }
    let help =
      if name == ElementPatch.key {
        ElementPatch.help + "; `null` takes a key away"
      } else if schema.synonyms[name] != nil, let meant {
        "here it is called `\(meant)`"
      } else if let meant {
        "did you mean `\(meant)`?"
      } else {
        "the keys are " + known.map { "`\($0)`" }.joined(separator: ", ")
      }
    report(.unknownKey, "there is no key `\(name)` in \(schema.description.phrase)", at: key, help: help)
    return meant.flatMap { known.firstIndex(of: $0) }
  }

  /// Reports a key of a mapping that stands further up too.
  mutating func reportDuplicate(key: Node, in mapping: Node) {
    // Looking for the first one is work that only a message that will be shown is worth.
    reportDuplicate(key: key, first: diagnostics.isFull ? nil : mapping.key(key.text))
  }

  /// Reports every key of a mapping that stands further up too.
  mutating func reportDuplicateKeys(in mapping: Node) {
    var firsts: [String: Node] = [:]
    for (key, _) in mapping.members {
      let name = key.text
      if let first = firsts[name] { reportDuplicate(key: key, first: first) } else { firsts[name] = key }
    }
  }

  private mutating func reportDuplicate(key: Node, first: Node?) {
    report(
      .duplicateKey, "the key `\(key.text)` stands twice", at: key, help: "delete one of the two",
      related: first.map { [RelatedLocation(message: "first given here", location: $0.location)] } ?? [])
  }

  /// Whether a list is short enough to be worked with; if not, that is reported.
  mutating func checkCount(
    _ count: Int, atMost limit: Int = SpecDecoder.maximumElements, at node: Node
  ) -> Bool {
    if count <= limit { return true }
    report(
      .outOfRange, "`\(fieldName)` has \(count) elements", at: node,
      help: "it can have \(limit) at most")
    return false
  }

  mutating func reportMissing(_ field: FieldDescription, of object: ObjectDescription, at node: Node) {
    report(
      .missingKey, "this \(object.name) has no `\(field.name)`", at: node,
      help: "add `\(field.name)`: \(field.summary)")
  }

  mutating func reportMissingAlternatives(of object: ObjectDescription, at node: Node) {
    guard let alternatives = object.alternatives else { return }
    report(
      alternatives.code, "this \(object.name) has \(alternatives.noneOfThem)",
      at: object.isElement ? node["name"] ?? node : node,
      help: alternatives.help)
  }

  mutating func reportEmptyElement(_ node: Node, named name: String? = nil) {
    report(
      .nullElement, "\(name.map { "`\($0)`" } ?? "this element") of `\(fieldName)` is empty", at: node,
      help: node.isHiddenByComment
        ? "behind a space, `#` begins a comment: put a text that starts with `#` in quotes"
        : "write the value, or `\"\"` if an empty text is meant")
  }
}

extension Node {
  /// Whether a comment follows where its text could stand.
  fileprivate var isHiddenByComment: Bool {
    location.file.line(location.line)?.unicodeScalars.dropFirst(location.column - 1).first { $0 != " " }
      == "#"
  }
}
