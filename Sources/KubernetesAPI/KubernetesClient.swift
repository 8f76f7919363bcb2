import Wire

/// A client of one cluster.
///
/// It opens connections as they are needed, up to some dozens at once, and closes them when it is let go:
///
///     let access = try ClusterAccess.resolve(environment: environment, workingDirectory: folder)
///     let cluster = try await KubernetesClient.connect(to: access, programs: .refused(because: "…"))
///     for pod in try await cluster.objects(.pods).list(in: "shop").items { print(pod.name) }
///
/// Every call throws ``KubernetesError`` if the cluster refuses or can't be reached, and `CancellationError`
/// if its task is cancelled. What is asked again, and why that does no harm, is told by each call.
package final class KubernetesClient: ObjectServer {
  /// What runs there.
  package let version: ServerVersion
  /// How the cluster is reached, and as whom.
  package var access: ClusterAccess { transport.access }

  let transport: Transport
  let requester: Requester

  private init(transport: Transport, policy: RetryPolicy, version: ServerVersion) {
    self.transport = transport
    requester = Requester(transport: transport, policy: policy)
    self.version = version
  }

  /// Connects, and asks what runs there. A cluster that can't be reached is told at once, not after more
  /// tries.
  ///
  /// `GET /version`
  ///
  /// - Parameter programs: whether the programs that the configuration names may be run, to get credentials.
  /// - Throws: ``KubernetesError`` if there is no API server, it refuses, or does not answer in time.
  package static func connect(
    to access: ClusterAccess, programs: ProgramPermission
  ) async throws -> KubernetesClient {
    try await connect(to: access, programs: programs, policy: RetryPolicy())
  }

  static func connect(
    to access: ClusterAccess, programs: ProgramPermission, policy: RetryPolicy,
    silence: Duration = Transport.silence
  ) async throws -> KubernetesClient {
    let transport = try Transport(
      access: access, credentials: CredentialSource(user: access.user, permission: programs), silence: silence
    )
    return try await ask(transport, policy: policy)
  }

  /// Asks what runs at a server, once.
  static func ask(_ transport: Transport, policy: RetryPolicy) async throws -> KubernetesClient {
    var once = policy
    once.attempts = 1
    let answer = try await Requester(transport: transport, policy: once).call(
      Request(.GET, ["version"]).within(connectPatience))
    guard let json = try? answer.json(), let version = ServerVersion(json) else {
      let access = transport.access
      throw KubernetesError(
        "\(access.server) answers, but it is no Kubernetes API server",
        help: "check the address of \(access.source): another program listens there")
    }
    return KubernetesClient(transport: transport, policy: policy, version: version)
  }

  /// How long a server may take to show that it is there.
  private static let connectPatience = Duration.seconds(30)

  package func objects(_ type: ResourceType) -> ObjectCalls { ObjectCalls(requester: requester, type: type) }
  /// What pods write, and commands in them.
  package var pods: PodCalls { PodCalls(client: self) }
  /// What concerns the server as a whole.
  package var server: ServerCalls { ServerCalls(client: self) }
}
