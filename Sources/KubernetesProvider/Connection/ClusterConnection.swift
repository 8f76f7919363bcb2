import Crypto
import KubernetesAPI
import Planning
import ProviderKit
import Values

/// The connection to a cluster, which is made when it is needed first, and kept.
actor ClusterConnection {
  /// Finds the cluster, and opens it.
  private let open: @Sendable () async throws -> KubernetesOpening
  private var opening: Task<KubernetesOpening, any Error>?
  private var connected: KubernetesClient?
  private var identifying: Task<EngineIdentity, any Error>?
  private var sights: [String: NamespaceSight] = [:]
  /// The registers of keys that were read.
  private(set) var keys: [String: Register] = [:]

  /// A connection that is not made yet.
  init(open: @escaping @Sendable () async throws -> KubernetesOpening) { self.open = open }

  /// A connection by a client that connects first.
  init(connect: @escaping @Sendable () async throws -> KubernetesClient) {
    open = { KubernetesOpening(try await connect()) }
  }

  /// The client.
  ///
  /// - Throws: `KubernetesError` if the cluster can't be reached; the next call tries again.
  func client() async throws -> KubernetesClient {
    if let connected { return connected }
    return try await within(begun) { opened in
      let client = try await opened.client()
      connected = client
      return client
    }
  }

  /// The opening that is under way, or one that begins now.
  private var begun: Task<KubernetesOpening, any Error> {
    if let opening { return opening }
    let task = Task { [open] in try await open() }
    opening = task
    return task
  }

  /// Goes on with an opening, and forgets it if nothing comes of it.
  private func within<Result>(
    _ task: Task<KubernetesOpening, any Error>, _ body: (KubernetesOpening) async throws -> Result
  ) async throws -> Result {
    do {
      return try await body(try await task.value)
    } catch {
      if opening == task { opening = nil }
      throw error
    }
  }

  /// The client if it is known what runs there, and else what may be read of meanwhile.
  private func source() async throws -> any ObjectServer {
    if let connected { return connected }
    return try await within(begun) { $0 }
  }

  /// Reads something, while the server is asked what it is unless that is known: over a long way, one question after the
  /// other would take twice as long. A server that can't be reached, or is none, is told as `client()` tells it.
  nonisolated func reading<Result: Sendable>(
    _ read: @escaping @Sendable (any ObjectServer) async throws -> Result
  ) async throws -> Result {
    let source = try await source()
    if source is KubernetesClient { return try await read(source) }
    return try await withThrowingTaskGroup(of: Swift.Result<Result, any Error>?.self) { group in
      group.addTask {
        _ = try await self.client()
        return nil
      }
      group.addTask {
        do { return .success(try await read(source)) } catch { return .failure(error) }
      }
      var answer: Swift.Result<Result, any Error>?
      while let next = try await group.next() { answer = next ?? answer }
      return try answer!.get()
    }
  }

  /// Which cluster it is; asked once. Its namespace `kube-system` is made with it and never again. Where that may not be
  /// read, the address and the authority of the server stand for it.
  func identity() async throws -> EngineIdentity {
    if let identifying { return try await identifying.value }
    let task = Task {
      do {
        let namespace = try await reading { try await $0.objects(.namespaces).get("kube-system") }
        return EngineIdentity(provider: KubernetesProvider.name, id: namespace.uid)
      } catch let error as KubernetesError where error.isForbidden || error.isNotFound {
        return EngineIdentity(
          provider: KubernetesProvider.name, id: try Self.digest(of: try await client().access))
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

  /// The same, if the server has said already what it is.
  var knownFacts: EngineFacts? { connected.map { EngineFacts(kubernetes: $0.version) } }

  // MARK: What is asked once

  /// Keeps a key.
  func note(key: Register) { keys[key.name] = key }

  /// Has a key read again.
  func forget(key name: String) { keys[name] = nil }

  /// Keeps what a look tells of namespaces as a whole.
  func note(_ seen: [String: NamespaceSight]) { sights.merge(seen) { $1 } }

  /// What the last look told of a namespace; asked now if there was none.
  func sight(of namespace: String) async throws -> NamespaceSight {
    if let sight = sights[namespace] { return sight }
    return try await NamespaceSight(of: namespace, on: try await client())
  }
}
