import ArgumentParser
import Engine
import Planning

/// `berth stop`: stops services, and keeps them so.
struct StopCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stop",
    abstract: "Stop a workload, and keep it stopped until it is started.",
    discussion: """
      Examples:
        berth stop web
        berth stop web --service clock
        berth stop web --instance 1

      What depends on others stops first; a stateful set stops from its last instance to its first. What is \
      stopped stays so: apply and rollback change it where it differs and do not start it.
      """)

  @Argument(help: "The workload.")
  var workload: String

  @OptionGroup var scope: ScopeOptions
  @OptionGroup var selection: TargetSelection
  @OptionGroup var options: RunOptions

  func run() async throws {
    try await reporting { console in
      try await OperatorRun(workload: workload, selection: selection, options: options)
        .reach(.operation(.stop(scope.scope)), verb: "Stop", console)
    }
  }
}
