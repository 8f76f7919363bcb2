import WorkloadSpec

/// A text of a compose file after interpolation: characters, with the variables that stand between them.
struct ComposeText: Hashable, Sendable {
  /// A part of a text that is not split further.
  enum Piece: Hashable, Sendable {
    case character(Character)
    // On the heap: most pieces are characters, and there are many.
    indirect case variable(VariableUse)
    /// Where another service is, in place of its name.
    indirect case address(AddressReference)
  }

  var pieces: [Piece]

  init(_ pieces: some Sequence<Piece>) { self.pieces = Array(pieces) }

  /// A text without variables.
  ///
  /// Each of its scalars is a piece, so that a sign counts as itself with an accent behind it, too.
  init(_ text: String) { pieces = text.unicodeScalars.map { .character(Character($0)) } }

  var isEmpty: Bool { pieces.isEmpty }

  /// The variables in the text, in their order.
  var variables: [VariableUse] {
    pieces.compactMap { if case .variable(let use) = $0 { use } else { nil } }
  }

  /// The text with the variables filled in; one without a value is empty, as it is for compose.
  var resolved: String {
    var text = ""
    for piece in pieces {
      switch piece {
      case .character(let character): text.append(character)
      case .variable(let use): text += use.value ?? ""
      case .address(let reference): text += "${\(reference.name)}"
      }
    }
    return text
  }

  /// The text as a spec writes it: `${var.NAME}` for a variable, `${address.…}` for an address, `$${` for a `${` as it is.
  var spec: String {
    var text = ""
    var literal = ""
    for piece in pieces {
      switch piece {
      case .character(let character): literal.append(character)
      case .variable(let use):
        text += Self.escape(literal) + "${var.\(use.name)}"
        literal = ""
      case .address(let reference):
        text += Self.escape(literal) + "${\(reference.name)}"
        literal = ""
      }
    }
    return text + Self.escape(literal)
  }

  private static func escape(_ text: String) -> String { text.replacing("${", with: "$${") }

  /// The one variable that is the whole text.
  var onlyVariable: VariableUse? {
    guard pieces.count == 1, case .variable(let use) = pieces[0] else { return nil }
    return use
  }

  /// The parts between a character.
  func split(_ separator: Character, maxSplits: Int = .max) -> [ComposeText] {
    pieces.split(
      separator: .character(separator), maxSplits: maxSplits, omittingEmptySubsequences: false
    ).map { ComposeText($0) }
  }

  /// The text up to some characters that it starts with, and what is behind them; `nil` if a variable stands across.
  func split(behind start: String) -> (start: ComposeText, rest: ComposeText)? {
    var text = ""
    for (index, piece) in pieces.enumerated() {
      if text == start { return (ComposeText(pieces[..<index]), ComposeText(pieces[index...])) }
      switch piece {
      case .character(let character): text.append(character)
      case .variable(let use): text += use.value ?? ""
      case .address(let reference): text += "${\(reference.name)}"
      }
    }
    return text == start ? (self, ComposeText("")) : nil
  }

  /// The parts before and behind the last of a character; `nil` if there is none.
  func splitAtLast(_ separator: Character) -> (before: ComposeText, after: ComposeText)? {
    guard let index = pieces.lastIndex(of: .character(separator)) else { return nil }
    return (ComposeText(pieces[..<index]), ComposeText(pieces[(index + 1)...]))
  }
}

/// A variable where it is used.
struct VariableUse: Hashable, Sendable {
  let name: String
  /// The value that it has if it is given no other: from an environment file, else the default of the use.
  var value: String?
  /// Whether a value must be given: `${NAME:?reason}`.
  var isRequired = false
  /// Why it must be given.
  var reason: String?

  /// Whether the name says that the value is secret, so that it must not be copied into a spec.
  static func looksSecret(_ name: String) -> Bool {
    let name = name.uppercased()
    return [
      "PASSWORD", "PASSWD", "PASSPHRASE", "SECRET", "TOKEN", "CREDENTIAL", "PRIVATE", "API_KEY", "APIKEY",
    ]
    .contains { name.contains($0) }
      || ["_PASS", "_PWD", "_KEY", "_DSN"].contains { name.hasSuffix($0) }
  }
}
