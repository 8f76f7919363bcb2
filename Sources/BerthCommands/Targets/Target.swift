import Diagnostics
import Engine
import Planning
import Policies
import ProviderKit
import WorkloadSpec

/// A target with its provider, ready to be used.
struct Target {
  let name: String
  /// The namespace that the command works in.
  let namespace: String
  /// Both halves of the provider: only commands that change something may ask for it.
  let provider: any Provider
  /// How many instances the namespace may have; `nil` if nothing limits them.
  let limit: InstanceLimit?
  /// Who is told of runs.
  let webhook: WebhookEntry?
  /// What plans on it are held to.
  var policies = PolicySet()
  /// Ends when its engine has answered, or has not in time.
  private let arrival: Task<Void, any Error>

  /// A target of a configuration, whose engine begins to be reached.
  ///
  /// - Parameters:
  ///   - namespace: the namespace, if it is not the target's own.
  ///   - limit: how long the engine may take to answer.
  /// - Throws: `DiagnosticError` if there is no such target, or if it can't be used.
  init(
    _ name: String, namespace: String? = nil, in configuration: Configuration,
    registry: ProviderRegistry = Providers.registry, within limit: Duration = .seconds(5)
  ) throws {
    let entry = try configuration.target(name)
    self.name = name
    self.namespace = try entry.namespace(given: namespace)
    let provider = try configuration.makeProvider(name, from: registry)
    self.provider = provider
    self.limit = entry.limit(of: self.namespace).map { InstanceLimit($0, target: name) }
    webhook = configuration.webhook
    arrival = Task {
      async let answer: Void = provider.connect(within: limit)
      try await Self.connect(provider.store as? NamedStore, of: name, within: limit)
      try await answer
    }
  }

  /// The same, once its engine has answered.
  ///
  /// - Throws: `DiagnosticError` if it does not answer in time.
  @discardableResult
  func reached() async throws -> Target {
    do {
      try await arrival.value
    } catch let error as ProviderError {
      throw DiagnosticError(
        Diagnostic(
          .engineUnreachable, "the target `\(name)` can't be reached: \(error.message)", help: error.help))
    }
    return self
  }

  /// Looks at what is there while the engine is still being reached: over a long way, one after the other would take twice as
  /// long. What is wrong with the way to it is said first.
  func looking<Result: Sendable>(
    _ look: @escaping @Sendable () async throws -> Result
  ) async throws -> Result {
    let seen = Task { try await look() }
    do { try await reached() } catch {
      seen.cancel()
      throw error
    }
    return try await withTaskCancellationHandler {
      try await seen.value
    } onCancel: {
      seen.cancel()
    }
  }

  /// Makes sure that what keeps the target's history answers, where it is not its own engine.
  private static func connect(_ store: NamedStore?, of name: String, within limit: Duration) async throws {
    guard let store else { return }
    do { try await store.connect(within: limit) } catch let error as ProviderError {
      throw DiagnosticError(
        Diagnostic(
          .engineUnreachable,
          "\(store.place), which keeps the history of `\(name)`, can't be reached: \(error.message)",
          help: error.help))
    }
  }

  /// The half that can't write, for everything that only looks.
  var reader: any ProviderReader { provider }

  /// Makes sure that the target knows a workload.
  ///
  /// - Throws: `DiagnosticError` if it does not.
  func requireKnown(_ key: WorkloadKey) async throws {
    try await UnknownWorkload.check(key, on: name, by: reader)
  }

  /// What plans on this target, and only looks.
  var planning: EngineReader {
    EngineReader(reader: reader, target: name, secrets: Vaults.resolvers, limit: limit, policies: policies)
  }

  /// The identity of a workload on this target.
  func key(_ name: String) throws -> WorkloadKey {
    guard DNSLabel.isValid(name) else {
      throw DiagnosticError(
        Diagnostic(
          .badName, "`\(name)` is not a name of a workload",
          help: "give the name that the file has under `name`"))
    }
    return WorkloadKey(namespace: namespace, name: name)
  }
}
