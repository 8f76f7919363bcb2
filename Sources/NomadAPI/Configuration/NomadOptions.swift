import Wire

/// What a target states of the way to a cluster. What it leaves out, the environment says.
package struct NomadOptions: Sendable, Equatable {
  /// Such as `https://nomad.example.com:4646`.
  package var address: String?
  /// The region that is meant.
  package var region: String?
  /// The namespace that is meant where none is named.
  package var namespace: String?
  /// The secret of a token.
  package var token: String?
  /// The authorities that the agent's certificate is checked against.
  package var authorities: KeyMaterial?
  /// What the client shows when it connects.
  package var certificate: KeyMaterial?
  /// The key of the certificate.
  package var key: KeyMaterial?
  /// The name that the agent's certificate must have, if it is not the one in its address: `server.global.nomad`.
  package var serverName: String?
  /// Whether the agent's certificate is checked at all.
  package var verifies: Bool?

  package init() {}
}
