import ArgumentParser
import Engine
import Planning
import Rendering

/// `berth usage`: shows what services use of their machine.
struct UsageCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "usage",
    abstract: "Show what services use: processors, memory, open files, processes.",
    discussion: """
      Examples:
        berth usage
        berth usage web
        berth usage web --watch --interval 1s

      100% is one processor. Without a name, every workload of the namespace is shown. With --watch, a terminal shows \
      it in place; elsewhere, each look is printed: as text with the time above it, or as one line of JSON. An \
      interrupt ends it with exit status 0.
      """)

  @Argument(help: "The workloads; without any, all of the namespace.", completion: .workloads)
  var workloads: [String] = []

  @OptionGroup var selection: TargetSelection

  @OptionGroup var watch: WatchOptions

  @Option(help: ArgumentHelp("How to print: text, json.", valueName: "format"))
  var format = TextOrJSON.text

  func run() async throws {
    try await reporting { console in
      let target = try await selection.resolve()
      var sampler = UsageSampler(try await keys(on: target), reader: target.reader)
      if watch.watch {
        try await Watch(options: watch, format: format, console: console).run {
          let rows = try await sampler.look()
          return Watch.Look(text: UsageText.render(rows, style: console.style), json: UsageJSON.line(rows))
        }
      } else {
        let rows = try await sampler.look()
        console.write(
          format == .text ? UsageText.render(rows, style: console.style) : UsageJSON.render(rows))
      }
    }
  }

  private func keys(on target: Target) async throws -> [WorkloadKey] {
    guard !workloads.isEmpty else {
      return try await target.reader.history.workloads(in: target.namespace)
    }
    let keys = Set(try workloads.map { try target.key($0) }).sorted()
    for key in keys { try await target.requireKnown(key) }
    return keys
  }
}
