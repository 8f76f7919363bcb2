import ArgumentParser
import Diagnostics
import Engine
import WorkloadSpec

/// How a run is agreed to.
struct ConsentOptions: ParsableArguments {
  @Flag(name: [.short, .long], help: "Go ahead without asking.")
  var yes = false

  /// Refuses to go on without a terminal to ask on, unless `--yes` is given.
  func requireConsent(to what: String, _ console: Console) throws {
    guard !yes, !console.isInteractive else { return }
    throw DiagnosticError(
      Diagnostic(
        .confirmationNeeded, "\(what) needs consent, and there is no terminal to ask on",
        help: "add `--yes` if it is meant"))
  }

  /// Refuses to go on where a question would stand in the middle of the JSON that a program reads.
  func requireDecision(_ console: Console) throws {
    guard console.isInteractive, !yes else { return }
    throw DiagnosticError(
      Diagnostic(
        .confirmationNeeded, "with `--format json`, berth can't ask for consent",
        help: "add `--yes` if it is meant"))
  }
}

/// How a run goes.
struct RunOptions: ParsableArguments {
  @OptionGroup var consent: ConsentOptions
  @OptionGroup var policies: PolicySource
  @OptionGroup var policyOverride: PolicyOverrideOption

  @Option(help: ArgumentHelp("How long a service may take to become ready.", valueName: "duration"))
  var timeout = "2m"

  @Option(help: ArgumentHelp("How long to wait for another run of the same workload.", valueName: "duration"))
  var lockTimeout = "30s"

  @Option(
    help: ArgumentHelp("How many actions may go on at once, of all workloads together.", valueName: "number"))
  var parallelism = 20

  @Option(help: ArgumentHelp("How to print: text, json (the events, a line for each).", valueName: "format"))
  var format = TextOrJSON.text

  func validate() throws {
    for (name, value) in [("--timeout", timeout), ("--lock-timeout", lockTimeout)]
    where SpecDuration(value) == nil {
      throw ValidationError(
        "invalid value '\(value)' for \(name): expected a length of time with its unit, such as 90s")
    }
    if parallelism < 1 {
      throw ValidationError("invalid value '\(parallelism)' for --parallelism: expected 1 or more")
    }
  }

  /// The options as the engine takes them.
  func engineOptions(atomic: Bool = false) -> EngineOptions {
    var options = EngineOptions()
    options.timeout = SpecDuration(timeout)?.duration ?? options.timeout
    options.lockTimeout = SpecDuration(lockTimeout)?.duration ?? options.lockTimeout
    options.parallelism = parallelism
    options.atomic = atomic
    return options
  }
}
