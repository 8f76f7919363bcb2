import ArgumentParser
import Engine
import Planning

/// `berth unsuspend`: lets a workload be changed again.
struct UnsuspendCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unsuspend",
    abstract: "Let a suspended workload be changed again.",
    discussion: """
      Example:
        berth unsuspend web
      """)

  @Argument(help: "The workload.", completion: .workloads)
  var workload: String

  @OptionGroup var selection: TargetSelection
  @OptionGroup var options: RunOptions

  func run() async throws {
    try await reporting { console in
      try await OperatorRun(workload: workload, selection: selection, options: options)
        .reach(.operation(.unsuspend), verb: "Unsuspend", console)
    }
  }
}
