import ProviderContract

/// Makes up environment files: lines of every form that compose reads, and some that it refuses.
struct EnvironmentFileMaker {
  private var text: RandomText
  private var names: [String]
  private let setNames: [String]

  /// A maker of one file.
  ///
  /// - Parameters:
  ///   - setNames: names that the file may set.
  ///   - otherNames: names that earlier files may have set.
  init(_ numbers: SplitMix64, setNames: [String], otherNames: [String]) {
    text = RandomText(numbers: numbers)
    self.setNames = setNames
    names = setNames + otherNames + RandomText.outerNames + RandomText.unsetNames
  }

  /// The text of the file.
  mutating func file() -> String {
    var file = text.chance(20) ? "\u{FEFF}" : ""
    let end = text.chance(5) ? "\r\n" : "\n"
    for _ in 0..<text.number(1...6) { file += line() + (text.chance(40) ? "\n\n" : end) }
    if text.chance(4), file.hasSuffix("\n") { file.removeLast() }
    return file
  }

  private mutating func line() -> String {
    switch text.number(0...19) {
    case 0: return text.pick(["", "  ", "\t", "# a comment", "  # one 'more", "#", "\u{A0}"])
    // A last line is another matter, so that it never is one.
    case 1: return text.pick(names) + "\n#"
    case 2:
      return text.chance(8)
        ? text.pick(["not a name=1", "A!=1", "a\"b=1", "A B", "$A=1", "(x)", "é!"]) : "export\nX=1"
    default: break
    }
    let start = text.pick(["", "", "", "", " ", "\t", "export ", "export\t", " export  "])
    let separator = text.pick(["=", "=", "=", "=", " =", "= ", " = ", ":", ": ", " : ", "\t=\t", "=\u{A0}"])
    return start + text.pick(setNames) + separator + value()
  }

  private mutating func value() -> String {
    switch text.number(0...9) {
    case 0...3: return unquoted()
    case 4...6: return quoted("\"") + tail()
    case 7...8: return quoted("'") + tail()
    default:
      // A quote that is never closed is refused; two of them may close each other over the lines between.
      return text.chance(10)
        ? text.pick(["'", "\"", "'a", "\"a"])
        : text.pick(["", " ", "#", "#x", " #x", "''", "\"\"", "\\", "a\\", "`id`", "\\'", "a'", "a\"b"])
    }
  }

  /// What stands behind a quoted value.
  private mutating func tail() -> String {
    if text.chance(4) { return text.pick([" ", " # tail", "# tail", " #", "\t# x"]) }
    // What stands there is the next line, as it were.
    return text.chance(12) ? text.pick(["junk\n#", " \(text.pick(setNames))=b"]) : ""
  }

  private mutating func unquoted() -> String {
    let names = names
    return text.joined(0...5) { text in
      text.chance(3)
        ? text.variable(of: names)
        : text.pick([
          "a", "b c", " ", "#", " #", "\t#", "'", "\"", "\\", "\\n", "\\$", "=", ":", "é", "e\u{301}", "//",
          "@", "\t", "{", "}",
          "\u{A0}", "\u{2003}", "😀", "&", ";", "%20", "-", "0x1",
        ])
    }
  }

  private mutating func quoted(_ quote: String) -> String {
    let names = names
    let inner = text.joined(0...6) { text in
      text.chance(4)
        ? text.variable(of: names).replacing(quote, with: "\\" + quote)
        : text.pick([
          "a", " ", "#", " #", "\\n", "\\t", "\\\\", "\\" + quote, "\\$", "\\x", "\\a", "\\c", "\\0",
          "\\0101", "\\012", "\\0777",
          "\\0377", "\\081", "\n", "\r\n", "é", quote == "'" ? "\"" : "'", "$", "$$", "{", "}", "=", "\\r",
          "\\v", "\\f", "\\b",
        ])
    }
    return quote + inner + (text.chance(60) ? "" : quote)
  }
}
