import DockerAPI

/// What a health check that the engine made says of itself, in one line: the same in the status of a service and in the
/// failure of an action.
enum HealthReport {
  /// How many of the last lines of a check's output are shown.
  private static let lines = 3
  /// How many characters of them.
  private static let limit = 400

  /// Why a check failed; `nil` of one that passed.
  static func failure(of check: ContainerHealth.Check) -> String? {
    guard let code = check.exitCode, code != 0 else { return nil }
    let output = tail(of: check.output ?? "")
    // No program ends with less than 0: so the engine says that it could not run it, or ended it, and why.
    if code < 0 { return "health check failed: \(output ?? "the engine could not run it")" }
    return "health check failed with exit code \(code)" + (output.map { ": \($0)" } ?? "")
  }

  /// The last lines that are not empty, as one; of what is too long, the end: there programs say what went wrong.
  private static func tail(of output: String) -> String? {
    let last = output.split(whereSeparator: \.isNewline).map(trimmed).filter { !$0.isEmpty }.suffix(lines)
    guard !last.isEmpty else { return nil }
    let text = last.joined(separator: " | ")
    return text.count > limit ? "…" + text.suffix(limit) : text
  }

  private static func trimmed(_ line: Substring) -> Substring {
    var line = line.drop(while: \.isWhitespace)
    while line.last?.isWhitespace == true { line.removeLast() }
    return line
  }
}
