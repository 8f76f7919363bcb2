import ArgumentParser
import Diagnostics
import Rendering

/// What the program ends with. `exec` alone ends with the status of the command that it ran.
enum ExitStatus: Int32, CaseIterable {
  case success = 0
  case failure = 1
  case changes = 2
  case lockHeld = 3
  case planStale = 4
  case policyRefused = 5
  case timedOut = 6
  case usage = 64
  case hungUp = 129
  case interrupted = 130
  case terminated = 143

  /// What it means, in a few words.
  var title: String {
    switch self {
    case .success: "done, or nothing to do"
    case .failure: "something else went wrong"
    case .changes: "changes or drift, with --detailed-exitcode"
    case .lockHeld: "another run holds the lock"
    case .planStale: "the saved or expected plan is another one by now"
    case .policyRefused: "a policy does not allow it"
    case .timedOut: "not ready within --timeout"
    case .usage: "the command line is wrong"
    case .hungUp: "a hang-up (SIGHUP) came"
    case .interrupted: "an interrupt (SIGINT) came"
    case .terminated: "a termination (SIGTERM) came"
    }
  }

  /// What it means, as a sentence of Markdown.
  var meaning: String {
    switch self {
    case .success: "It is done, or there was nothing to do."
    case .failure:
      "Something else went wrong than what follows, or several workloads ended in different ways."
    case .changes:
      "There are changes (`plan --detailed-exitcode`), or there is drift (`drift --detailed-exitcode`)."
    case .lockHeld: "Another run held the lock of the workload for longer than `--lock-timeout` (E0701)."
    case .planStale: "Another plan would be carried out than the one that was saved or expected (E0706)."
    case .policyRefused: "A policy does not allow it (E0680), or not at this time (E0681)."
    case .timedOut:
      "A service (E0703), or a workload that another one depends on (E0662), was not ready within `--timeout`."
    case .usage: "The command line is wrong."
    case .hungUp: "A hang-up (SIGHUP) came before everything was done."
    case .interrupted: "An interrupt (SIGINT, Ctrl-C) came before everything was done."
    case .terminated: "A termination (SIGTERM) came before everything was done."
    }
  }

  /// What a script can do then, as a sentence of Markdown.
  var remedy: String {
    switch self {
    case .success: ""
    case .failure, .usage: "Read what standard error says."
    case .changes: "Review the plan."
    case .lockHeld: "Nothing was done: run the same command again."
    case .planStale: "Nothing was done: plan again, and have that reviewed."
    case .policyRefused: "Nothing was done: change the spec, ask for an exception, or wait for the window."
    case .timedOut: "See why with `berth status` and `berth logs`; raise `--timeout` if it only needs longer."
    case .hungUp, .interrupted, .terminated: "Run the same command again: it goes on."
    }
  }

  /// As a command throws it.
  var code: ExitCode { ExitCode(rawValue) }

  // MARK: What follows from what

  /// What follows from what went wrong: if all errors have one status, that.
  init(_ diagnostics: Diagnostics) {
    let statuses = Set(diagnostics.filter { $0.severity == .error }.map { ExitStatus($0.code) })
    self = statuses.count == 1 ? statuses.first ?? .failure : .failure
  }

  private init(_ code: DiagnosticCode) {
    switch code {
    case .lockHeld: self = .lockHeld
    case .planChanged: self = .planStale
    case .policyBroken, .outsideWindow: self = .policyRefused
    case .dependencyNotReady: self = .timedOut
    default: self = .failure
    }
  }

  /// What follows from the end of one workload, where no signal came.
  init(_ end: WorkloadEnd) {
    switch end.outcome {
    case .unchanged, .succeeded: self = .success
    case .failed: self = end.hasTimedOut ? .timedOut : .failure
    case .refused: self = ExitStatus(end.diagnostics)
    case .declined, .interrupted, .notStarted, .notBegun: self = .failure
    }
  }

  /// What follows from the ends of all workloads of a command, where no signal came: if all that went wrong by themselves have
  /// one status, that.
  init(_ ends: [WorkloadEnd]) {
    let bad = ends.filter { ExitStatus($0) != .success }
    let decisive = bad.filter { $0.outcome != .notStarted && $0.outcome != .notBegun }
    let statuses = Set(decisive.map { ExitStatus($0) })
    self = bad.isEmpty ? .success : statuses.count == 1 ? statuses.first ?? .failure : .failure
  }

  // MARK: In words

  /// The table as Markdown, ending in a line break.
  static var reference: String {
    let rows = allCases.map { "| \($0.rawValue) | \($0.meaning) | \($0.remedy) |" }
    return """
      # Exit statuses

      <!-- Made from the enumeration in the code; a test keeps it current, and another one gets each of them. -->

      | status | what it means | what to do |
      | --- | --- | --- |
      \(rows.joined(separator: "\n"))

      `berth exec` ends with the status of the command that it ran, or 128 and the number of the signal that ended that.

      With several workloads, each has a status, which its `finished` [event](events.md) tells. The program ends with it where all
      workloads that went wrong have the same, and with 1 where they differ; those that were not started because another one went
      wrong do not count. After a signal, if not everything was done, it ends with 128 and the number of the signal.

      Numbers keep their meaning from version to version. New ones may come: treat one that you do not know as 1.

      """
  }

  /// The table as lines of a help.
  static var help: String {
    allCases.map { status in
      let number = String(status.rawValue)
      return "  " + String(repeating: " ", count: 3 - number.count) + "\(number)  \(status.title)"
    }.joined(separator: "\n")
  }
}
