import KubernetesAPI

/// That a container could not start a command, as nodes say it: by words in its output and an exit status, or by an error.
struct StartFailure: Equatable {
  /// What the node says.
  let text: String
  /// 127 if there is no such program, else 126, as shells have it.
  let code: Int32

  private static let beginnings = ["OCI runtime exec failed", "exec failed", "rpc error"]
  private static let reasons = ["executable file not found", "no such file or directory"]

  /// Whether an output may be a node's words.
  static func begins(_ output: [UInt8]) -> Bool {
    output.starts(with: beginnings[0].utf8) || beginnings[0].utf8.starts(with: output)
  }

  /// Reads what a command wrote that ended with a status.
  ///
  /// - Returns: `nil` if it was the command itself that wrote it.
  init?(output: [UInt8], code: Int) {
    guard code == 126 || code == 127 else { return nil }
    guard output.starts(with: Self.beginnings[0].utf8) else { return nil }
    let text = output.reversed().drop { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }.reversed()
    self.init(String(decoding: Array(text), as: UTF8.self))
  }

  /// Reads an error of the server.
  ///
  /// - Returns: `nil` if it is another one.
  init?(_ error: KubernetesError) {
    guard !error.mayHaveBeenDone, error.status == nil || error.status == 500,
      Self.beginnings.contains(where: { error.message.contains($0) })
        || Self.reasons.contains(where: { error.message.contains($0) })
    else { return nil }
    self.init(error.message)
  }

  private init(_ text: String) {
    self.text = text
    code = Self.reasons.contains { text.contains($0) } ? 127 : 126
  }
}
