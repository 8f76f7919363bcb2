import Diagnostics
import WorkloadSpec

/// A file of `NAME=value` lines, read as compose reads `.env` and `env_file`, sign by sign: it is no shell script,
/// and where the two differ (a `#` right behind the `=`, a backslash in single quotes), compose's reading counts.
struct EnvironmentFile {
  /// How the values are written.
  enum Format: String, CaseIterable {
    /// With quotes and variables.
    case standard = ""
    /// Everything behind the `=` is the value.
    case raw
  }

  /// A line's name with its value.
  struct Entry {
    let name: String
    /// `nil` for a name without a `=`: its value is that of the project's environment.
    let value: String?
  }

  /// What the file sets, in its order; a later line wins over an earlier one of the same name.
  private(set) var entries: [Entry] = []
  private(set) var diagnostics = Diagnostics()

  private let file: SourceFile
  private var scope: VariableScope
  private let text: [Unicode.Scalar]
  private var index = 0
  private var line = 1

  /// Reads a file.
  ///
  /// - Parameter scope: the variables that its values may use besides its own, which count last.
  init(_ file: SourceFile, format: Format = .standard, scope: VariableScope) {
    self.file = file
    self.scope = scope
    if !scope.fillsIn { self.scope.environment = [:] }
    self.scope.fillsIn = true
    let isMarked = file.bytes.starts(with: [0xEF, 0xBB, 0xBF])
    guard let string = String(validating: file.bytes.dropFirst(isMarked ? 3 : 0), as: UTF8.self) else {
      text = []
      report("`\(file.name)` is not UTF-8", help: "write the file in UTF-8")
      return
    }
    text = Array(string.unicodeScalars)
    switch format {
    case .standard: while isAtStatement(), readStatement() {}
    case .raw: while index < text.count, readRawLine() {}
    }
  }

  /// What files set together, each read with the values of the earlier ones.
  ///
  /// - Parameter isTyped: whether the user names them, and no other file does.
  static func values(
    of paths: [String], isTyped: Bool, _ scope: VariableScope, _ files: inout FileReader,
    _ diagnostics: inout Diagnostics
  ) -> [String: String] {
    var scope = scope
    for path in paths {
      guard let source = isTyped ? files.typedSource(at: path) : files.source(at: path) else {
        diagnostics.append(contentsOf: files.diagnostics.suffix(1))
        continue
      }
      let file = EnvironmentFile(source, scope: scope)
      diagnostics.append(contentsOf: file.diagnostics)
      scope.lines.merge(file.values) { $1 }
    }
    return scope.lines
  }

  /// The values by name; a name without one is looked up outside of the file.
  var values: [String: String] {
    var values: [String: String] = [:]
    for entry in entries {
      if let value = entry.value ?? scope.outerValue(of: entry.name) { values[entry.name] = value }
    }
    return values
  }

  // MARK: Statements

  /// Goes to the next name; `false` if there is none.
  private mutating func isAtStatement() -> Bool {
    while index < text.count {
      if text[index] == "#" {
        while index < text.count, text[index] != "\n" { index += 1 }
      } else if text[index].properties.isWhitespace {
        if text[index] == "\n" { line += 1 }
        index += 1
      } else {
        return true
      }
    }
    return false
  }

  /// Reads a name and its value; `false` if there is an error, behind which compose reads no further.
  private mutating func readStatement() -> Bool {
    if skipsExport() { skip(Self.isBlank) }
    let start = index
    guard let (name, separator) = takeName(from: start) else { return false }
    guard !name.contains(" ") else {
      report("the name `\(name)` holds a space", help: "write `NAME=value`, or `#` in front of a comment")
      return false
    }
    guard !name.isEmpty || separator == "\n" else {
      report("there is no name in front of the `\(separator)`", help: "write `NAME=value`")
      return false
    }
    guard separator != "\n" else {
      if !name.isEmpty { entries.append(Entry(name: name, value: nil)) }
      line += 1
      return true
    }
    skip(Self.isBlank)
    guard let value = takeValue() else { return false }
    entries.append(Entry(name: name, value: value))
    scope.lines[name] = value
    return true
  }

  /// Goes behind `export` and white space.
  private mutating func skipsExport() -> Bool {
    let word = Array("export".unicodeScalars)
    guard text[index...].starts(with: word), index + word.count < text.count,
      "\t\n\u{0C}\r ".unicodeScalars.contains(text[index + word.count])
    else { return false }
    index += word.count
    return true
  }

  /// Takes a name and the `=`, `:` or line's end behind it.
  private mutating func takeName(from start: Int) -> (name: String, separator: Unicode.Scalar)? {
    while index < text.count {
      let scalar = text[index]
      switch scalar {
      case "=", ":", "\n":
        index += 1
        return (name(start..<(index - 1)), scalar)
      case _ where Self.isBlank(scalar) || Self.isName(scalar): index += 1
      default:
        report(
          "`\(scalar)` can't stand in the name of a variable: `\(name(start..<end(of: start)))`",
          help: "write `NAME=value`, or `#` in front of a comment")
        return nil
      }
    }
    // Compose takes a last line without a `=` and a line's end for the value of a variable without a name.
    return (name(start..<index), "\n")
  }

  private func name(_ range: Range<Int>) -> String {
    string(text[range].trimmingSuffix(while: \.properties.isWhitespace))
  }

  // MARK: Values

  private mutating func takeValue() -> String? {
    guard index < text.count, text[index] == "\"" || text[index] == "'" else { return takeUnquoted() }
    let quote = text[index]
    let (start, startLine) = (index, line)
    var value: [Unicode.Scalar] = []
    index += 1
    while index < text.count {
      let scalar = text[index]
      index += 1
      if scalar == quote {
        return quote == "'" ? string(value[...]) : filled(EnvironmentEscapes.read(value))
      }
      if scalar == "\n" { line += 1 }
      guard scalar == "\\", index < text.count else {
        value.append(scalar)
        continue
      }
      // A backslash in front of the quote goes; in front of all else it stays here.
      if text[index] != quote { value.append(scalar) }
      if text[index] == "\n" { line += 1 }
      value.append(text[index])
      index += 1
    }
    line = startLine
    report(
      "the quoted value `\(string(text[start..<end(of: start)]))` is never closed",
      help: "add the quote \(quote) at its end; a backslash in front of a quote makes it part of the value")
    return nil
  }

  /// A value without quotes, which ends at its line's end or at a ` #`.
  private mutating func takeUnquoted() -> String? {
    let end = end(of: index)
    var value = text[index..<end]
    index = min(end + 1, text.count)
    if let comment = value.indices.first(where: {
      value[$0] == "#" && $0 > value.startIndex && value[$0 - 1] == " "
    }) {
      value = value[..<(comment - 1)]
    }
    let filled = filled(string(value.trimmingSuffix(while: \.properties.isWhitespace)))
    line += 1
    return filled
  }

  /// What variables in a value stand for; `nil` if they can't be read.
  private mutating func filled(_ text: String) -> String? {
    var found = Diagnostics()
    let filled = ComposeInterpolation.read(text, scope, at: location, &found)
    diagnostics.append(contentsOf: found)
    return found.hasErrors ? nil : filled.resolved
  }

  // MARK: Raw lines

  private mutating func readRawLine() -> Bool {
    let end = end(of: index)
    var line = text[index..<end]
    index = end + 1
    defer { self.line += 1 }
    if line.last == "\r" { line.removeLast() }
    line = line.drop(while: \.properties.isWhitespace)
    guard let first = line.first, first != "#" else { return true }
    let name = line.prefix { $0 != "=" }
    guard !name.isEmpty, !name.contains(where: { $0 == " " || $0 == "\t" }) else {
      report("`\(string(name))` is not the name of a variable", help: "write `NAME=value`")
      return false
    }
    let value = name.count < line.count ? string(line.dropFirst(name.count + 1)) : nil
    entries.append(Entry(name: string(name), value: value))
    if let value { scope.lines[string(name)] = value }
    return true
  }

  // MARK: Signs

  private mutating func skip(_ isSkipped: (Unicode.Scalar) -> Bool) {
    while index < text.count, isSkipped(text[index]) { index += 1 }
  }

  /// The index of the line's end behind an index.
  private func end(of start: Int) -> Int { text[start...].firstIndex(of: "\n") ?? text.count }

  private func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    String(String.UnicodeScalarView(scalars))
  }

  /// White space that is no line's end.
  private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    "\t\u{0B}\u{0C}\r \u{85}\u{A0}".unicodeScalars.contains(scalar)
  }

  private static func isName(_ scalar: Unicode.Scalar) -> Bool {
    if "_.-[]".unicodeScalars.contains(scalar) { return true }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .decimalNumber, .letterNumber, .otherNumber:
      return true
    default: return false
    }
  }

  private var location: SourceLocation { SourceLocation(file: file, line: line, column: 1) }

  private mutating func report(_ message: String, help: String) {
    diagnostics.report(.environmentFileInvalid, message, at: location, help: help)
  }
}

extension BidirectionalCollection where SubSequence == Self {
  fileprivate func trimmingSuffix(while isTrimmed: (Element) -> Bool) -> Self {
    guard let last = lastIndex(where: { !isTrimmed($0) }) else { return self[startIndex..<startIndex] }
    return self[...last]
  }
}
