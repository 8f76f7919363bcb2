/// What `${…}` stands for in a text of the language.
///
/// `${var.NAME}` is a variable, `$${` is a `${` as it is, and `${root}` is left for the provider.
public struct Interpolation: Sendable {
  /// The values of the declared variables. A variable that has none, because that was reported already, is
  /// `nil`.
  public let variables: [String: String?]
  /// The declared variables that hold secrets: they have no value that could be filled in.
  public let secrets: Set<String>
  /// The variables that were used.
  public private(set) var used: Set<String> = []
  /// Whether a variable without a value was used, so that a text is missing that nothing was said about.
  private(set) var hasGaps = false

  /// Interpolates with these values.
  public init(variables: [String: String?], secrets: Set<String> = []) {
    self.variables = variables
    self.secrets = secrets
  }

  /// What providers fill in themselves, when they know it.
  public static let providerNames: Set<String> = ["root"]

  /// Fills in what only the provider knows, in a text that was interpolated already.
  public static func fill(_ text: String, _ values: [String: String]) -> String {
    guard text.contains("${") else { return text }
    var result = ""
    var rest = Substring(text)
    scan: while let dollar = rest.firstIndex(of: "$") {
      result += rest[..<dollar]
      rest = rest[dollar...]
      for (name, value) in values {
        if rest.hasPrefix("$${\(name)}") {
          result += "${\(name)}"
          rest = rest.dropFirst(name.count + 4)
          continue scan
        }
        if rest.hasPrefix("${\(name)}") {
          result += value
          rest = rest.dropFirst(name.count + 3)
          continue scan
        }
      }
      result += "$"
      rest = rest.dropFirst()
    }
    return result + rest
  }

  /// Fills in a text; what can't be filled in is reported, and makes the result `nil`.
  mutating func expand(_ text: String, at node: Node, reportingTo diagnostics: inout Diagnostics) -> String? {
    var result = ""
    var rest = Substring(text)
    while let dollar = rest.firstIndex(of: "$") {
      result += rest[..<dollar]
      rest = rest[dollar...]
      if rest.hasPrefix("$${") {
        // An escaped name of the provider stays escaped: it is the provider that fills those in.
        let isProviders = Self.providerNames.contains { rest.dropFirst(3).hasPrefix($0 + "}") }
        result += isProviders ? "$${" : "${"
        rest = rest.dropFirst(3)
        continue
      }
      guard rest.hasPrefix("${") else {
        result += "$"
        rest = rest.dropFirst()
        continue
      }
      guard let close = rest.firstIndex(of: "}") else {
        diagnostics.report(
          .badInterpolation, "`${` is never closed", at: node.location,
          help: "add a `}`, or write `$${` if a `${` is meant")
        return nil
      }
      let name = rest[rest.index(rest.startIndex, offsetBy: 2)..<close]
      rest = rest[rest.index(after: close)...]
      guard let value = value(of: String(name), at: node, reportingTo: &diagnostics) else { return nil }
      result += value
    }
    return result + rest
  }

  private mutating func value(
    of name: String, at node: Node, reportingTo diagnostics: inout Diagnostics
  ) -> String? {
    if Self.providerNames.contains(name) { return "${\(name)}" }
    guard name.hasPrefix("var.") else {
      diagnostics.report(
        .badInterpolation, "`${\(name)}` stands for nothing", at: node.location,
        help: variables[name] != nil
          ? "a variable is written `${var.\(name)}`"
          : "write `${var.NAME}` for a variable, or `$${\(name)}` if that text is meant")
      return nil
    }
    let variable = String(name.dropFirst(4))
    guard let value = variables[variable] else {
      diagnostics.report(
        .undefinedVariable, "the variable `\(variable)` is not declared", at: node.location,
        help: Suggestion.help(for: variable, among: variables.keys.sorted()) ?? "declare it under `variables`"
      )
      return nil
    }
    used.insert(variable)
    if secrets.contains(variable) {
      diagnostics.report(
        .badInterpolation, "the variable `\(variable)` is a secret, which is never filled into a text",
        at: node.location, help: "list it under `secrets`, which hands it over when the service starts")
    }
    if value == nil { hasGaps = true }
    return value
  }
}
