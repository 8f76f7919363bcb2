import Values

/// What an exec plugin gives.
struct PluginCredential: Sendable, Equatable {
  var token: String?
  /// In PEM format.
  var certificate: String?
  /// In PEM format.
  var key: String?
  /// From when on it is of no use, in seconds since 1970; `nil` if the plugin does not tell.
  var expiry: Int64?

  /// Reads the answer of a plugin.
  ///
  /// - Throws: ``Failure`` with what is wrong.
  init(_ output: [UInt8], version: ExecPlugin.Version) throws(Failure) {
    guard let json = try? JSON(parsing: output), json.members != nil else {
      throw Failure(output.isEmpty ? "gave no answer" : "gave an answer that is no JSON")
    }
    guard json["kind"]?.string == "ExecCredential" else {
      throw Failure("gave an answer that is no ExecCredential")
    }
    guard let named = json["apiVersion"]?.string, named == version.rawValue else {
      throw Failure(
        "answers in \(json["apiVersion"]?.string ?? "no apiVersion"), "
          + "and the kubeconfig says \(version.rawValue)"
      )
    }
    guard let status = json["status"], status.members != nil else { throw Failure("gave no credentials") }
    func text(_ key: String) -> String? { status[key]?.string.flatMap { $0.isEmpty ? nil : $0 } }
    token = text("token")
    certificate = text("clientCertificateData")
    key = text("clientKeyData")
    guard token != nil || certificate != nil || key != nil else {
      throw Failure("gave neither a token nor a certificate")
    }
    guard (certificate == nil) == (key == nil) else {
      throw Failure(key == nil ? "gave a certificate without its key" : "gave a key without its certificate")
    }
    if let time = text("expirationTimestamp") {
      guard let expiry = ServerTime(time) else { throw Failure("gave \"\(time)\" as a time, which is none") }
      self.expiry = expiry.seconds
    }
  }

  /// Why an answer can't be used.
  struct Failure: Error {
    let message: String

    init(_ message: String) { self.message = message }
  }
}
