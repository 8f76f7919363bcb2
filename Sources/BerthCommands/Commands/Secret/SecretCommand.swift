import ArgumentParser

/// `berth secret`: the vault of this machine.
struct SecretCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "secret",
    abstract: "Keep secrets in an encrypted vault on this machine.",
    discussion: """
      Example:
        berth secret list

      A spec names a secret by its key (`secrets: [{key: shop/api-token, as: API_TOKEN}]`), and apply hands its \
      value over. Keys `env:NAME` and `file:PATH` are environment variables of berth and files that it can read; \
      it looks up all others in the vault. It serves every target, and keeps the secrets of each namespace \
      apart.
      """,
    subcommands: [
      SecretSetCommand.self, SecretGetCommand.self, SecretListCommand.self, SecretRemoveCommand.self,
    ])
}
