import ArgumentParser
import Rendering

/// `berth cluster delete`: takes a cluster away.
struct ClusterDeleteCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete",
    abstract: "Delete the nodes of a cluster, and the networks and volumes that carry its labels.",
    discussion: """
      Examples:
        berth cluster delete dev
        berth cluster delete dev --scheme kind --yes

      Asks on a terminal, and needs --yes without one. Nothing that does not carry the cluster's labels is \
      touched. A deletion that was broken off is taken up by running the same command again.
      """)

  @OptionGroup var selection: ClusterSelection
  @OptionGroup var consent: ConsentOptions
  @OptionGroup var options: ClusterRunOptions

  func run() async throws {
    try await reporting { console in
      try consent.requireConsent(to: "deleting a cluster", console)
      if options.format == .json { try consent.requireDecision(console) }
      let (target, cluster) = try await selection.resolve()
      if console.isInteractive, !consent.yes {
        guard console.confirm(ClusterChangeText.question(cluster, on: target.name)) else {
          console.writeError("Nothing was done.\n")
          return
        }
      }
      try await ClusterRun(operation: .delete, target: target, options: options).run(on: cluster, console) {
        await $0.delete($1, events: $2)
      }
    }
  }
}
