import ProviderKit
import Secrets

/// Where the values of secrets are looked up: each kind of key has its own resolver.
public struct SecretResolvers: Sendable {
  private let resolvers: [any SecretResolver]

  /// These resolvers; of two that know a key, the first is asked.
  public init(_ resolvers: [any SecretResolver]) { self.resolvers = resolvers }

  /// The environment (`env:NAME`) and files (`file:PATH`) of the berth process.
  public static let standard = SecretResolvers([EnvironmentSecrets(), FileSecrets()])

  /// These, and then another one.
  public func followed(by resolver: any SecretResolver) -> SecretResolvers {
    SecretResolvers(resolvers + [resolver])
  }

  /// These, as one that providers are handed: it knows keys of every kind that one of them knows.
  public var joined: any SecretResolver { JoinedSecrets(resolvers: self) }

  /// The value behind a reference's key, for a workload of a namespace.
  ///
  /// - Throws: `SecretError` if there is no value, or if no resolver knows keys of this kind.
  public func value(of key: String, in namespace: String) async throws -> SecretValue {
    for resolver in resolvers {
      if let value = try await resolver.value(of: key, in: namespace) { return value }
    }
    throw SecretError(key: key, "keys of this kind are not known here")
  }
}

/// Several resolvers as one.
private struct JoinedSecrets: SecretResolver {
  let resolvers: SecretResolvers

  func value(of key: String, in namespace: String) async throws -> SecretValue? {
    try await resolvers.value(of: key, in: namespace)
  }
}
