import YAMLNodes

/// A declared variable of a document: what `${var.NAME}` stands for.
public struct Variable: SpecElement {
  /// The name in `${var.NAME}`.
  public var name = ""
  /// What its value must be.
  public var type = VariableType.string
  /// The value when none is given.
  public var `default`: String?
  /// Whether a value must be given.
  public var required = false
  /// The words that a variable of type `enum` can be.
  public var values: [String] = []
  /// A regular expression that the whole value must match.
  public var pattern: String?
  /// What it is for, in the author's words; no value depends on it.
  public var description: String?

  /// A variable with nothing set.
  public init() {}

  /// Told apart by name.
  public static let identityFields = ["name"]
  /// Variables of a workload are told apart by name.
  public var identity: String { name }

  /// Reads declarations, and only those: where variables are filled in, they are known already.
  public static func readList(_ node: Node, by decoder: inout SpecDecoder) -> [Variable]? {
    decoder.interpolation == nil ? readElements(node, by: &decoder) : []
  }

  /// The statement of a variable's fields.
  public static let schema = ObjectSchema<Variable>(
    "variable", "A declared variable of a document: what `${var.NAME}` stands for.",
    fields: [
      Field("name", \.name, "the name", required: true, rules: [.environmentName]),
      Field("type", \.type, "what its value must be"),
      Field(
        "default", \.default,
        "the value when none is given; `${var.OTHER}`, `${workload.name}`, `${namespace}` and `${target}` may stand in it"
      ),
      Field("required", \.required, "whether a value must be given"),
      Field("values", \.values, "the words that a variable of type `enum` can be"),
      Field("pattern", \.pattern, "a regular expression that the whole value must match"),
      Field("description", \.description, "what it is for"),
    ])
}

/// What a variable's value must be.
public enum VariableType: String, SpecChoice {
  /// Any text.
  case string
  /// A whole number.
  case int
  /// `true` or `false`.
  case bool
  /// One of the words under `values`.
  case `enum`
  /// A reference to a secret, never a value.
  case secret
}
