import Secrets
import Values

extension Rule where Subject == String {
  /// A reference to a secret.
  static let secretKey = Rule(
    "`env:NAME`, `file:PATH` or a key of the vault", schema: [.init("pattern", .string(SecretKey.pattern))],
    code: .badSecretKey
  ) { key in
    SecretKey.isValid(key)
      ? nil : RuleProblem(message: "this is not a reference to a secret", help: SecretKey.help)
  }
}
