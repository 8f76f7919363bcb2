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
  private var filledBytes = 0

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

  /// A text that a provider must not fill in, in the form that it leaves as it is.
  static func escapeForProvider(_ text: String) -> String {
    providerNames.reduce(text) { $0.replacing("${\($1)}", with: "$${\($1)}") }
  }

  /// The text that stands for a text when it is read.
  static func escape(_ text: String) -> String {
    let bytes = Array(text.utf8)
    guard bytes.contains(dollar) else { return text }
    var result: [UInt8] = []
    for (index, byte) in bytes.enumerated() {
      let rest = bytes[index...]
      // What the provider fills in, or is told not to fill in, stays as it is.
      if rest.starts(with: [dollar, openBrace]),
        !providerNames.contains(where: { rest.dropFirst(2).starts(with: Array("\($0)}".utf8)) })
      {
        result.append(dollar)
      }
      result.append(byte)
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// Fills in a text; what can't be filled in is reported, and makes the result `nil`.
  mutating func expand(_ text: String, at node: Node, reportingTo diagnostics: inout Diagnostics) -> String? {
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var position = 0
    while position < bytes.count {
      guard bytes[position] == Self.dollar else {
        result.append(bytes[position])
        position += 1
        continue
      }
      let rest = bytes[position...]
      if rest.starts(with: [Self.dollar, Self.dollar, Self.openBrace]) {
        // An escaped name of the provider stays escaped: it is the provider that fills those in.
        let isProviders = Self.providerNames.contains { rest.dropFirst(3).starts(with: Array("\($0)}".utf8)) }
        result.append(contentsOf: rest.prefix(3).dropFirst(isProviders ? 0 : 1))
        position += 3
      } else if rest.starts(with: [Self.dollar, Self.openBrace]) {
        guard let close = rest.firstIndex(of: Self.closeBrace) else {
          diagnostics.report(
            .badInterpolation, "`${` is never closed", at: node.location,
            help: "add a `}`, or write `$${` if a `${` is meant")
          return nil
        }
        let name = String(decoding: bytes[position + 2..<close], as: UTF8.self)
        guard let value = value(of: name, at: node, reportingTo: &diagnostics) else { return nil }
        filledBytes += value.utf8.count
        guard filledBytes <= Self.maximumFilledBytes else {
          diagnostics.report(
            .badInterpolation,
            "the variables of this document fill in more than \(Self.maximumFilledBytes >> 20) MiB",
            at: node.location, help: "hand large texts over in a file")
          return nil
        }
        result.append(contentsOf: value.utf8)
        position = close + 1
      } else {
        result.append(Self.dollar)
        position += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// How much text the variables of a document may fill in: 64 MiB.
  private static let maximumFilledBytes = 64 << 20
  private static let dollar = UInt8(ascii: "$")
  private static let openBrace = UInt8(ascii: "{")
  private static let closeBrace = UInt8(ascii: "}")

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
