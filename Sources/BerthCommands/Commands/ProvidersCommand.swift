import ArgumentParser
import ProviderKit
import Rendering
import WorkloadSpec

/// `berth providers`: shows the targets, how their engines are, and what each kind of provider can do.
struct ProvidersCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "providers",
    abstract: "Show the targets, whether their engines answer, and what each provider can do.",
    discussion: """
      Examples:
        berth providers
        berth providers --target prod --format json

      All targets are asked at the same time, and each has five seconds to answer. Exit status 1 if one of them \
      is not healthy.
      """)

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("Ask only this target, as berth.yaml names it.", valueName: "name"))
  var target: String?

  @OptionGroup var configuration: ConfigurationOption

  @Option(help: ArgumentHelp("How to print: text, json.", valueName: "format"))
  var format = TextOrJSON.text

  func run() async throws {
    try await reporting { console in
      let configuration = try configuration.load()
      let names = target.map { [$0] } ?? configuration.targetNames
      let targets = try await TargetProbe().ask(names, of: configuration)
      let providers = Providers.registry.list.map(Self.describe)
      switch format {
      case .text: console.write(ProvidersText.render(targets, providers: providers, style: console.style))
      case .json: console.write(ProvidersJSON.render(targets, providers: providers))
      }
      if targets.contains(where: { $0.health != .healthy }) { throw ExitCode.failure }
    }
  }

  /// What a kind of provider can do. One that can't be made without options tells nothing of itself.
  private static func describe(_ entry: ProviderRegistry.Entry) -> KnownProvider {
    let provider = try? entry.make(TargetOptions(name: entry.name))
    return KnownProvider(
      name: entry.name, summary: entry.summary,
      capabilities: (provider?.capabilities(on: EngineFacts()) ?? []).sorted().map(\.rawValue),
      options: entry.options.description.fields.map(\.name))
  }
}
