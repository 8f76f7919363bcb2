import ArgumentParser
import Engine
import Rendering

/// `berth secret list`: shows what is in the vault, without the values.
struct SecretListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the keys of a namespace in the vault, and when each was set; never a value.",
    discussion: """
      Examples:
        berth secret list
        berth secret list -n staging --format json
      """)

  @OptionGroup var selection: NamespaceSelection

  @Option(help: ArgumentHelp("How to print: text, json.", valueName: "format"))
  var format = TextOrJSON.text

  func run() async throws {
    try await reporting { console in
      let namespace = try selection.resolve()
      let secrets = try Vaults.local.entries(in: namespace).map {
        ListedSecret(key: $0.name.key, version: $0.version, setAt: $0.setAt)
      }
      switch format {
      case .text:
        console.write(SecretListText.render(secrets, now: EngineEnvironment.live.now(), style: console.style))
      case .json: console.write(SecretListJSON.render(secrets, namespace: namespace))
      }
    }
  }
}
