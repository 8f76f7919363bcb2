import Crypto
import NomadAPI
import Planning
import ProviderKit
import Values

/// The connection to a cluster, which is made when it is needed first, and kept.
actor NomadConnection {
  private let connect: @Sendable () async throws -> NomadClient
  private let target: NomadTarget
  private var connecting: Task<NomadClient, any Error>?
  /// The registers of keys that were read.
  private(set) var keys: [String: Register] = [:]
  private var known: Set<String>?
  /// The namespaces in which the token may not ask for places.
  private var silent: Set<String> = []

  /// A connection that is not made yet.
  init(_ target: NomadTarget, connect: @escaping @Sendable () async throws -> NomadClient) {
    (self.target, self.connect) = (target, connect)
  }

  /// The client.
  ///
  /// - Throws: `NomadError` if the cluster can't be reached; the next call tries again.
  func client() async throws -> NomadClient {
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

  /// Which cluster it is: a region of what is reached at an address. Nomad has no name for a cluster that a token for jobs may
  /// read.
  func identity() async throws -> EngineIdentity {
    let client = try await client()
    let region = client.agent?.region ?? client.access.region ?? "global"
    var hash = SHA256()
    hash.update(data: Array("\(client.access.server)".utf8) + [0])
    hash.update(data: try client.access.trust.authorities?.read() ?? [])
    return EngineIdentity(
      provider: NomadFields.engine, id: "\(region)-" + Hex.lower(hash.finalize().prefix(8)))
  }

  /// What decides what becomes of fields.
  func facts() async throws -> EngineFacts {
    EngineFacts(nomad: try await client().version?.description ?? "", target)
  }

  /// The namespaces that the token may do something in, as they were when they were asked for first.
  ///
  /// - Throws: `NomadError` if the cluster can't be asked.
  func namespaces() async throws -> Set<String> {
    if let known { return known }
    let found = Set(try await client().cluster.namespaces().map(\.name))
    known = found
    return found
  }

  /// Whether the scheduler may be asked for places in a namespace, as far as that is known.
  func mayAskForPlaces(in namespace: String) -> Bool { !silent.contains(namespace) }

  /// Takes note that the token may not ask for places in a namespace.
  func noteThatPlacesAreNotTold(in namespace: String) { silent.insert(namespace) }

  /// Keeps a key.
  func note(key: Register) { keys[key.name] = key }

  /// Has a key read again.
  func forget(key name: String) { keys[name] = nil }
}

extension NomadError {
  /// Runs something that asks a cluster, and says what went wrong in the words of providers.
  static func asProviderError<Result>(_ body: () async throws -> Result) async throws -> Result {
    do {
      return try await body()
    } catch let error as NomadError {
      throw ProviderError(error.message, help: error.help)
    }
  }

  /// Runs an action, and says what went wrong in the words of actions.
  static func asActionError<Result>(_ body: () async throws -> Result) async throws -> Result {
    do {
      return try await body()
    } catch let error as NomadError {
      guard error.status != nil else { throw ProviderError(error.message, help: error.help) }
      if error.message.contains("nonexistent namespace") {
        throw ActionFailure("\(error.message); create the namespace: `nomad namespace apply NAME`")
      }
      throw ActionFailure(error.message + (error.help.map { "; \($0)" } ?? ""))
    }
  }
}
