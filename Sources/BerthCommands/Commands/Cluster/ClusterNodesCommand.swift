import ArgumentParser
import Rendering

/// `berth cluster nodes`: shows the nodes of a cluster.
struct ClusterNodesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "nodes",
    abstract: "Show the nodes of a cluster: role, state, addresses.",
    discussion: """
      Examples:
        berth cluster nodes dev
        berth cluster nodes dev --format json

      Roles are control-plane, worker, load-balancer and registry; JSON has the scheme's own word as well, and \
      the engine's own state.
      """)

  @OptionGroup var selection: ClusterSelection

  @Option(help: ArgumentHelp("How to print: text, json.", valueName: "format"))
  var format = TextOrJSON.text

  func run() async throws {
    try await reporting { console in
      let (target, cluster) = try await selection.resolve()
      try cluster.requireNodes(on: target.name)
      switch format {
      case .text: console.write(NodeListText.render(cluster, style: console.style))
      case .json: console.write(ClusterJSON.nodes(cluster, on: target.name))
      }
    }
  }
}
