import Diagnostics
import Values

/// What a field takes, described for messages, the schema and the diff.
public indirect enum FieldType: Sendable {
  /// A text.
  case string
  /// A text that stands in the document, or a mapping with the path of a file that has it.
  case text
  /// A whole number.
  case integer
  /// `true` or `false`.
  case boolean
  /// One of some words.
  case choice([String])
  /// A number with a unit; `example` is one. A bare number may be one too. The pattern is a regular expression
  /// for schemas. `measure` reads one, so that two can be compared: from the least to the most that it stands for.
  case quantity(
    name: String, example: String, allowsNumber: Bool, pattern: String,
    measure: @Sendable (String) -> ClosedRange<Int64>?)
  /// A list in which order matters.
  case list(FieldType)
  /// A list of objects in which order does not matter, told apart by the values of some fields.
  case keyed(@Sendable () -> ObjectDescription, identity: [String])
  /// A list of texts in which order does not matter.
  case set
  /// Texts under keys.
  case map
  /// What only one engine knows at a place, under the engine's name; which fields that are, providers declare.
  case engines(EnginePlace)
  /// Data of any shape under keys.
  case tree
  /// Objects under names.
  case named(@Sendable () -> ObjectDescription)
  /// A mapping with declared fields.
  case object(@Sendable () -> ObjectDescription)

  /// The type in the words of a message: "a whole number".
  public var phrase: String {
    switch self {
    case .string: "text"
    case .text: "text, or `{file: PATH}` with the path of a file that has it"
    case .integer: "a whole number"
    case .boolean: "`true` or `false`"
    case .choice(let words): "one of " + words.map { "`\($0)`" }.joined(separator: ", ")
    case .quantity(let name, let example, _, _, _): "\(name), such as `\(example)`"
    case .list(.string), .set: "a list of texts, such as `[one, two]`"
    case .list(let element): "a list, each element \(element.phrase)"
    case .keyed(let description, _): "a list of \(description().plural)"
    case .map: "a mapping of names to texts, such as `{NAME: value}`"
    case .named(let description): "a mapping of names to \(description().plural)"
    case .engines: "a mapping of engines' names to fields that only they know"
    case .tree: "a mapping of anything"
    case .object(let description): description().takes
    }
  }
}

/// What is known of an object of the language.
public struct ObjectDescription: Sendable {
  /// The word for one of it, such as `port`.
  public let name: String
  /// The word for several of it.
  public let plural: String
  /// What it is, in one sentence, as the reference and the schema print it.
  public let summary: String
  /// Whether it is an element of a list.
  public let isElement: Bool
  /// What to write instead of a scalar that means such an object elsewhere.
  let shorthand: @Sendable (String) -> String?
  /// The text that may stand in its place, in words; `nil` if none may. The object reads it by itself.
  public let text: String?
  /// The fields of which one at least must be given.
  public let alternatives: Alternatives?
  /// Its fields in the order in which they are documented.
  public let fields: [FieldDescription]

  /// What is taken for it, in words.
  var takes: String {
    let keys = "a mapping with the keys " + fields.map { "`\($0.name)`" }.joined(separator: ", ")
    guard let text else { return keys }
    return fields.isEmpty ? text : "\(text), or \(keys)"
  }

  /// One of it, in words: "a port".
  public var phrase: String {
    if name == plural { return name }
    // What begins with a `u` is spoken as "you" is.
    return "\(name.first.map("aeio".contains) == true ? "an" : "a") \(name)"
  }
}

/// The fields of an object of which one at least must be given.
public struct Alternatives: Sendable {
  /// Their keys.
  public let fields: [String]
  /// What is reported if none is given.
  let code: DiagnosticCode
  /// What to do then.
  let help: String

  package init(_ fields: [String], code: DiagnosticCode = .missingKey, help: String) {
    self.fields = fields
    self.code = code
    self.help = help
  }

  /// None of them, in words: "neither `image` nor `command`".
  var noneOfThem: String { "neither " + fields.map { "`\($0)`" }.joined(separator: " nor ") }
}

/// What is known of a field of the language, without its Swift type.
public struct FieldDescription: Sendable {
  /// The key.
  public let name: String
  /// What it says, in one sentence.
  public let summary: String
  /// What it takes.
  public let type: FieldType
  /// Whether it must be given.
  public let isRequired: Bool
  /// What it is when not given; `nil` if it is then not set at all.
  public let defaultValue: Value?
  /// Whether its value must never be shown.
  public let isSecret: Bool
  /// Whether secrets may stand in its texts, as `${secret.KEY}`.
  public let takesSecrets: Bool
  /// Whether addresses may stand in its texts, as `${address.SERVICE.PORT}`.
  public let takesAddresses: Bool
  /// How it is compared with the live value.
  public let comparison: Comparison
  /// The least that changing it costs; `nil` inherits that of the object it is in.
  public let impact: Impact?
  /// What its value must satisfy, each in words.
  public let rules: [RuleDescription]
}

/// How a field is compared with the live value.
public enum Comparison: Sendable {
  /// The live value counts: a wanted value that differs from it is a change.
  case value
  /// Not at all: it guides how berth acts and leaves no trace on the engine.
  case never
}

/// The least that a change costs, from nothing to everything.
public enum Impact: Int, Comparable, Sendable, CaseIterable {
  /// The running process does not notice.
  case inPlace
  /// The process is started anew, and its file system is kept.
  case restart
  /// The process is started anew, with a new file system.
  case replace

  /// By cost.
  public static func < (left: Impact, right: Impact) -> Bool { left.rawValue < right.rawValue }
}
