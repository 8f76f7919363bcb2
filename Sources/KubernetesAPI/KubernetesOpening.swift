import Wire

/// A server that has yet to say what it is. What is only read of it may be asked at the same time: over a long way, an answer
/// that is waited for before anything else is asked takes as long as all of them.
///
///     let opening = try KubernetesOpening(to: access, programs: .refused(because: "…"))
///     async let pods = opening.objects(.pods).list(in: "shop")
///     let cluster = try await opening.client()
///
/// Until ``client()`` has returned, nothing shows that the server is one, and what it answers is not to be relied on.
package final class KubernetesOpening: ObjectServer {
  private let requester: Requester
  private let asking: Task<KubernetesClient, any Error>

  /// Opens a cluster, and begins to ask what runs there.
  ///
  /// - Parameter programs: whether the programs that the configuration names may be run, to get credentials.
  /// - Throws: ``KubernetesError`` if the configuration can't be used.
  package convenience init(to access: ClusterAccess, programs: ProgramPermission) throws {
    try self.init(to: access, programs: programs, policy: RetryPolicy())
  }

  init(to access: ClusterAccess, programs: ProgramPermission, policy: RetryPolicy) throws {
    let transport = try Transport(
      access: access, credentials: CredentialSource(user: access.user, permission: programs))
    requester = Requester(transport: transport, policy: policy)
    asking = Task { try await KubernetesClient.ask(transport, policy: policy) }
  }

  /// One that has said what it is.
  package init(_ client: KubernetesClient) {
    requester = client.requester
    asking = Task { client }
  }

  deinit { asking.cancel() }

  /// The client, when the server has said what it is.
  ///
  /// - Throws: ``KubernetesError`` if there is no API server, it refuses, or does not answer in time;
  ///   `CancellationError` if the opening was let go.
  package func client() async throws -> KubernetesClient {
    try await asking.value
  }

  package func objects(_ type: ResourceType) -> ObjectCalls { ObjectCalls(requester: requester, type: type) }
}
