import ArgumentParser
import Engine
import Planning
import ProviderKit
import Rendering
import WorkloadSpec

/// `berth logs`: prints what services wrote.
struct LogsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "logs",
    abstract: "Print what services wrote.",
    discussion: """
      Examples:
        berth logs web
        berth logs web --service clock --follow
        berth logs web --since 10m --tail 100
      """)

  @Argument(help: "The workload.")
  var workload: String

  @OptionGroup var selection: TargetSelection

  @Option(help: ArgumentHelp("Only this service; repeat it for more.", valueName: "name"))
  var service: [String] = []

  @Option(help: ArgumentHelp("Only this instance, by its number; repeat it for more.", valueName: "number"))
  var instance: [Int] = []

  @Flag(name: .long, help: "Go on with new lines until interrupted.")
  var follow = false

  @Option(help: ArgumentHelp("Only lines of the last while: 30s, 10m, 2h.", valueName: "duration"))
  var since: String?

  @Option(help: ArgumentHelp("Only the last so many lines of each service.", valueName: "number"))
  var tail: Int?

  @Flag(help: "Show when each line was written.")
  var timestamps = false

  func validate() throws {
    if let since, SpecDuration(since) == nil {
      throw ValidationError(
        "--since takes a length of time with its unit, such as 10m, and this is '\(since)'.")
    }
    if let tail, tail < 0 { throw ValidationError("--tail takes 0 or more.") }
  }

  func run() async throws {
    try await reporting { console in
      let target = try await selection.resolve()
      let key = try target.key(workload)
      let observation = try await target.reader.observe(key)
      guard !observation.instances.isEmpty else { throw UnknownWorkload.error(key, on: target) }
      let known = Set(observation.instances.flatMap { $0.services.map(\.name) })
      for name in service where !known.contains(name) {
        throw DiagnosticError(
          Diagnostic(
            .unknownService, "`\(key.name)` has no service `\(name)`",
            help: Suggestion.help(for: name, among: known.sorted())
              ?? "it has \(known.sorted().map { "`\($0)`" }.joined(separator: ", "))"))
      }
      let instances = observation.instances.map(\.id).filter { instance.contains($0.ordinal) }
      if !instance.isEmpty, instances.isEmpty {
        let numbers = observation.instances.map { "\($0.id.ordinal)" }.joined(separator: ", ")
        throw DiagnosticError(
          Diagnostic(
            .unknownWorkload, "`\(key.name)` has no such instance", help: "its instances are \(numbers)"))
      }
      let query = LogQuery(
        services: Set(service), instances: Set(instances),
        since: since.flatMap { SpecDuration($0) }.map {
          EngineEnvironment.live.now() + .milliseconds(-$0.milliseconds)
        },
        tail: tail, follow: follow)
      let text = LogText(
        services: observation.instances.flatMap { instance in
          instance.services.filter { service.isEmpty || service.contains($0.name) }.map {
            (instance.id, $0.name)
          }
        }, style: console.style)
      for try await line in target.reader.logs(of: key, matching: query) {
        console.write(
          text.line(line.text, of: line.service, in: line.instance, at: timestamps ? line.at : nil))
      }
    }
  }
}
