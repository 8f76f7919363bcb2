import Wire

/// How one cluster is reached, and as whom: what a context of a kubeconfig, or the service account of a pod,
/// comes to.
package struct ClusterAccess: Sendable, Equatable {
  /// Where the API server listens.
  package var server: ServerAddress
  /// How the connection is checked.
  package var trust: ServerTrust
  /// Through what the server is reached; `nil` means directly.
  package var proxy: ServerAddress?
  /// As whom.
  package var user: ClusterUser
  /// The namespace that is meant where none is named.
  package var namespace: String
  /// Where all this was read, for messages: `context prod of /home/ada/.kube/config`.
  package var source: String

  package init(
    server: ServerAddress, trust: ServerTrust = ServerTrust(), proxy: ServerAddress? = nil,
    user: ClusterUser = ClusterUser(name: ""), namespace: String = "default", source: String
  ) {
    self.server = server
    self.trust = trust
    self.proxy = proxy
    self.user = user
    self.namespace = namespace
    self.source = source
  }
}
