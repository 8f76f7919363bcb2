/// What GitLab takes for a command where a line of a comment begins with it: `/merge`, `/approve`. It does what the line says,
/// with the rights of whose comment it is.
enum QuickAction {
  /// A text with no line that begins with a slash. What is shown is the same, but in code, where GitLab shows the reference of
  /// the character.
  static func escaped(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      let blanks = line.prefix { $0.isWhitespace }
      guard line[blanks.endIndex...].first == "/" else { return String(line) }
      return "\(blanks)&#47;\(line[blanks.endIndex...].dropFirst())"
    }.joined(separator: "\n")
  }
}
