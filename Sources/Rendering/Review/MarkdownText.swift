/// Texts within Markdown that nothing in them can break out of.
enum MarkdownText {
  /// A block that nothing within it can end.
  static func fenced(_ lines: [String], _ language: String = "diff") -> String {
    let fence = String(repeating: "`", count: max(3, longestRun(of: "`", in: lines) + 1))
    return ([fence + language] + lines + [fence]).joined(separator: "\n")
  }

  /// A text as code that nothing within it can end.
  static func code(_ text: String) -> String {
    let safe = SafeText.line(text)
    let tick = String(repeating: "`", count: longestRun(of: "`", in: [safe]) + 1)
    let pad = safe.hasPrefix("`") || safe.hasSuffix("`") ? " " : ""
    return tick + pad + safe + pad + tick
  }

  /// A text in which nothing means anything to Markdown but code in backticks.
  static func escaped(_ text: String) -> String {
    var isCode = false
    var escaped = ""
    let balanced = text.count { $0 == "`" }.isMultiple(of: 2)
    for character in SafeText.line(text) {
      if character == "`" {
        if balanced { isCode.toggle() } else { escaped += "\\" }
        escaped.append(character)
      } else if !isCode, #"\*_[]<>|#~&@"#.contains(character) {
        escaped += "\\\(character)"
      } else {
        escaped.append(character)
      }
    }
    return escaped
  }

  /// The same, within a cell of a table, which code would end as well.
  static func cell(_ text: some StringProtocol) -> String {
    escaped(String(String(text).filter { $0 != "|" && $0 != "`" }))
  }

  /// A text within HTML, in which nothing of it is an element.
  static func html(_ text: String) -> String {
    SafeText.line(text).replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(
      ">", with: "&gt;")
  }

  /// The longest row of one character.
  static func longestRun(of character: Character, in lines: [String]) -> Int {
    lines.reduce(0) { longest, line in
      var (best, run) = (longest, 0)
      for each in line {
        run = each == character ? run + 1 : 0
        best = max(best, run)
      }
      return best
    }
  }
}
