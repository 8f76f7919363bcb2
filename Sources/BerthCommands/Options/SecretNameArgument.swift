import ArgumentParser
import Diagnostics
import Secrets
import Vault

/// Which secret of the vault a command is about.
struct SecretNameArgument: ParsableArguments {
  @Argument(help: "The key: letters, digits, `.`, `_`, `/` and `-`.")
  var key: String

  @OptionGroup var selection: NamespaceSelection

  /// The secret that is meant.
  ///
  /// - Throws: `DiagnosticError` if the vault can have no such key.
  func resolve() throws -> VaultEntry.Name {
    guard SecretKey.isVaultKey(key) else {
      throw DiagnosticError(
        Diagnostic(
          .badSecretKey, "`\(key)` is not a key of the vault",
          help: key.contains(":")
            ? "the vault keeps only keys without a colon; berth looks up `env:` and `file:` elsewhere"
            : "use letters, digits, `.`, `_`, `/` and `-`, starting with a letter or digit"))
    }
    return VaultEntry.Name(namespace: try selection.resolve(), key: key)
  }
}
