import ArgumentParser

/// `berth import`: turns what other tools have into specs.
struct ImportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Turn files of other tools into workload specs.",
    discussion: """
      Examples:
        berth import compose compose.yaml > workload.yaml
        berth import kubernetes manifests.yaml > workloads.yaml
      """,
    subcommands: [ImportComposeCommand.self, ImportKubernetesCommand.self])
}
