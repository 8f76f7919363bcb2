import ArgumentParser

/// `berth cluster`: looks after the nodes of development clusters.
struct ClusterCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cluster",
    abstract: "Look after clusters whose nodes are containers: kind, k3d, Talos, vcluster, kwok.",
    discussion: """
      Examples:
        berth cluster list
        berth cluster stop dev

      It works on the nodes, whatever made them, and makes none itself. Without -t the target is berth.yaml's \
      default if that keeps clusters, or else the only one that does; where berth.yaml names none, it is the \
      engine that the docker client would use, and is called `docker`.
      """,
    subcommands: [
      ClusterListCommand.self, ClusterStatusCommand.self, ClusterNodesCommand.self, ClusterStartCommand.self,
      ClusterStopCommand.self, ClusterDeleteCommand.self,
    ])
}
