import Diagnostics
import Secrets

/// Secrets in the vault of this machine: every key that names no other source.
package struct VaultSecrets: SecretResolver {
  private let vault: Vault

  /// Looks into a vault.
  package init(_ vault: Vault) { self.vault = vault }

  /// The value that the vault of the namespace has under the key.
  ///
  /// - Throws: `SecretError` if it has none; that is certain only if there is a vault on this machine at all.
  ///   `DiagnosticError` if the vault can't be used.
  package func value(of key: String, in namespace: String) async throws -> SecretValue? {
    guard SecretKey.isVaultKey(key) else { return nil }
    if let value = try vault.value(of: VaultEntry.Name(namespace: namespace, key: key)) { return value }
    let help = "`berth secret set \(key)\(namespace == "default" ? "" : " -n \(namespace)")` puts it in"
    guard try vault.exists else {
      throw SecretError(key: key, "there is no vault on this machine", help: help)
    }
    let known = try vault.entries(in: namespace).map(\.name.key)
    throw SecretError(
      key: key, "the vault of the namespace `\(namespace)` does not have it",
      help: Suggestion.help(for: key, among: known) ?? help, isCertain: true)
  }
}
