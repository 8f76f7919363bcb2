import ArgumentParser
import Vault
import WorkloadSpec

/// `berth secret get`: prints a value of the vault.
struct SecretGetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "get",
    abstract: "Print a value of the vault to standard output, byte by byte.",
    discussion: """
      Example:
        berth secret get shop/api-token

      On a terminal a line break follows it.
      """)

  @OptionGroup var name: SecretNameArgument

  func run() async throws {
    try await reporting { console in
      let entry = try name.resolve()
      guard let value = try Vaults.local.value(of: entry) else { throw try Vaults.unknown(entry) }
      console.write(value.bytes)
    }
  }
}
