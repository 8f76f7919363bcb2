import Planning
import ProviderKit
import Values
import WorkloadSpec

/// The keys under which the values of a service's secrets stand in its variable. They are keyed digests of the values: another
/// value stands under another key, so that instances keep theirs until they are made anew.
struct SecretItems: Sendable {
  /// The keys, by the identity of the use.
  private let keys: [String: String]
  private let service: Service

  /// The keys for a service whose values have these digests, by identity.
  init(of service: Service, _ digests: [String: String]) {
    self.service = service
    keys = digests.mapValues { "s_" + ($0.split(separator: ":").last?.prefix(16) ?? "") }
  }

  /// The key for one use.
  subscript(use: SecretUse) -> String { keys[use.identity] ?? "s_unknown" }

  /// The keys for the secrets at a place, by the key of the secret.
  func at(_ isMeant: (SecretUse.Place) -> Bool) -> [String: String] {
    Dictionary(service.secretUses.filter { isMeant($0.place) }.map { ($0.key, self[$0]) }) { first, _ in first
    }
  }

  /// What the variable of a service holds.
  ///
  /// - Throws: `ActionFailure` if a secret has no value, or no usable one.
  func contents(_ context: ActionContext) throws(ActionFailure) -> [String: String] {
    var items: [String: String] = [:]
    for use in service.secretUses {
      let value = try context.secret(use.key)
      switch use.type {
      case .tls:
        let credentials: TLSCredentials
        do {
          credentials = try TLSCredentials(value)
        } catch {
          throw ActionFailure("the secret `\(use.key)` can't be handed over: \(error.message)")
        }
        items[self[use] + Self.certificates] = Base64.encode(credentials.certificates)
        items[self[use] + Self.privateKey] = Base64.encode(credentials.key)
      case .registry:
        let credentials: RegistryCredentials
        do {
          credentials = try RegistryCredentials(value)
        } catch {
          throw ActionFailure("the secret `\(use.key)` can't be handed over: \(error.message)")
        }
        items[self[use] + Self.user] = Base64.encode(Array(credentials.username.utf8))
        items[self[use] + Self.password] = Base64.encode(Array(credentials.password.utf8))
      case .env, .file: items[self[use]] = Base64.encode(value.bytes)
      }
    }
    return items
  }

  /// What follows the key of certificates.
  static let certificates = "_crt"
  /// What follows the key of their private key.
  static let privateKey = "_key"
  /// What follows the key of a registry's user.
  static let user = "_user"
  /// What follows the key of that user's password.
  static let password = "_password"
}
