/// How one cluster is reached, and as whom: what a context of a kubeconfig, or the service account of a pod,
/// comes to.
public struct ClusterAccess: Sendable, Equatable {
  /// Where the API server listens.
  public var server: ServerAddress
  /// How the connection is checked.
  public var trust: ServerTrust
  /// Through what the server is reached; `nil` means directly.
  public var proxy: ServerAddress?
  /// As whom.
  public var user: ClusterUser
  /// The namespace that is meant where none is named.
  public var namespace: String
  /// Where all this was read, for messages: `context prod of /home/ada/.kube/config`.
  public var source: String

  /// An access.
  public init(
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
