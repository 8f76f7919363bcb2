import ArgumentParser
import Engine
import Planning
import ProviderKit
import Rendering
import WorkloadSpec

/// `berth history`: lists releases.
struct HistoryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "List a workload's releases: when, who, from which commit, and what changed.",
    discussion: """
      Examples:
        berth history web
        berth history web --format json
      """)

  @Argument(help: "The workload.", completion: .pastWorkloads)
  var workload: String

  @OptionGroup var selection: TargetSelection

  @Option(help: ArgumentHelp("How many releases at most.", valueName: "number"))
  var limit = 20

  @Option(help: ArgumentHelp("How to print: text, json.", valueName: "format"))
  var format = TextOrJSON.text

  func validate() throws {
    if limit < 1 { throw ValidationError("invalid value '\(limit)' for --limit: expected 1 or more") }
  }

  func run() async throws {
    try await reporting { console in
      let target = try selection.begin()
      let key = try target.key(workload)
      let (history, limit) = (target.reader.history, limit)
      let (all, runs) = try await target.looking {
        // One more than is shown: the last one shown is compared with it.
        async let releases = history.releases(of: key, before: nil, limit: limit + 1)
        return (try await releases, try await history.runs(of: key, limit: limit))
      }
      let releases = Array(all.prefix(limit))
      let older = all.count > limit ? all.last : nil
      let active = releases.first.flatMap { $0.snapshot == nil ? nil : $0.number }
      guard !releases.isEmpty || !runs.isEmpty else { throw UnknownWorkload.error(key, on: target.name) }
      switch format {
      case .text:
        console.write(
          HistoryText.render(
            releases, older: older, runs: runs, active: active,
            operatorState: try await history.head(of: key).operatorState, on: Providers.registry.engines,
            now: EngineEnvironment.live.now(), style: console.style))
      case .json:
        console.write(
          HistoryJSON.render(releases, older: older, active: active, on: Providers.registry.engines))
      }
    }
  }
}
