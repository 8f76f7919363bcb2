import ArgumentParser
import Engine
import Planning

/// `berth start`: starts what was stopped.
struct StartCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "start",
    abstract: "Start stopped services, as the last release has them.",
    discussion: """
      Examples:
        berth start web
        berth start web --service clock

      Of a workload that was stopped as a whole, one service can be started alone; the others stay stopped.
      """)

  @Argument(help: "The workload.", completion: .workloads)
  var workload: String

  @OptionGroup var scope: ScopeOptions
  @OptionGroup var selection: TargetSelection
  @OptionGroup var options: RunOptions

  func run() async throws {
    try await reporting { console in
      try await OperatorRun(workload: workload, selection: selection, options: options)
        .reach(.operation(.start(scope.scope)), verb: "Start", console)
    }
  }
}
