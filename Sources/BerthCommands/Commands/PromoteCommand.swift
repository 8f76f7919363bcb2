import ArgumentParser
import Engine
import Planning

/// `berth promote`: finishes a paused rollout.
struct PromoteCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "promote",
    abstract: "Finish a paused rollout: the old instances go, and the release is recorded.",
    discussion: """
      Example:
        berth promote canary

      The rest of the instances follow as the strategy of the workload says. A run that fails or is interrupted \
      leaves the rollout paused, and the same command goes on.
      """)

  @Argument(help: "The workload.", completion: .workloads)
  var workload: String

  @OptionGroup var selection: TargetSelection
  @OptionGroup var options: RunOptions

  func run() async throws {
    try await reporting { console in
      try await OperatorRun(workload: workload, selection: selection, options: options)
        .reach(.promote, verb: "Promote", console)
    }
  }
}
