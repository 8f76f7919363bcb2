import WorkloadSpec

/// A file of `NAME=value` lines, as compose reads `.env` and `env_file`: quotes, comments, `export`, and variables
/// that were set above or elsewhere.
struct EnvironmentFile {
  /// How the values are written.
  enum Format {
    /// With quotes and variables.
    case standard
    /// Everything behind the `=` is the value.
    case raw
  }

  /// What the file sets, in its order; a later line wins over an earlier one of the same name.
  private(set) var entries: [(name: String, value: String)] = []
  /// Names without a `=`: their value is taken from elsewhere.
  private(set) var names: [String] = []
  private(set) var diagnostics = Diagnostics()

  private let file: SourceFile
  private var scope: VariableScope
  private let format: Format
  private var line = 1
  private var rest: Substring

  /// Reads a file.
  ///
  /// - Parameter scope: the variables that its values may use besides its own.
  init(_ file: SourceFile, format: Format = .standard, scope: VariableScope) {
    self.file = file
    self.format = format
    self.scope = scope
    self.scope.fillsIn = true
    // Line breaks of two characters would be one Swift character.
    rest = String(decoding: file.bytes, as: UTF8.self).replacing("\r\n", with: "\n")[...]
    if rest.first == "\u{FEFF}" { rest.removeFirst() }
    while !rest.isEmpty { readLine() }
  }

  /// The values by name.
  var values: [String: String] { Dictionary(entries.map { ($0.name, $0.value) }) { $1 } }

  private mutating func readLine() {
    let start = line
    skip { $0 == " " || $0 == "\t" }
    guard let first = rest.first else { return }
    guard first != "\n", first != "#" else { return endLine() }
    if rest.hasPrefix("export "), format == .standard {
      rest = rest.dropFirst(7)
      skip { $0 == " " || $0 == "\t" }
    }
    let name = rest.prefix { $0 != "=" && $0 != "\n" && !($0 == ":" && format == .standard) }
    rest = rest.dropFirst(name.count)
    let trimmed = name.trimmingSuffix { $0 == " " || $0 == "\t" }
    guard !trimmed.isEmpty, !trimmed.contains(where: \.isWhitespace) else {
      diagnostics.report(
        .composeInvalid, "`\(trimmed)` is not the name of a variable",
        at: SourceLocation(file: file, line: start, column: 1),
        help: "write `NAME=value`, or `#` for a comment")
      return endLine()
    }
    guard let separator = rest.first, separator != "\n" else {
      names.append(String(trimmed))
      return endLine()
    }
    rest.removeFirst()
    let value = format == .raw ? takeLine() : value(from: start)
    entries.append((String(trimmed), value))
    // Lines below can use it, before what is set elsewhere.
    scope.constants[String(trimmed)] = value
    endLine()
  }

  private mutating func value(from start: Int) -> String {
    skip { $0 == " " || $0 == "\t" }
    guard let quote = rest.first, quote == "\"" || quote == "'" else {
      let text = Self.withoutComment(takeLine())
      return filled(text, at: start)
    }
    rest.removeFirst()
    var text = ""
    while let character = rest.popFirst() {
      if character == quote { return quote == "'" ? text : filled(text, at: start) }
      if character == "\n" { line += 1 }
      if character == "\\", quote == "\"", let next = rest.popFirst() {
        text += Self.escapes[next].map(String.init) ?? (next == "$" ? "$$" : "\\\(next)")
      } else {
        text.append(character)
      }
    }
    diagnostics.report(
      .composeInvalid, "this value is never closed by `\(quote)`",
      at: SourceLocation(file: file, line: start, column: 1), help: "add the quote at the value's end")
    return text
  }

  private static let escapes: [Character: Character] = [
    "n": "\n", "r": "\r", "t": "\t", "\"": "\"", "\\": "\\",
  ]

  /// What variables in a value stand for.
  private mutating func filled(_ text: String, at line: Int) -> String {
    ComposeInterpolation.read(
      text, scope, at: SourceLocation(file: file, line: line, column: 1), &diagnostics
    ).resolved
  }

  private static func withoutComment(_ text: String) -> String {
    var text = text[...]
    for (index, character) in zip(text.indices, text) where character == "#" {
      if index == text.startIndex || text[text.index(before: index)].isWhitespace {
        text = text[..<index]
        break
      }
    }
    return String(text.trimmingSuffix(while: \.isWhitespace))
  }

  private mutating func takeLine() -> String {
    let text = rest.prefix { $0 != "\n" }
    rest = rest.dropFirst(text.count)
    return String(text)
  }

  /// Goes behind the line's end; what follows a quoted value is a comment.
  private mutating func endLine() {
    _ = takeLine()
    if rest.popFirst() != nil { line += 1 }
  }

  private mutating func skip(_ isSkipped: (Character) -> Bool) {
    rest = rest.drop(while: isSkipped)
  }
}

extension StringProtocol {
  fileprivate func trimmingSuffix(while isTrimmed: (Character) -> Bool) -> SubSequence {
    guard let last = lastIndex(where: { !isTrimmed($0) }) else { return self[startIndex..<startIndex] }
    return self[...last]
  }
}
