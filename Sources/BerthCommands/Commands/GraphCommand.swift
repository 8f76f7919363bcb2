import ArgumentParser
import Rendering

/// `berth graph`: draws what files say.
struct GraphCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "graph",
    abstract: "Draw workload files: services, the order in which they start, ports, volumes.",
    discussion: """
      Examples:
        berth graph -f workload.yaml
        berth graph -f workload.yaml --format dot > workload.dot

      An arrow leads from what starts first to what waits for it; what follows from other arrows has none of its own. Needs no \
      engine. The actions of a plan are drawn by `berth plan --format mermaid`.
      """)

  @OptionGroup var files: FileOptions
  @OptionGroup var selection: NamespaceSelection

  @Option(help: ArgumentHelp("How to print: \(GraphFormat.list).", valueName: "format"))
  var format = GraphFormat.mermaid

  func validate() throws { try files.requireFiles() }

  func run() async throws {
    try await reporting { console in
      let graph = Graph(of: try files.load(for: selection, console).map(\.workload))
      switch format {
      case .mermaid: console.write(GraphMermaid.render(graph))
      case .dot: console.write(GraphDOT.render(graph))
      }
    }
  }
}

/// How a graph can be printed.
enum GraphFormat: String, ExpressibleByArgument, CaseIterable {
  case mermaid, dot

  static let list = allCases.map(\.rawValue).joined(separator: ", ")
}
