import ArgumentParser

/// `berth cluster start`: starts the nodes of a cluster.
struct ClusterStartCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "start",
    abstract: "Start the nodes of a cluster, control planes first.",
    discussion: """
      Examples:
        berth cluster start dev
        berth cluster start dev --timeout 5m

      Each node is waited for until it runs; running nodes are left alone, and a node that fails does not keep \
      the others from being tried. Nodes of kind and Talos that the engine gave other addresses than they had \
      are named.
      """)

  @OptionGroup var selection: ClusterSelection
  @OptionGroup var options: ClusterRunOptions

  func run() async throws {
    try await reporting { console in
      let (target, cluster) = try await selection.resolve()
      try cluster.requireNodes(on: target.name)
      try await ClusterRun(operation: .start, target: target, options: options).run(on: cluster, console) {
        await $0.start($1, events: $2)
      }
    }
  }
}
