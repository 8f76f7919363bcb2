import ArgumentParser

/// `berth cluster stop`: stops the nodes of a cluster.
struct ClusterStopCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stop",
    abstract: "Stop the nodes of a cluster, control planes last.",
    discussion: """
      Examples:
        berth cluster stop dev
        berth cluster stop dev --format json

      Each node is waited for until it has stopped, and has as long for it as it was made to have. Stopped nodes \
      are left alone, and a node that fails does not keep the others from being tried. Nothing is lost.
      """)

  @OptionGroup var selection: ClusterSelection
  @OptionGroup var options: ClusterRunOptions

  func run() async throws {
    try await reporting { console in
      let (target, cluster) = try await selection.resolve()
      try cluster.requireNodes(on: target.name)
      try await ClusterRun(operation: .stop, target: target, options: options).run(on: cluster, console) {
        await $0.stop($1, events: $2)
      }
    }
  }
}
