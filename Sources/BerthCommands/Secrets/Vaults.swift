import Diagnostics
import Engine
import Vault

/// The vault of this machine, as the environment says where it is.
enum Vaults {
  /// It lies in the home, and its key as well unless `BERTH_VAULT_KEY` has it.
  static var local: Vault {
    Vault(folder: Environment.home + "/vault", givenKey: Environment["BERTH_VAULT_KEY"])
  }

  /// Where every command looks up the secrets that specs name.
  static var resolvers: SecretResolvers { .standard.followed(by: VaultSecrets(local)) }

  /// What to say of a key that the vault does not have.
  static func unknown(_ name: VaultEntry.Name) throws -> DiagnosticError {
    let known = try local.entries(in: name.namespace).map(\.name.key)
    return DiagnosticError(
      Diagnostic(
        .unknownSecret, "the vault has no `\(name.key)` in the namespace `\(name.namespace)`",
        help: Suggestion.help(for: name.key, among: known) ?? "`berth secret list` shows its keys"))
  }
}
