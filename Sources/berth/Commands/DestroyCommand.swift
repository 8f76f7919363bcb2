import ArgumentParser
import Engine

/// `berth destroy`: takes a workload away.
struct DestroyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "destroy",
    abstract: "Stop and delete a workload; its volumes are kept.",
    discussion: """
      Examples:
        berth destroy web
        berth destroy web --volumes --yes

      Asks on a terminal, and needs --yes without one. The history stays, and numbering goes on: `berth \
      rollback web --to 4` brings release 4 back.
      """)

  @Argument(help: "The workload.")
  var workload: String

  @Flag(help: "Delete its volumes, too. What they hold is lost.")
  var volumes = false

  @OptionGroup var selection: TargetSelection
  @OptionGroup var options: RunOptions

  func run() async throws {
    try await reporting { console in
      try options.consent.requireConsent(to: "deleting a workload", console)
      let target = try await selection.resolve()
      let key = try target.key(workload)
      try await UnknownWorkload.check(key, on: target)
      let request = PlanRequest(key: key, goal: .destroy(volumes: volumes))
      let runner = Runner(
        target: target, options: options.engineOptions(), approval: options.consent, console: console,
        format: options.format)
      try await runner.run([RunRequest(request)], verb: "Destroy")
    }
  }
}
