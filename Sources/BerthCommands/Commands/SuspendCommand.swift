import ArgumentParser
import Engine
import Planning

/// `berth suspend`: lets nothing change a workload for a while.
struct SuspendCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "suspend",
    abstract: "Refuse to apply, roll back and scale a workload, until it is unsuspended.",
    discussion: """
      Example:
        berth suspend web --reason "moving the database"

      Each refusal shows the reason. The services of the workload go on running.
      """)

  @Argument(help: "The workload.", completion: .workloads)
  var workload: String

  @Option(help: ArgumentHelp("Why: each refusal shows it.", valueName: "text"))
  var reason: String

  @OptionGroup var selection: TargetSelection
  @OptionGroup var options: RunOptions

  func validate() throws {
    if reason.allSatisfy(\.isWhitespace) {
      throw ValidationError("invalid value '\(reason)' for --reason: expected a few words")
    }
  }

  func run() async throws {
    try await reporting { console in
      try await OperatorRun(workload: workload, selection: selection, options: options)
        .reach(.operation(.suspend(EngineEnvironment.live.suspension(reason))), verb: "Suspend", console)
    }
  }
}
