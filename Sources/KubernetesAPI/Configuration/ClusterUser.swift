import UserFiles

/// As whom a cluster is asked.
public struct ClusterUser: Sendable, Equatable {
  /// What the kubeconfig calls the user.
  public var name: String
  /// The certificate that the client shows.
  public var certificate: KeyMaterial?
  /// The certificate's private key.
  public var key: KeyMaterial?
  /// A token.
  public var token: String?
  /// The file of a token. It is read for each request, since what writes it renews it.
  public var tokenFile: String?
  /// The folders that the file of the token must lie in; `nil` where the user himself named it.
  public var tokenBoundary: FileBoundary?
  /// A program that gives a token or a certificate.
  public var plugin: ExecPlugin?
  /// As whom the server is to take the requests instead.
  public var impersonation: Impersonation?

  /// A user.
  public init(
    name: String, certificate: KeyMaterial? = nil, key: KeyMaterial? = nil, token: String? = nil,
    tokenFile: String? = nil, plugin: ExecPlugin? = nil, impersonation: Impersonation? = nil
  ) {
    self.name = name
    self.certificate = certificate
    self.key = key
    self.token = token
    self.tokenFile = tokenFile
    self.plugin = plugin
    self.impersonation = impersonation
  }
}
