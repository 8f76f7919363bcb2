import ArgumentParser
import Rendering

/// `berth cluster status`: shows how a cluster is.
struct ClusterStatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show how a cluster is: phase, nodes ready of all, where the API is served.",
    discussion: """
      Examples:
        berth cluster status dev
        berth cluster status dev --scheme kind --format json
      """)

  @OptionGroup var selection: ClusterSelection

  @Option(help: ArgumentHelp("How to print: text, json.", valueName: "format"))
  var format = TextOrJSON.text

  func run() async throws {
    try await reporting { console in
      let (target, cluster) = try await selection.resolve()
      switch format {
      case .text: console.write(ClusterStatusText.render(cluster, on: target.name, style: console.style))
      case .json: console.write(ClusterJSON.status(cluster, on: target.name))
      }
    }
  }
}
