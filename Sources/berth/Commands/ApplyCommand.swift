import ArgumentParser
import Engine
import Planning
import Rendering
import WorkloadSpec

/// `berth apply`: makes what lives what the files say.
struct ApplyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply",
    abstract: "Make what lives what the files say, and record a release.",
    discussion: """
      Examples:
        berth apply -f workload.yaml
        berth apply -f base.yaml -f prod.yaml --target prod --yes
        berth apply -f workload.yaml --service api

      On a terminal the plan is shown and asked about; without one, or with --yes, it goes ahead. If an action
      fails, nothing further starts, the release does not move, and the exit status is 1.
      """)

  @OptionGroup var files: FileOptions
  @OptionGroup var selection: TargetSelection
  @OptionGroup var options: RunOptions

  @Option(help: ArgumentHelp("Apply only this service; repeat it for more.", valueName: "name"))
  var service: [String] = []

  @Flag(help: "Go back to the last release if an action fails.")
  var atomic = false

  func run() async throws {
    try await reporting { console in
      let target = try selection.resolve()
      let loaded = try files.load(console)
      let requests = try Requests.apply(loaded.map(\.workload), services: service, on: target)
      let runner = Runner(
        target: target, options: options.engineOptions(atomic: atomic), approval: options.consent,
        console: console)
      try await runner.run(zip(requests, loaded).map { ($0, SpecProvenance.of($1)) }, verb: "Apply")
    }
  }
}
