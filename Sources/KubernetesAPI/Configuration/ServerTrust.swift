/// How the connection to an API server is checked.
public struct ServerTrust: Sendable, Equatable {
  /// The authorities that the server's certificate is checked against, in PEM format; `nil` means those of
  /// the system.
  public var authorities: KeyMaterial?
  /// The name that the server's certificate must have, if it is not the one in its address.
  public var serverName: String?
  /// Whether the server's certificate is checked at all.
  public var verifies: Bool

  /// Checks.
  public init(authorities: KeyMaterial? = nil, serverName: String? = nil, verifies: Bool = true) {
    self.authorities = authorities
    self.serverName = serverName
    self.verifies = verifies
  }
}
