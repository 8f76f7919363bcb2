import ArgumentParser
import ClusterNodes
import WorkloadSpec

/// Which target's clusters a command works on, and which of them.
struct ClusterTargetOptions: ParsableArguments {
  @Option(
    name: [.short, .customLong("target")],
    help: ArgumentHelp("The target, as berth.yaml names it.", valueName: "name"), completion: .targets)
  var target: String?

  @Option(
    help: ArgumentHelp(
      "Only clusters of this scheme. One of: \(NodeScheme.all.map(\.name).joined(separator: ", ")).",
      valueName: "scheme"))
  var scheme: String?

  @OptionGroup var configuration: ConfigurationOption
}

/// Which cluster a command works on.
struct ClusterSelection: ParsableArguments {
  @Argument(help: "The cluster.")
  var cluster: String

  @OptionGroup var options: ClusterTargetOptions

  /// Looks for the cluster, and asks its target.
  ///
  /// - Throws: `DiagnosticError` if the target can't be asked or has no such cluster, if there is no such scheme, or if
  ///   more than one cluster could be meant.
  func resolve() async throws -> (target: NodeTarget, cluster: Cluster) {
    let choice = try ClusterChoice(name: cluster, scheme: options.scheme)
    let target = try NodeTarget.find(options.target, in: try options.configuration.load())
    return (target, try choice.find(in: try await target.clusters(), on: target.name))
  }
}
