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

      Services that depend on others stop first; a stateful set stops from its last instance to its first. \
      Stopped services stay stopped: apply and rollback change them where they differ and do not start them.
      """)

  @Argument(help: "The workload.", completion: .workloads)
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
