import UserFiles
import Wire

/// As whom a cluster is asked.
package struct ClusterUser: Sendable, Equatable {
  /// What the kubeconfig calls the user.
  package var name: String
  /// The certificate that the client shows.
  package var certificate: KeyMaterial?
  /// The certificate's private key.
  package var key: KeyMaterial?
  package var token: String?
  /// The file of a token. It is read for each request, since what writes it renews it.
  package var tokenFile: String?
  /// The folders that the file of the token must lie in; `nil` where the user himself named it.
  package var tokenBoundary: FileBoundary?
  /// A program that gives a token or a certificate.
  package var plugin: ExecPlugin?
  /// As whom the server is to take the requests instead.
  package var impersonation: Impersonation?

  package init(
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
