import ArgumentParser
import Engine
import Planning
import ProviderKit
import Rendering
import WorkloadSpec

/// `berth status`: shows what lives.
struct StatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show what lives: each instance and service, its state, restarts and addresses.",
    discussion: """
      Examples:
        berth status web
        berth status web --format json
      """)

  @Argument(help: "The workload.")
  var workload: String

  @OptionGroup var selection: TargetSelection

  @Option(help: ArgumentHelp("How to print: text, json.", valueName: "format"))
  var format = TextOrJSON.text

  func run() async throws {
    try await reporting { console in
      let target = try selection.resolve()
      let key = try target.key(workload)
      let observation = try await target.reader.observe(key)
      let release = try await target.reader.history.lastRelease(of: key)
      let run = try await target.reader.history.runs(of: key, limit: 1).first
      guard release != nil || run != nil || !observation.instances.isEmpty else {
        throw UnknownWorkload.error(key, on: target)
      }
      let status = WorkloadStatus(
        key: key, target: target.name, observation: observation,
        release: release?.snapshot == nil ? nil : release, lastRun: run,
        operatorState: try await target.reader.history.operatorState(of: key))
      switch format {
      case .text:
        console.write(StatusText.render(status, now: EngineEnvironment.live.now(), style: console.style))
      case .json: console.write(StatusJSON.render(status))
      }
    }
  }
}
