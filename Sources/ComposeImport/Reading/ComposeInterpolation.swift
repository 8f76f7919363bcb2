import WorkloadSpec

/// Reads the variables in a text of a compose file: `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME:?reason}`,
/// `${NAME:+other}`, each also without the colon, nested in each other's texts, and `$$` for a `$`.
struct ComposeInterpolation {
  /// How deep variables may nest.
  static let maximumDepth = 16

  private let scope: VariableScope
  private let location: SourceLocation
  private(set) var diagnostics = Diagnostics()

  /// Interpolates a text that stands at a place.
  init(scope: VariableScope, at location: SourceLocation) {
    self.scope = scope
    self.location = location
  }

  /// The text with its variables; what can't be read is reported, and stays as it is.
  static func read(
    _ text: String, _ scope: VariableScope, at location: SourceLocation, _ diagnostics: inout Diagnostics
  ) -> ComposeText {
    guard text.utf8.contains(UInt8(ascii: "$")) else { return ComposeText(text) }
    var reading = ComposeInterpolation(scope: scope, at: location)
    let pieces = reading.expand(Array(text)[...], depth: 0)
    diagnostics.append(contentsOf: reading.diagnostics)
    return ComposeText(pieces ?? ComposeText(text).pieces)
  }

  private mutating func expand(_ text: ArraySlice<Character>, depth: Int) -> [ComposeText.Piece]? {
    guard depth <= Self.maximumDepth else {
      return fail("variables are nested more than \(Self.maximumDepth) levels deep", help: "take some away")
    }
    var pieces: [ComposeText.Piece] = []
    var rest = text
    while let first = rest.popFirst() {
      guard first == "$" else {
        pieces.append(.character(first))
        continue
      }
      switch rest.first {
      case "$":
        rest.removeFirst()
        pieces.append(.character("$"))
      case "{":
        rest.removeFirst()
        guard let end = Self.closingBrace(of: rest) else {
          return fail("`${` is never closed", help: "add a `}`, or write `$$` if a `$` is meant")
        }
        guard let part = braced(rest[..<end], depth: depth) else { return nil }
        pieces += part
        rest = rest[(end + 1)...]
      case let next? where Self.startsName(next):
        let name = rest.prefix { Self.isName($0) }
        rest = rest.dropFirst(name.count)
        pieces += plain(String(name))
      default:
        return fail(
          "`$\(rest.first.map(String.init) ?? "")` is no variable", help: "write `$$` if a `$` is meant")
      }
    }
    return pieces
  }

  /// What stands between braces.
  private mutating func braced(_ text: ArraySlice<Character>, depth: Int) -> [ComposeText.Piece]? {
    let name = text.prefix { Self.isName($0) }
    let operation = text.dropFirst(name.count)
    guard let first = name.first, Self.startsName(first) else {
      return fail(
        "`${\(String(text))}` does not start with the name of a variable",
        help: "write `${NAME}`, or `$${` if that text is meant")
    }
    guard !operation.isEmpty else { return plain(String(name)) }
    let asksForText = operation.first == ":"
    let sign = operation.dropFirst(asksForText ? 1 : 0)
    let word = sign.dropFirst()
    let value = value(of: String(name)).flatMap { asksForText && $0.isEmpty ? nil : $0 }
    switch sign.first {
    case "-":
      guard let fallback = expand(word, depth: depth + 1) else { return nil }
      return variable(String(name), value, else: ComposeText(fallback))
    case "?":
      guard let reason = expand(word, depth: depth + 1) else { return nil }
      return required(String(name), value, ComposeText(reason).resolved)
    case "+":
      guard let other = expand(word, depth: depth + 1) else { return nil }
      if !scope.fillsIn {
        diagnostics.report(
          .variableFilledIn,
          "a spec has nothing like `${\(String(text))}`: it is filled in as "
            + (value == nil ? "an empty text" : "`\(ComposeText(other).resolved)`"),
          at: location, help: "`\(String(name))` has \(value == nil ? "no" : "a") value now")
      }
      return value == nil ? [] : other
    default:
      return fail(
        "`${\(String(text))}` can't be read", help: "behind the name stands `:-`, `-`, `:?`, `?`, `:+` or `+`"
      )
    }
  }

  // MARK: Variables

  private func value(of name: String) -> String? { scope.constants[name] ?? scope.value(of: name) }

  /// A variable without a default.
  private mutating func plain(_ name: String) -> [ComposeText.Piece] {
    let value = value(of: name)
    guard stays(name) else {
      if value == nil { reportUnset(name) }
      return ComposeText(value ?? "").pieces
    }
    return [.variable(VariableUse(name: name, value: copied(value, of: name)))]
  }

  private mutating func variable(
    _ name: String, _ value: String?, else fallback: ComposeText
  ) -> [ComposeText.Piece] {
    guard stays(name) else { return value.map { ComposeText($0).pieces } ?? fallback.pieces }
    for inner in fallback.variables {
      diagnostics.report(
        .variableFilledIn,
        "the default of a spec's variable holds no other: `\(inner.name)` is filled in for `\(name)`",
        at: location, help: "a value for `\(inner.name)` alone changes nothing here any more")
    }
    if value != nil, copied(value, of: name) == nil {
      diagnostics.report(
        .variableFilledIn,
        "`\(name)` keeps the default of this file: its value looks like a secret and is not copied",
        at: location, help: "give it by `BERTH_VAR_\(name)` when the spec is applied")
    }
    return [.variable(VariableUse(name: name, value: copied(value, of: name) ?? fallback.resolved))]
  }

  private mutating func required(
    _ name: String, _ value: String?, _ reason: String
  ) -> [ComposeText.Piece] {
    guard stays(name) else {
      if value == nil { diagnostics.reportMissing(name, reason, at: location) }
      return ComposeText(value ?? "").pieces
    }
    let copy = copied(value, of: name)
    return [
      .variable(
        VariableUse(name: name, value: copy, isRequired: copy == nil, reason: reason.isEmpty ? nil : reason))
    ]
  }

  /// Whether a variable stays one in the spec.
  private func stays(_ name: String) -> Bool { !scope.fillsIn && scope.constants[name] == nil }

  /// The value as far as it may stand in a spec.
  private func copied(_ value: String?, of name: String) -> String? {
    VariableUse.looksSecret(name) ? nil : value
  }

  private mutating func reportUnset(_ name: String) {
    diagnostics.report(
      .variableFilledIn, "the variable `\(name)` has no value, and is empty", at: location,
      help: "set it in the environment or in `.env`, or write a default: `${\(name):-…}`")
  }

  private mutating func fail(_ message: String, help: String) -> [ComposeText.Piece]? {
    diagnostics.report(.composeInterpolation, message, at: location, help: help)
    return nil
  }

  // MARK: Characters

  private static func closingBrace(of text: ArraySlice<Character>) -> Int? {
    var depth = 0
    var index = text.startIndex
    while index < text.endIndex {
      switch text[index] {
      case "$" where index + 1 < text.endIndex && text[index + 1] == "{":
        depth += 1
        index += 1
      case "}":
        if depth == 0 { return index }
        depth -= 1
      default: break
      }
      index += 1
    }
    return nil
  }

  private static func startsName(_ character: Character) -> Bool {
    character == "_" || (character.isASCII && character.isLetter)
  }

  private static func isName(_ character: Character) -> Bool {
    startsName(character) || (character.isASCII && character.isNumber)
  }
}

extension Diagnostics {
  /// Says that a required variable has no value where one is needed now.
  mutating func reportMissing(_ name: String, _ reason: String?, at location: SourceLocation) {
    report(
      .composeMissingVariable,
      "the variable `\(name)` has no value" + (reason.map { $0.isEmpty ? "" : ": \($0)" } ?? ""),
      at: location, help: "set it in `.env` beside the file, or export it and add `--resolve`")
  }
}
