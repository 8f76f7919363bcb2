import Diagnostics

/// Reads the variables in a text of a compose file: `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME:?reason}`,
/// `${NAME:+other}`, each also without the colon, nested in each other's texts, and `$$` for a `$`. A `$` in front
/// of anything else is a `$`.
struct ComposeInterpolation {
  /// How deep variables may nest.
  static let maximumDepth = 16

  /// A text as compose sees it: a letter with an accent, or a line's end of two characters, is no single sign.
  private typealias Text = ArraySlice<Unicode.Scalar>

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
    let pieces = reading.expand(Array(text.unicodeScalars)[...], depth: 0)
    diagnostics.append(contentsOf: reading.diagnostics)
    return ComposeText(pieces ?? ComposeText(text).pieces)
  }

  private mutating func expand(_ text: Text, depth: Int) -> [ComposeText.Piece]? {
    guard depth <= Self.maximumDepth else {
      return fail("variables are nested more than \(Self.maximumDepth) levels deep", help: "take some away")
    }
    var pieces: [ComposeText.Piece] = []
    var rest = text
    while let first = rest.popFirst() {
      guard first == "$", let next = rest.first else {
        pieces.append(.character(Character(first)))
        continue
      }
      if next == "$" {
        rest.removeFirst()
        pieces.append(.character("$"))
      } else if next == "{" {
        rest.removeFirst()
        guard let part = takeBraced(&rest, depth: depth) else { return nil }
        pieces += part
      } else if Self.startsName(next) {
        pieces += plain(Self.takeName(&rest))
      } else {
        pieces.append(.character("$"))
      }
    }
    return pieces
  }

  /// Takes what stands behind `${`, up to its `}`.
  private mutating func takeBraced(_ rest: inout Text, depth: Int) -> [ComposeText.Piece]? {
    let text = rest
    guard let first = rest.first, Self.startsName(first) else {
      return fail(
        "`${\(Self.excerpt(text))` does not start with the name of a variable",
        help: "write `${NAME}`, or `$${` if that text is meant")
    }
    let name = Self.takeName(&rest)
    if rest.first == "}" {
      rest.removeFirst()
      return plain(name)
    }
    let asksForText = rest.first == ":"
    if asksForText { rest.removeFirst() }
    guard let sign = rest.popFirst() else { return failOpen(text) }
    guard "-?+".unicodeScalars.contains(sign) else {
      return fail(
        "`${\(Self.excerpt(text))` can't be read",
        help: "behind the name stands `}`, or one of `:-`, `-`, `:?`, `?`, `:+` and `+`")
    }
    guard let end = Self.closingBrace(of: text), end >= rest.startIndex else { return failOpen(text) }
    let word = rest[..<end]
    rest = rest[(end + 1)...]
    return value(of: name, sign, asksForText: asksForText, word, depth: depth)
  }

  /// What a variable with a word behind a sign stands for. The word is read only where it is needed, as compose
  /// does it: a variable that is missing in it stops nothing otherwise.
  private mutating func value(
    of name: String, _ sign: Unicode.Scalar, asksForText: Bool, _ word: Text, depth: Int
  ) -> [ComposeText.Piece]? {
    let value = value(of: name).flatMap { asksForText && $0.isEmpty ? nil : $0 }
    if let value, sign != "+", !stays(name) { return ComposeText(value).pieces }
    if value == nil, sign == "+", scope.fillsIn { return [] }
    guard let other = expand(word, depth: depth + 1).map({ ComposeText($0) }) else { return nil }
    switch sign {
    case "-": return variable(name, value, else: other)
    case "?": return required(name, value, other.resolved)
    default:
      if !scope.fillsIn {
        diagnostics.report(
          .variableFilledIn,
          "a spec has nothing like `${\(name)\(asksForText ? ":" : "")+\(Self.excerpt(word))}`: it is filled in as "
            + (value == nil ? "an empty text" : "`\(other.resolved)`"),
          at: location, help: "`\(name)` has \(value == nil ? "no" : "a") value now")
      }
      return value == nil ? [] : other.pieces
    }
  }

  // MARK: Variables

  private func value(of name: String) -> String? { scope.value(of: name) }

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

  private mutating func failOpen(_ text: Text) -> [ComposeText.Piece]? {
    fail(
      "`${\(Self.excerpt(text))` is never closed",
      help: "add a `}` on the same line, or write `$${` if that text is meant")
  }

  private mutating func fail(_ message: String, help: String) -> [ComposeText.Piece]? {
    diagnostics.report(.composeInterpolation, message, at: location, help: help)
    return nil
  }

  // MARK: Signs

  /// The index of the `}` that closes what is behind a `${`.
  ///
  /// Compose looks no further than the line's end; it counts braces, without one that stands right behind an
  /// opening one; and it takes the line's last `}` if they don't come out even.
  private static func closingBrace(of text: Text) -> Int? {
    var depth = 1
    var last: Int?
    // The first sign is that of the name.
    var index = text.startIndex + 1
    while index < text.endIndex, text[index] != "\n" {
      switch text[index] {
      case "}":
        depth -= 1
        last = index
        if depth == 0 { return index }
      case "{":
        depth += 1
        if index + 1 < text.endIndex, text[index + 1] != "\n" {
          index += 1
          if text[index] == "}" { last = index }
        }
      default: break
      }
      index += 1
    }
    return last
  }

  private static func takeName(_ rest: inout Text) -> String {
    let name = rest.prefix { isName($0) }
    rest = rest[name.endIndex...]
    return String(String.UnicodeScalarView(name))
  }

  /// What a message shows of a text.
  private static func excerpt(_ text: Text) -> String {
    let line = text.prefix { $0 != "\n" }
    return String(String.UnicodeScalarView(line.prefix(40))) + (line.count > 40 ? "…" : "")
  }

  private static func startsName(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "_" || (scalar.isASCII && scalar.properties.isAlphabetic)
  }

  private static func isName(_ scalar: Unicode.Scalar) -> Bool {
    startsName(scalar) || ("0"..."9").contains(scalar)
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
