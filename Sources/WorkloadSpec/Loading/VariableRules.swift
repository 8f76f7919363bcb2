import Diagnostics
import Secrets

/// What a declaration of a variable, and a value for it, must satisfy.
enum VariableRules {
  /// What is wrong with a declaration.
  struct Problem {
    /// The field that is to blame.
    let field: String
    let message: String
    let help: String?
  }

  /// Everything that is wrong with a declaration.
  static func problems(with variable: Variable) -> [Problem] {
    var problems: [Problem] = []
    func add(_ field: String, _ message: String, help: String?) {
      problems.append(
        Problem(field: field, message: message, help: help))
    }
    if variable.type == .enum, variable.values.isEmpty {
      add(
        "type", "an `enum` variable needs `values`", help: "list the words that it can be: `values: [a, b]`")
    }
    if variable.type != .enum, !variable.values.isEmpty {
      add("values", "only an `enum` variable has `values`", help: "write `type: enum`")
    }
    if variable.required, variable.default != nil {
      add("default", "a variable with a default is never missing", help: "leave out `required` or `default`")
    }
    if let pattern = variable.pattern {
      if variable.type != .string {
        add("pattern", "only a `string` variable has a `pattern`", help: "leave it out")
      } else {
        do throws(PatternProblem) {
          _ = try Pattern(pattern)
        } catch {
          add(
            "pattern", "the regular expression `\(pattern)` \(error.message)",
            help: "look at its character \(error.column); back-references and looking around are not known")
        }
      }
    }
    return problems
  }

  /// What to say of a value that a variable can't have. What was given to a secret may be one: it is not
  /// repeated.
  static func message(on text: String, of variable: Variable, _ origin: String) -> String {
    variable.type == .secret
      ? "the variable `\(variable.name)` is a secret, and what is \(origin) is not a reference to one"
      : "the variable `\(variable.name)` can't be `\(text)`, which is \(origin)"
  }

  /// What a variable takes, if a value is not of that kind.
  static func problem(with text: String, for variable: Variable) -> String? {
    switch variable.type {
    case .string:
      guard let expression = variable.pattern, let pattern = try? Pattern(expression) else { return nil }
      return pattern.matches(text) ? nil : "it must match `\(expression)` as a whole"
    case .int:
      let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
      return Decimal.isDigits(digits) && Int64(text) != nil ? nil : "it takes a whole number"
    case .bool: return text == "true" || text == "false" ? nil : "it takes `true` or `false`"
    case .enum:
      if variable.values.contains(text) { return nil }
      let words = variable.values.map { "`\($0)`" }.joined(separator: ", ")
      return Suggestion.help(for: text, among: variable.values) ?? "it takes one of \(words)"
    case .secret: return SecretKey.isValid(text) ? nil : SecretKey.help
    }
  }
}
