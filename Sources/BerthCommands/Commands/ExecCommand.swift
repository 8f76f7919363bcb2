import ArgumentParser
import Diagnostics
import Engine
import Planning
import ProviderKit

/// `berth exec`: runs a command beside a service.
struct ExecCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "exec",
    abstract: "Run a command beside a service, in its environment and its folder.",
    discussion: """
      Examples:
        berth exec web -- sh -c 'ls -l; echo $BERTH_INSTANCE'
        berth exec web --service clock --instance 0 -- env
        echo hello | berth exec web -- tr a-z A-Z

      Without --service, it runs beside the main service; without --instance, beside the first that runs. While a \
      rollout is paused, --instance tells the new instances from the old ones. What is \
      typed and piped in goes to the command, and the exit status is the command's own, or 128 and the number of the \
      signal that ended it.

      Where standard input and output are terminals, the command gets a terminal, too, whose size follows, as a shell \
      needs it: berth exec web -- sh. What is typed, Control-C included, is then the command's affair. Otherwise an \
      interrupt ends the command. When this program goes away, the command is hung up, and then ended by force.
      """)

  @Argument(help: "The workload.", completion: .workloads)
  var workload: String

  @Option(help: ArgumentHelp("Beside this service.", valueName: "name"), completion: .services)
  var service: String?

  @Option(
    help: ArgumentHelp(
      "Beside this instance, as status names it: a number, 0_g1, or a name.", valueName: "instance"),
    completion: .instances)
  var instance: String?

  @OptionGroup var selection: TargetSelection

  @Flag(
    inversion: .prefixedNo,
    help: "Give the command a terminal, or three plain streams. (default: a terminal on a terminal)")
  var tty: Bool?

  @Argument(
    parsing: .postTerminator,
    help: ArgumentHelp("The program and its arguments, behind --.", valueName: "command"))
  var command: [String] = []

  func validate() throws {
    if command.isEmpty {
      throw ValidationError("Say what to run, behind two dashes: berth exec \(workload) -- sh")
    }
  }

  func run() async throws {
    try await reporting { console in
      let target = try await selection.resolve()
      let facts = try await target.reader.info().facts
      guard target.reader.capabilities(on: facts).contains(.exec) else {
        throw DiagnosticError(
          Diagnostic(
            .missingCapability, "the provider of `\(target.name)` lacks the capability `exec`",
            help: "`berth providers` lists what each target can do"))
      }
      let key = try target.key(workload)
      let observation = try await target.reader.observe(key)
      guard
        let place = try ServicePlace.find(service: service, instance: instance, in: observation, of: key)
      else { throw UnknownWorkload.error(key, on: target.name, given: observation) }
      let terminal = tty ?? console.isInteractive ? Self.terminalSize : nil
      let request = ExecRequest(
        key: key, instance: place.instance, service: place.service, command: command, terminal: terminal)
      let exitCode = try await Self.run(request, by: target.provider)
      if exitCode != 0 { throw ExitCode(exitCode) }
    }
  }

  private static var terminalSize: ProviderKit.TerminalSize {
    let size = Screen.size(of: 0) ?? Screen.size(of: 1)
    return TerminalSize(columns: size?.columns ?? 80, rows: size?.rows ?? 24)
  }

  /// Runs the command with this program's own streams, until it ends or a signal comes.
  private static func run(_ request: ExecRequest, by provider: any Provider) async throws -> Int32 {
    let raw = request.terminal == nil ? nil : RawTerminal()
    defer { withExtendedLifetime(raw) {} }
    let sizes = request.terminal == nil ? nil : SizeChanges()
    defer { withExtendedLifetime(sizes) {} }
    let input = StandardInput(sizes: sizes?.descriptor ?? -1)
    let work = Task {
      try await provider.exec(request, input: input) {
        try StandardOutput.put($0.bytes, to: $0.isError ? 2 : 1)
      }
    }
    let received = ReceivedSignal()
    let signals = Signals { number in
      received.set(number)
      work.cancel()
    }
    defer { withExtendedLifetime(signals) {} }
    do {
      return try await work.value
    } catch is CancellationError {
      return received.number.map { 128 + $0 } ?? 1
    } catch let error as WriteError {
      // The reader wants no more (`| head`), and that is no failure.
      if error.isReaderGone { return 0 }
      throw DiagnosticError(error.diagnostic)
    }
  }
}
