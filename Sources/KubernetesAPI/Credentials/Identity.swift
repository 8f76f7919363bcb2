import Wire

/// As whom a request is sent.
struct Identity: Sendable {
  /// What is sent with a request.
  var headers: [(name: String, value: String)]
  /// What the client shows when it connects.
  var certificate: ClientCertificate?
  /// Which certificate it is: one that was renewed has a higher number.
  var certificateNumber: Int
  /// Which answer of a plugin it is.
  var pluginNumber: Int
  var token: String?
}
