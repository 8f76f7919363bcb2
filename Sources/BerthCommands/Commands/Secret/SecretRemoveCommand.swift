import ArgumentParser
import Vault

/// `berth secret rm`: takes a value out of the vault.
struct SecretRemoveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rm",
    abstract: "Delete a value from the vault.",
    discussion: """
      Example:
        berth secret rm shop/api-token --yes

      Asks on a terminal, and needs --yes without one. Running services keep the value; the next plan that has \
      to hand the secret over is refused.
      """)

  @OptionGroup var name: SecretNameArgument
  @OptionGroup var consent: ConsentOptions

  func run() async throws {
    try await reporting { console in
      try consent.requireConsent(to: "deleting a secret", console)
      let entry = try name.resolve()
      guard try Vaults.local.value(of: entry) != nil else { throw try Vaults.unknown(entry) }
      if console.isInteractive, !consent.yes {
        guard console.confirm("Delete \(entry.key) from the namespace \(entry.namespace)?") else {
          console.writeError("Nothing was done.\n")
          return
        }
      }
      _ = try Vaults.local.remove(entry)
      console.say("Deleted \(entry.key) from the namespace \(entry.namespace).")
    }
  }
}
