import Diagnostics
import Values
import WorkloadSpec
import YAMLNodes

/// What a field of specs must be like. What it says must all be so; of a field that is not set, only `set` and `includes` say
/// something.
public struct FieldCondition: SpecObject {
  /// The field's path in the language.
  public var field = ""
  /// Whether it must be set, or must not be.
  public var isSet: Bool?
  /// What it must be.
  public var equals: String?
  /// What it must be one of.
  public var oneOf: [String] = []
  /// What it must not be.
  public var noneOf: [String] = []
  /// Patterns of which it must fit one.
  public var matches: [Glob] = []
  /// Patterns of which it must fit none.
  public var matchesNone: [Glob] = []
  /// What a list of texts must hold.
  public var includes: [String] = []
  /// The most that it may be.
  public var atMost: String?
  /// The least that it may be.
  public var atLeast: String?
  /// Where it stands.
  @Uncompared var location: SourceLocation? = nil
  /// The same in terms of the language; `nil` if it makes no sense there.
  @Uncompared var reading: (selector: FieldSelector, test: FieldTest)? = nil

  /// A condition on nothing.
  public init() {}

  /// The statement of its fields.
  public static let schema = ObjectSchema<FieldCondition>(
    "field condition", "What a field of specs must be like. What it says must all be so.",
    synonyms: [
      "path": "field", "key": "field", "isSet": "set", "required": "set", "is": "equals", "value": "equals",
      "in": "oneOf", "anyOf": "oneOf", "notIn": "noneOf", "pattern": "matches", "max": "atMost",
      "min": "atLeast",
      "contains": "includes",
    ],
    alternatives: Alternatives(
      ["set", "equals", "oneOf", "noneOf", "matches", "matchesNone", "includes", "atMost", "atLeast"],
      help: "say what the field must be like, such as `set: true`"),
    fields: [
      Field(
        "field", \.field,
        "the field's path in the language, such as `services.resources.memory`; a list on its way means each element",
        required: true),
      Field("set", \.isSet, "whether it must be set, or must not be"),
      Field("equals", \.equals, "what it must be"),
      Field("oneOf", \.oneOf, "what it must be one of"),
      Field("noneOf", \.noneOf, "what it must not be"),
      Field("matches", \.matches, "patterns of which it must fit one: `*` is any text, `?` one character"),
      Field("matchesNone", \.matchesNone, "patterns of which it must fit none"),
      Field("includes", \.includes, "what a list of texts must hold"),
      Field("atMost", \.atMost, "the most that it may be, with its unit: `4Gi`"),
      Field("atLeast", \.atLeast, "the least that it may be, with its unit"),
    ])

  /// Reads its fields, and holds them against the field's declaration.
  public static func read(_ node: Node, by decoder: inout SpecDecoder) -> FieldCondition? {
    guard var condition = readFields(node, by: &decoder) else { return nil }
    condition.location = node.location
    guard let path = node["field"], path.kind == .scalar, !path.isNull else { return condition }
    condition.location = path.location
    do throws(FieldSelector.Problem) {
      let selector = try FieldSelector(condition.field, on: decoder.engines ?? [])
      var checking = FieldTestReading(of: selector, in: node)
      if let test = checking.test(of: condition, by: &decoder) { condition.reading = (selector, test) }
    } catch {
      decoder.report(.unknownPolicyField, error.message, at: path, help: error.help)
    }
    return condition
  }
}
