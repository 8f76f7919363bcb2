import ArgumentParser
import Engine
import Planning
import ProviderKit
import Rendering
import Synchronization
import Values
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
        berth logs shop --service migrate
        berth logs web --since 10m --tail 100
        berth logs web --format json

      What a service wrote is printed byte by byte, behind the instance and the service that it comes from. On a \
      terminal and in the log of a pipeline, control characters and what is no UTF-8 are shown as escapes, unless --raw is \
      given. A line may be of \
      any length; of one longer than 1 MiB, the lines of other services may come between two parts, and … then stands \
      where it is broken off and where it goes on.

      What a service of role before wrote is kept until it runs again; its instance is called before.

      With --follow, it goes on with new lines, also those of instances that are replaced, stopped and started, until it \
      is interrupted, the workload is destroyed, or a release has none of the services that are named.

      With --format json, each line is an object: instance, service, at, stream (stdout or stderr) and text; bytes, in \
      base64, instead of text if the line is no UTF-8; goesOn, if it is a part of a line longer than 1 MiB.
      """)

  @Argument(help: "The workload.", completion: .workloads)
  var workload: String

  @OptionGroup var selection: TargetSelection

  @Option(
    help: ArgumentHelp("Only this service; repeat it for more.", valueName: "name"), completion: .services)
  var service: [String] = []

  @Option(
    help: ArgumentHelp(
      "Only this instance, by its number or name; repeat it for more.", valueName: "instance"),
    completion: .instances)
  var instance: [String] = []

  @Flag(name: .long, help: "Go on with new lines until interrupted, or until the workload is destroyed.")
  var follow = false

  @Option(help: ArgumentHelp("Only lines of the last while: 30s, 10m, 2h.", valueName: "duration"))
  var since: String?

  @Option(help: ArgumentHelp("Only the last so many lines of each service.", valueName: "number"))
  var tail: Int?

  @Flag(help: "Show when each line was written.")
  var timestamps = false

  @Flag(
    help:
      "Pass everything on byte by byte on a terminal and in a pipeline, too: what services wrote can then command it."
  )
  var raw = false

  @Option(help: ArgumentHelp("How to print: text, json.", valueName: "format"))
  var format = TextOrJSON.text

  func validate() throws {
    if let since, SpecDuration(since) == nil {
      throw ValidationError(
        "invalid value '\(since)' for --since: expected a length of time with its unit, such as 10m")
    }
    if let tail, tail < 0 { throw ValidationError("invalid value '\(tail)' for --tail: expected 0 or more") }
  }

  func run() async throws {
    try await reporting { console in
      let target = try await selection.resolve()
      let key = try target.key(workload)
      let chosen = try await chooseServices(of: key, on: target)
      let query = LogQuery(
        services: Set(service), instances: Set(instance),
        since: since.flatMap { SpecDuration($0) }.map {
          EngineEnvironment.live.now() + .milliseconds(-$0.milliseconds)
        },
        tail: tail, follow: follow)
      let printer = Mutex(LogPrinter(command: self, services: chosen, console))
      if follow {
        try await FollowedWorkload(key, reader: target.reader).follow(query) { line in
          printer.withLock { $0.show(line) }
        }
      } else {
        for try await line in target.reader.logs(of: key, matching: query) {
          printer.withLock { $0.show(line) }
        }
      }
      printer.withLock { $0.finish() }
    }
  }

  /// The services whose lines are expected at first, once it is sure that what was asked for can be there.
  private func chooseServices(
    of key: WorkloadKey, on target: Target
  ) async throws -> [(instance: InstanceID, service: String)] {
    let observation = try await target.reader.observe(key)
    let snapshot = try await target.reader.history.lastRelease(of: key)?.snapshot
    // A workload that is scaled to nothing is there.
    guard snapshot != nil || !observation.places.isEmpty else {
      throw UnknownWorkload.error(key, on: target.name, given: observation)
    }
    try WorkloadParts(of: key, live: observation.places, release: snapshot)
      .check(services: service, instances: instance)
    let instances = observation.places.filter { live in
      instance.isEmpty || instance.contains { live.id.isMeant(by: $0) }
    }
    return instances.flatMap { instance in
      instance.services.map(\.name).filter { service.isEmpty || service.contains($0) }.map {
        (instance.id, $0)
      }
    }
  }
}

/// Prints lines as the flags of the command say.
private struct LogPrinter: Sendable {
  private let console: Console
  private let format: TextOrJSON
  private let timestamps: Bool
  private let isRaw: Bool
  private var text: LogText
  /// What was written to the log of a job.
  private var jobLog = PipelineText()

  init(command: LogsCommand, services: [(instance: InstanceID, service: String)], _ console: Console) {
    self.console = console
    format = command.format
    timestamps = command.timestamps
    isRaw = command.raw
    text = LogText(
      services: services, style: console.style,
      form: (console.isTerminal || console.log != nil) && !command.raw ? .safe : .exact)
  }

  mutating func show(_ line: LogLine) {
    let origin = LogOrigin(line.instance, line.service, isError: line.isError)
    switch format {
    case .json: console.write(LogJSON.line(line.bytes, from: origin, at: line.at, goesOn: line.goesOn))
    case .text: pass(text.add(line.bytes, from: origin, at: timestamps ? line.at : nil, goesOn: line.goesOn))
    }
  }

  /// Ends the last line.
  mutating func finish() { pass(text.finish()) }

  private mutating func pass(_ bytes: [UInt8]) {
    if console.log == nil || isRaw {
      console.pass(bytes)
    } else {
      console.pass(Array(jobLog.guarded(String(decoding: bytes, as: UTF8.self)).utf8))
    }
  }
}
