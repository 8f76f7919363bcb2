import ArgumentParser
import Engine
import Planning

/// `berth abort`: takes a paused rollout back.
struct AbortCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "abort",
    abstract: "Take a paused rollout back: the new instances go, and the release stays.",
    discussion: """
      Example:
        berth abort canary

      Missing instances of the release come back first, so that nothing is interrupted.
      """)

  @Argument(help: "The workload.", completion: .workloads)
  var workload: String

  @OptionGroup var selection: TargetSelection
  @OptionGroup var options: RunOptions

  func run() async throws {
    try await reporting { console in
      try await OperatorRun(workload: workload, selection: selection, options: options)
        .reach(.abort, verb: "Abort", console)
    }
  }
}
