import Planning
import Values

/// Plain data on one line, as a person reads it: texts in quotes, maps as `{key: value}`.
enum ValueText {
  static func line(_ value: Value) -> String {
    switch value {
    case .null: "null"
    case .bool(let truth): truth ? "true" : "false"
    case .int(let number): String(number)
    case .string(let text): SafeText.quoted(text)
    case .list(let elements): "[" + elements.map(line).joined(separator: ", ") + "]"
    case .map(let members):
      "{" + members.map { "\(SafeText.line($0.key)): \(line($0.value))" }.joined(separator: ", ") + "}"
    }
  }

  static func line(_ value: ChangeValue) -> String {
    switch value {
    case .absent: "(absent)"
    case .value(let value): line(value)
    case .secret: "(secret)"
    case .unknown: "(unknown)"
    }
  }
}
