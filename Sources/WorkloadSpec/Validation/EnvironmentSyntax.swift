/// Texts of `NAME=value` lines, with empty lines and `#` comments.
enum EnvironmentSyntax {
  /// The first line that is neither.
  static func problem(in text: String) -> SyntaxProblem? {
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let trimmed = line.drop { $0 == " " || $0 == "\t" || $0 == "\r" }
      if trimmed.isEmpty || trimmed.hasPrefix("#") { continue }
      let column = line.unicodeScalars.count - trimmed.unicodeScalars.count + 1
      guard let equals = trimmed.firstIndex(of: "=") else {
        return SyntaxProblem(
          line: index + 1, column: column, message: "there is no `=`", help: "write `NAME=value`")
      }
      var name = trimmed[..<equals]
      if name.hasPrefix("export ") { name = name.dropFirst(7) }
      if let problem = Rule.environmentName.problem(String(name)) {
        return SyntaxProblem(line: index + 1, column: column, message: problem.message, help: problem.help)
      }
    }
    return nil
  }
}
