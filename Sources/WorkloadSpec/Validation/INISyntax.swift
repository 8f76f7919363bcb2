/// Whether a text is INI, as far as its many dialects agree: sections in brackets, keys with or without a
/// value, comments after `;` or `#`, indented lines that go on with the value above.
enum INISyntax {
  /// The first line that no dialect reads.
  static func problem(in text: String) -> SyntaxProblem? {
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated()
    {
      let content = line.drop { $0 == " " || $0 == "\t" }
      let column = line.unicodeScalars.count - content.unicodeScalars.count + 1
      switch content.first {
      case "[":
        guard let close = content.lastIndex(of: "]") else {
          return SyntaxProblem(
            line: index + 1, column: column, message: "this section has no `]`",
            help: "write the section's name as `[name]`")
        }
        let rest = content[content.index(after: close)...].drop { $0 == " " || $0 == "\t" }
        guard rest.isEmpty || rest.hasPrefix(";") || rest.hasPrefix("#") else {
          return SyntaxProblem(
            line: index + 1, column: line.unicodeScalars.count - rest.unicodeScalars.count + 1,
            message: "nothing may follow the section's `]`", help: "put it on a line of its own")
        }
      case "=", ":":
        // An indented line is the rest of the value above, whatever it holds.
        guard column == 1 else { continue }
        return SyntaxProblem(
          line: index + 1, column: column, message: "there is no key before the `\(content.prefix(1))`",
          help: "write `key = value`")
      default: continue
      }
    }
    return nil
  }
}
