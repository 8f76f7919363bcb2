import Wire

/// How one cluster is reached, and as whom.
package struct NomadAccess: Sendable, Equatable {
  /// Where an agent listens, a server or a client: each passes on what it can't answer by itself.
  package var server: ServerAddress
  /// How the connection is checked.
  package var trust: ServerTrust
  /// What the client shows when it connects; `nil` if it shows nothing.
  package var certificate: KeyMaterial?
  /// The key of the certificate.
  package var key: KeyMaterial?
  /// Through what the agent is reached; `nil` means directly.
  package var proxy: ServerAddress?
  /// The secret of the token that each request carries; `nil` means that none does.
  package var token: String?
  /// The region that is meant; `nil` means that of the agent.
  package var region: String?
  /// The namespace that is meant where none is named.
  package var namespace: String
  /// Where all this was read, for messages: `the target prod of berth.yaml`.
  package var source: String

  package init(
    server: ServerAddress, trust: ServerTrust = ServerTrust(), certificate: KeyMaterial? = nil,
    key: KeyMaterial? = nil, proxy: ServerAddress? = nil, token: String? = nil, region: String? = nil,
    namespace: String = "default", source: String
  ) {
    self.server = server
    self.trust = trust
    self.certificate = certificate
    self.key = key
    self.proxy = proxy
    self.token = token
    self.region = region
    self.namespace = namespace
    self.source = source
  }
}
