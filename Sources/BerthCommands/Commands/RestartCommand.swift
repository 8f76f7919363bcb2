import ArgumentParser
import Engine
import Planning

/// `berth restart`: stops and starts services.
struct RestartCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restart",
    abstract: "Stop and start services in order, as the strategy allows.",
    discussion: """
      Examples:
        berth restart web
        berth restart web --service clock --timeout 30s

      Instances follow each other as the strategy of the workload says. Inits do not run again, and stopped \
      services stay stopped. Services get the new values of changed secrets.
      """)

  @Argument(help: "The workload.", completion: .workloads)
  var workload: String

  @OptionGroup var scope: ScopeOptions
  @OptionGroup var selection: TargetSelection
  @OptionGroup var options: RunOptions

  func run() async throws {
    try await reporting { console in
      try await OperatorRun(workload: workload, selection: selection, options: options)
        .reach(.operation(.restart(scope.scope)), verb: "Restart", console)
    }
  }
}
