import ArgumentParser
import Engine

/// `berth rollback`: goes back to an earlier release.
struct RollbackCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rollback",
    abstract: "Go back to an earlier release, by the same plan and apply.",
    discussion: """
      Examples:
        berth rollback web
        berth rollback web --to 4
        berth rollback web --policies policies/ --override-policy 'the shop is down'

      Without --to it means the current release if the last run failed, else the one before it. Volumes are \
      never rolled back, and secrets keep today's values. Services of role before do not run on the way back \
      unless --run-before is given. The pipeline will apply git's state again at its \
      next run: revert there, too.

      A rollback is held to policies as an apply is. In an emergency --override-policy goes ahead, but for \
      policies that say `override: never`; berth history shows the reason.
      """)

  @Argument(help: "The workload.", completion: .pastWorkloads)
  var workload: String

  @Option(
    help: ArgumentHelp("The release to go back to; `berth history` lists them.", valueName: "number"),
    completion: .releases)
  var to: Int?

  @Flag(help: "Run the services of role before, as that release has them, before anything goes back.")
  var runBefore = false

  @OptionGroup var selection: TargetSelection
  @OptionGroup var options: RunOptions

  func run() async throws {
    try await reporting { console in
      let target = try await selection.resolve(policies: options.policies)
      let request = WorkloadRequest(key: try target.key(workload), goal: .release(to), runsBefore: runBefore)
      try await Runner(target: target, options: options, console: console).run([request], verb: "Roll back")
      console.writeError("The pipeline will apply git's state again: revert the change there, too.\n")
    }
  }
}
