import Crypto
import KubernetesAPI
import Planning
import ProviderKit
import Values

/// The connection to a cluster, which is made when it is needed first, and kept.
actor ClusterConnection {
  /// Finds the cluster, and connects to it.
  private let connect: @Sendable () async throws -> KubernetesClient
  private var connecting: Task<KubernetesClient, any Error>?
  private var identifying: Task<EngineIdentity, any Error>?

  /// A connection that is not made yet.
  init(connect: @escaping @Sendable () async throws -> KubernetesClient) { self.connect = connect }

  /// The client.
  ///
  /// - Throws: `KubernetesError` if the cluster can't be reached; the next call tries again.
  func client() async throws -> KubernetesClient {
    if let connecting { return try await connecting.value }
    let task = Task { [connect] in try await connect() }
    connecting = task
    do {
      return try await task.value
    } catch {
      connecting = nil
      throw error
    }
  }

  /// Which cluster it is; asked once. Its namespace `kube-system` is made with it and never again. Where that may not be
  /// read, the address and the authority of the server stand for it.
  func identity() async throws -> EngineIdentity {
    if let identifying { return try await identifying.value }
    let client = try await client()
    if let identifying { return try await identifying.value }
    let task = Task {
      do {
        let namespace = try await client.objects(.namespaces).get("kube-system")
        return EngineIdentity(provider: KubernetesProvider.name, id: namespace.uid)
      } catch let error as KubernetesError where error.isForbidden || error.isNotFound {
        return EngineIdentity(provider: KubernetesProvider.name, id: try Self.digest(of: client.access))
      }
    }
    identifying = task
    do {
      return try await task.value
    } catch {
      identifying = nil
      throw error
    }
  }

  private static func digest(of access: ClusterAccess) throws -> String {
    var hash = SHA256()
    hash.update(data: Array("\(access.server)".utf8) + [0])
    hash.update(data: try access.trust.authorities?.bytes() ?? [])
    return "server-" + Hex.lower(hash.finalize().prefix(16))
  }

  /// What decides what becomes of fields.
  func facts() async throws -> EngineFacts {
    EngineFacts(kubernetes: try await client().version)
  }
}
