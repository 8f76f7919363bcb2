import ArgumentParser
import Engine
import Planning

/// `berth scale`: changes the number of instances.
struct ScaleCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scale",
    abstract: "Change the number of instances, and record a release.",
    discussion: """
      Example:
        berth scale web --replicas 3

      The next apply of a spec that sets `replicas` wins over the number. Persistent volumes of a stateful set \
      are kept when it shrinks, and used again when it grows.
      """)

  @Argument(help: "The workload.", completion: .workloads)
  var workload: String

  @Option(help: ArgumentHelp("How many instances there shall be.", valueName: "number"))
  var replicas: Int

  @OptionGroup var selection: TargetSelection
  @OptionGroup var options: RunOptions

  func validate() throws {
    if !(0...10_000).contains(replicas) {
      throw ValidationError("invalid value '\(replicas)' for --replicas: expected 0 to 10000")
    }
  }

  func run() async throws {
    try await reporting { console in
      try await OperatorRun(workload: workload, selection: selection, options: options)
        .reach(.scale(replicas), verb: "Scale", console)
    }
  }
}
