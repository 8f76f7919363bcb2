import Values

/// How a command ended, as a server tells.
enum ExecStatus {
  /// The exit status of a command.
  ///
  /// - Parameter bytes: what came on the channel for it: a `Status`.
  /// - Throws: ``KubernetesError`` if the command could not be run.
  static func exitCode(_ bytes: [UInt8]) throws -> Int {
    guard let json = try? JSON(parsing: bytes), let status = json["status"]?.string else {
      throw KubernetesError(
        "how the command ended makes no sense: \(String(decoding: bytes.prefix(200), as: UTF8.self))")
    }
    if status == "Success" { return 0 }
    for cause in json.at("details", "causes")?.array ?? [] where cause["reason"]?.string == "ExitCode" {
      if let code = cause["message"]?.string.flatMap({ Int($0) }) { return code }
    }
    var error = KubernetesError(status: json) ?? KubernetesError("the command can't be run")
    // The kind is left out by some, and the code is none of an HTTP answer.
    if let message = json["message"]?.string { error.message = message }
    error.help = error.help ?? "see whether the container has the program, and is running"
    throw error
  }
}
