import ArgumentParser
import Engine
import Planning
import ProviderKit
import Rendering
import WorkloadSpec

/// `berth status`: shows the live instances and services.
struct StatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show each live instance and service: state, restarts and addresses.",
    discussion: """
      Examples:
        berth status web
        berth status web --format json
        berth status web --watch

      With --watch, a terminal shows it in place; elsewhere, what is seen is printed whenever it changed: as text \
      with the time above it, or as one line of JSON. An interrupt ends it with exit status 0.
      """)

  @Argument(help: "The workload.", completion: .workloads)
  var workload: String

  @OptionGroup var selection: TargetSelection

  @OptionGroup var watch: WatchOptions

  @Option(help: ArgumentHelp("How to print: text, json.", valueName: "format"))
  var format = TextOrJSON.text

  func run() async throws {
    try await reporting { console in
      let target = try selection.begin()
      let key = try target.key(workload)
      if watch.watch {
        try await target.reached()
        try await Watch(options: watch, format: format, console: console).run {
          let status = try await Self.look(at: key, on: target)
          return Watch.Look(text: text(of: status, console), json: StatusJSON.line(status))
        }
      } else {
        let status = try await target.looking { try await Self.look(at: key, on: target) }
        console.write(format == .text ? text(of: status, console) : StatusJSON.render(status))
      }
    }
  }

  private func text(of status: WorkloadStatus, _ console: Console) -> String {
    StatusText.render(status, now: EngineEnvironment.live.now(), style: console.style)
  }

  private static func look(at key: WorkloadKey, on target: Target) async throws -> WorkloadStatus {
    guard let workload = try await WorkloadLister(reader: target.reader).workload(key) else {
      throw UnknownWorkload.error(key, on: target.name)
    }
    return WorkloadStatus(workload, target: target.name)
  }
}
