import ArgumentParser
import ClusterNodes
import Diagnostics
import Engine
import Rendering

/// `berth cluster list`: shows the clusters of a target.
struct ClusterListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List clusters: scheme, phase, nodes ready of all, where the API is served.",
    discussion: """
      Examples:
        berth cluster list
        berth cluster list --all-targets --format json

      A cluster is running if all of its nodes are ready, stopped if none of them runs, else degraded; unknown \
      if not all of it could be asked. A target that can't be asked is an error and keeps no other from being \
      shown.
      """)

  @OptionGroup var options: ClusterTargetOptions

  @Flag(help: "The clusters of every target that keeps some.")
  var allTargets = false

  @Option(help: ArgumentHelp("How to print: text, json.", valueName: "format"))
  var format = TextOrJSON.text

  func validate() throws {
    if allTargets, options.target != nil {
      throw ValidationError("--target and --all-targets contradict each other.")
    }
  }

  func run() async throws {
    try await reporting { console in
      if let scheme = options.scheme { try ClusterChoice.check(scheme) }
      let configuration = try options.configuration.load()
      let targets =
        allTargets
        ? try NodeTarget.all(in: configuration)
        : [try NodeTarget.find(options.target, in: configuration)]
      let answers = try await targets.concurrentMap(atOnce: targets.count) {
        [scheme = options.scheme] target in
        await catching { try await Self.ask(target, scheme) }
      }.map { try $0.get() }
      let problems = answers.compactMap(\.problem)
      switch format {
      case .text:
        console.write(ClusterListText.render(answers, showsTargets: allTargets, style: console.style))
      case .json: console.write(ClusterJSON.list(answers))
      }
      if !problems.isEmpty { throw DiagnosticError(Diagnostics(problems)) }
    }
  }

  private static func ask(_ target: NodeTarget, _ scheme: String?) async throws -> TargetClusters {
    do {
      let clusters = try await target.clusters().filter { scheme == nil || $0.id.scheme == scheme }
      return TargetClusters(target: target.name, clusters: clusters)
    } catch let error as DiagnosticError {
      guard let problem = error.diagnostics.first else { throw error }
      return TargetClusters(target: target.name, problem: problem)
    }
  }
}
