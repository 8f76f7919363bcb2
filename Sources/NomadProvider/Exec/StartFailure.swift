import NomadAPI

/// That a task could not start a command, as drivers say it: by words in its output and an exit code, or by an error.
struct StartFailure: Equatable, Sendable {
  /// What is said.
  let text: String
  /// 127 if there is no such program, else 126, as shells have it.
  let code: Int32

  /// How an engine's words in the command's place begin.
  private static let beginning = "OCI runtime exec failed"
  /// What stands before a driver's words for what it can't start by itself.
  private static let prefix = "failed to start command: "
  private static let missing = ["executable file not found", "no such file or directory"]

  init(text: String, code: Int32) { (self.text, self.code) = (text, code) }

  /// Whether an output may be an engine's words.
  static func begins(_ output: [UInt8]) -> Bool {
    output.starts(with: beginning.utf8) || beginning.utf8.starts(with: output)
  }

  /// Reads what a command wrote that ended with a code.
  ///
  /// - Returns: `nil` if it was the command itself that wrote it.
  init?(output: [UInt8], code: Int) {
    guard code == 126 || code == 127, output.starts(with: Self.beginning.utf8) else { return nil }
    let text = String(decoding: output, as: UTF8.self)
    self.init(String(text.reversed().drop { $0.isNewline }.reversed()))
  }

  /// Reads an error of the agent.
  ///
  /// - Returns: `nil` if it is another one.
  init?(_ error: NomadError) {
    guard let range = error.message.firstRange(of: Self.prefix) else { return nil }
    self.init(String(error.message[range.upperBound...]))
  }

  private init(_ text: String) {
    self.init(text: text, code: Self.missing.contains { text.contains($0) } ? 127 : 126)
  }
}
