import ArgumentParser
import Engine
import ProviderKit
import Vault
import WorkloadSpec

/// `berth secret set`: puts a value into the vault.
struct SecretSetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "set",
    abstract: "Put a value into the vault; it is read from standard input or typed, never an argument.",
    discussion: """
      Examples:
        berth secret set shop/api-token
        head -c 32 /dev/urandom | base64 | berth secret set shop/session-key

      On a terminal the value is asked for twice and not shown. From standard input it may be any bytes, 64 KiB \
      at most; one line break at its end is taken away unless --keep-newline is given. The next plan shows the new \
      value as an external change of the services that use it.
      """)

  @OptionGroup var name: SecretNameArgument

  @Flag(help: "Keep a line break at the end of standard input: it is part of the value.")
  var keepNewline = false

  func run() async throws {
    try await reporting { console in
      let entry = try name.resolve()
      let value =
        SecretPrompt.isPossible
        ? try SecretPrompt.ask(for: entry.key) : try SecretInput.read(keepsNewline: keepNewline)
      try Vaults.local.set(value, for: entry, at: EngineEnvironment.live.now())
      console.say("Set \(entry.key) in the namespace \(entry.namespace).")
    }
  }
}
