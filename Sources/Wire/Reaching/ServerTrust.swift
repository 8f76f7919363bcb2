/// How the connection to a server is checked.
package struct ServerTrust: Sendable, Equatable {
  /// The authorities that the server's certificate is checked against, in PEM format; `nil` means those of
  /// the system.
  package var authorities: KeyMaterial?
  /// The name that the server's certificate must have, if it is not the one in its address.
  package var serverName: String?
  /// Whether the server's certificate is checked at all.
  package var verifies: Bool

  package init(authorities: KeyMaterial? = nil, serverName: String? = nil, verifies: Bool = true) {
    self.authorities = authorities
    self.serverName = serverName
    self.verifies = verifies
  }
}
