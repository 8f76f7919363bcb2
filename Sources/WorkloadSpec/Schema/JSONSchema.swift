import Values

/// The language as JSON Schema (draft 2020-12), made from its declaration, for completion in editors.
///
/// It takes what a schema can express: kinds of values, words, ranges, patterns, required and unknown keys. A
/// text may hold `${…}` anywhere, and every field that is not required may be null.
public enum JSONSchema {
  /// The schema of one document.
  ///
  /// - Parameter engines: what engines declare for `on`.
  public static func workload(on engines: [EngineFields]) -> Value {
    var definitions = Definitions(engines: engines)
    let root = definitions.object(Workload.schema.description)
    return .map(
      [
        .init("$schema", "https://json-schema.org/draft/2020-12/schema"),
        .init("title", "berth workload"),
      ] + (root.members ?? []) + [.init("$defs", definitions.value)])
  }
}

extension JSONSchema {
  /// The schema of another file than a workload's, in which no variables stand.
  ///
  /// - Parameters:
  ///   - root: what the file holds.
  ///   - title: what it is called.
  ///   - kinds: the kinds of objects that have some, by the word for one of them.
  public static func file(_ root: ObjectDescription, title: String, kinds: [String: ObjectKinds]) -> Value {
    var definitions = Definitions(engines: [], kinds: kinds, holdsVariables: false)
    let object = definitions.object(root)
    return .map(
      [
        .init("$schema", "https://json-schema.org/draft/2020-12/schema"), .init("title", .string(title)),
      ] + (object.members ?? []) + [.init("$defs", definitions.value)])
  }
}

/// Collects the schemas of the objects that fields hold, each once.
private struct Definitions {
  private let engines: [EngineFields]
  private var members: [Value.Member] = []
  private var names: Set<String> = []

  private let kinds: [String: ObjectKinds]
  /// Whether `${…}` may stand in place of what texts stand for.
  private let holdsVariables: Bool

  init(engines: [EngineFields], kinds: [String: ObjectKinds] = [:], holdsVariables: Bool = true) {
    self.engines = engines
    self.kinds = kinds
    self.holdsVariables = holdsVariables
  }

  var value: Value { .map(members.sorted { $0.key < $1.key }) }

  mutating func object(_ description: ObjectDescription) -> Value {
    guard let kinds = kinds[description.name] else { return object(description, description.fields) }
    let key = kinds.key
    let choices = kinds.kinds.map { kind -> Value in
      object(
        key.map { _ in description } ?? kind.description, description.fields + kind.description.fields,
        key.map { [$0: ["const": .string(kind.name)]] } ?? [:])
    }
    let texts: [Value] = description.text == nil ? [] : [["type": "string"]]
    return ["description": .string(description.summary), "oneOf": .list(texts + choices)]
  }

  /// - Parameter fixed: the schemas of fields that have another than their own.
  private mutating func object(
    _ description: ObjectDescription, _ fields: [FieldDescription], _ fixed: [String: Value] = [:]
  ) -> Value {
    var properties: [Value.Member] = []
    for field in fields { properties.append(.init(field.name, fixed[field.name] ?? property(field))) }
    if description.isElement { properties.append(.init(ElementPatch.key, patch)) }
    var schema: [Value.Member] = [
      .init("description", .string(description.summary)), .init("type", "object"),
      .init("properties", .map(properties)),
    ]
    let required = fields.filter(\.isRequired).map { Value.string($0.name) }
    if !required.isEmpty { schema.append(.init("required", .list(required))) }
    if let alternatives = description.alternatives?.fields {
      let given = alternatives.map { name -> Value in
        ["required": [.string(name)], "properties": .map([.init(name, ["not": ["type": "null"]])])]
      }
      schema.append(.init("anyOf", .list(given)))
    }
    schema.append(.init("additionalProperties", false))
    return .map(schema)
  }

  private var patch: Value {
    [
      "description": .string(ElementPatch.help.capitalizedSentence),
      "enum": .list(ElementPatch.allCases.map { .string($0.rawValue) }),
    ]
  }

  private mutating func property(_ field: FieldDescription) -> Value {
    let rules = field.rules.map(\.words)
    let words = ([field.summary] + rules).joined(separator: "; ")
    var schema: [Value.Member] = [.init("description", .string(words.capitalizedSentence))]
    if let value = field.defaultValue { schema.append(.init("default", value)) }
    schema += keywords(of: field.type, rules: field.rules.flatMap(\.schema), allowsNull: !field.isRequired)
    return .map(schema)
  }

  private mutating func keywords(
    of type: FieldType, rules: [Value.Member], allowsNull: Bool
  ) -> [Value.Member] {
    switch type {
    case .string:
      return types(["string", "number", "boolean"], allowsNull) + rules.map { interpolating($0) }
    case .text:
      let texts = keywords(of: .string, rules: rules, allowsNull: allowsNull)
      return [.init("anyOf", [.map(texts), reference(FileSource.schema.description)])]
    case .integer: return types(["integer", "string"], allowsNull) + [pattern("^-?[0-9]+$")] + rules
    case .boolean: return types(["boolean", "string"], allowsNull) + [pattern("^(true|false)$")]
    case .choice(let words):
      var choices: [Value] = [["enum": .list(words.map { .string($0) })]]
      if holdsVariables { choices.append(["type": "string", "pattern": .string(Self.interpolated)]) }
      if allowsNull { choices.append(["type": "null"]) }
      return [.init("anyOf", .list(choices))]
    case .quantity(_, let example, let allowsNumber, let expression, _):
      return types(allowsNumber ? ["string", "number"] : ["string"], allowsNull)
        + [pattern(expression), .init("examples", [.string(example)])]
    case .list(let element):
      let items = keywords(of: element, rules: [], allowsNull: false)
      return types(["array"], allowsNull) + [.init("items", .map(items))] + rules
    case .set:
      let items = keywords(of: .string, rules: [], allowsNull: false)
      return types(["array"], allowsNull) + [.init("items", .map(items)), .init("uniqueItems", true)] + rules
    case .keyed(let description, _):
      return types(["array"], allowsNull)
        + [
          .init("maxItems", .int(Int64(SpecDecoder.maximumElements))),
          .init("items", reference(description())),
        ] + rules
    case .map:
      let values = keywords(of: .string, rules: [], allowsNull: false)
      return types(["object"], allowsNull) + [.init("additionalProperties", .map(values))] + rules
    case .named(let description):
      return types(["object"], allowsNull) + [.init("additionalProperties", reference(description()))] + rules
    case .engines(let place):
      let properties = engines.description(at: place).fields.map { Value.Member($0.name, property($0)) }
      return types(["object"], allowsNull)
        + [.init("properties", .map(properties)), .init("additionalProperties", false)]
    case .tree: return types(["object"], allowsNull) + rules
    case .object(let description):
      let reference = reference(description())
      return allowsNull
        ? [.init("anyOf", [reference, ["type": "null"]])] : [.init("allOf", [reference])]
    }
  }

  private mutating func reference(_ description: ObjectDescription) -> Value {
    let words = description.name.split(separator: " ")
    let name = words.prefix(1).joined() + words.dropFirst().map { $0.capitalized }.joined()
    if names.insert(name).inserted { members.append(.init(name, object(description))) }
    return ["$ref": .string("#/$defs/\(name)")]
  }

  private func types(_ names: [String], _ allowsNull: Bool) -> [Value.Member] {
    let all = names + (allowsNull ? ["null"] : [])
    return [.init("type", all.count == 1 ? .string(all[0]) : .list(all.map { .string($0) }))]
  }

  /// What every text may hold in place of what it stands for.
  private static let interpolated = #"\$\{"#

  private func pattern(_ expression: String) -> Value.Member {
    .init("pattern", .string(holdsVariables ? "\(expression)|\(Self.interpolated)" : expression))
  }

  private func interpolating(_ rule: Value.Member) -> Value.Member {
    guard rule.key == "pattern", let expression = rule.value.string else { return rule }
    return pattern(expression)
  }
}

extension StringProtocol {
  /// With the first letter in upper case.
  fileprivate var capitalized: String { prefix(1).uppercased() + dropFirst() }

  /// As a sentence: with the first letter in upper case, and a full stop.
  fileprivate var capitalizedSentence: String { capitalized + "." }
}
