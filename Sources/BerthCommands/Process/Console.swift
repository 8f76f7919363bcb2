import ArgumentParser
import Diagnostics
import Engine
import Foundation
import Planning
import ProviderKit
import Rendering

/// The terminal or pipe that the program talks through: results to standard output, the rest to standard
/// error.
struct Console: Sendable {
  /// How standard output is written.
  let style: TextStyle
  /// How standard error is written.
  let errorStyle: TextStyle
  /// Whether a person is there to answer questions.
  let isInteractive: Bool
  /// Whether standard output is a terminal.
  let isTerminal: Bool
  /// Standard output, if it is a terminal that can draw in place.
  let screen: Screen?
  /// The log of the pipeline's job that the program is part of; `nil` where no CI system is known.
  let job: PipelineLog?
  /// The same, if standard output goes there; `nil` for a file.
  let log: PipelineLog?
  /// Whether to go on when the reader of the output went away: a run is not given up for that.
  var outlivesReader = false
  /// Whether standard error goes to a terminal: most likely to the one that standard output goes to.
  private let sharesTerminal: Bool
  /// The log of the pipeline's job that standard error goes to.
  private let errorLog: PipelineLog?

  /// The console of this process. `NO_COLOR` and a dumb terminal are honoured (no-color.org).
  init() {
    let allowsColour = Environment["NO_COLOR"] == nil && Environment["TERM"] != "dumb"
    style = TextStyle(colour: allowsColour && isatty(1) == 1, width: Console.width(of: 1))
    errorStyle = TextStyle(colour: allowsColour && isatty(2) == 1, width: Console.width(of: 2))
    isTerminal = isatty(1) == 1
    isInteractive = isatty(0) == 1 && isTerminal
    let variables = Environment.all
    job = PipelineLog(variables, isPipeline: PipelineEnvironment(variables) != nil)
    log = Self.isFile(1) ? nil : job
    errorLog = Self.isFile(2) ? nil : job
    // Some systems give their jobs a terminal, and keep what it is sent.
    let isDrawn = job == nil && Screen.isUsable(1)
    screen = isDrawn ? Screen { StandardOutput.write($0.utf8, goesOn: true) } : nil
    sharesTerminal = isatty(2) == 1
  }

  /// Writes a result for people, or as JSON. In the log of a job nothing of it is a command.
  func write(_ text: String) {
    if let screen {
      screen.write(above: text)
    } else {
      write(exactly: log == nil ? text : PipelineText.guarded(text))
    }
  }

  /// Writes a result that must arrive as it is, also where the log of a job would take a part of it for a command.
  func write(exactly text: String) { StandardOutput.write(text.utf8, goesOn: outlivesReader) }

  /// Writes a result byte by byte; a line break follows it on a terminal.
  func write(_ bytes: [UInt8]) {
    StandardOutput.write(bytes, goesOn: outlivesReader)
    if isatty(1) == 1 { write("\n") }
  }

  /// Passes on what a service wrote, byte by byte.
  func pass(_ bytes: [UInt8]) { StandardOutput.write(bytes, goesOn: outlivesReader) }

  /// Writes something that is no result.
  func writeError(_ text: String) {
    if let screen, sharesTerminal {
      screen.write(above: text)
    } else {
      putError(errorLog == nil ? text : PipelineText.guarded(text))
    }
  }

  private func putError(_ text: String) {
    // Where errors can't be told, the exit status is all that is left.
    try? StandardOutput.put(text.utf8, to: 2)
  }

  /// Writes a sentence that is a result. Whatever in it comes from outside can't command the terminal.
  func say(_ sentence: String) { write(SafeText.line(sentence) + "\n") }

  /// Writes a sentence that is no result. Whatever in it comes from outside can't command the terminal.
  func note(_ sentence: String) { writeError(SafeText.line(sentence) + "\n") }

  func warn(_ diagnostics: Diagnostics) {
    guard !diagnostics.isEmpty else { return }
    writeError(DiagnosticsText.render(diagnostics, style: errorStyle))
    if let errorLog {
      putError(errorLog.notes(on: diagnostics, path: RepositoryPath(Environment.all).callAsFunction))
    }
  }

  /// Notes in the log of a job that an action failed, where the log has notes.
  func note(on action: Action, of workload: String, failed message: String) {
    if let errorLog { putError(errorLog.note(on: action, of: workload, failed: message)) }
  }

  /// Shows plans, folded away where they go to the log of a job.
  func show(_ plans: [Plan]) {
    guard let log else { return write(PlanListText.render(plans, style: style)) }
    write(
      exactly: PlanListLog.render(plans, style: style, in: log, at: EngineEnvironment.live.now()))
  }

  /// Asks a question that only `y` or `yes` answers with yes. Once `stop` is made, it waits for no answer.
  func confirm(_ question: String, unless stop: StopRequest = StopRequest()) -> Bool {
    let lines = question.split(separator: "\n", omittingEmptySubsequences: false)
    write(lines.map { SafeText.line($0) }.joined(separator: "\n") + " [y/N] ")
    var input = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
    while poll(&input, 1, 100) <= 0 {
      if stop.isMade { return false }
    }
    let answer = readLine()?.trimmingCharacters(in: .whitespaces).lowercased()
    return answer == "y" || answer == "yes"
  }

  /// The same, in a thread of its own: who takes their time to answer keeps no run from going on.
  func ask(_ question: String, unless stop: StopRequest) async -> Bool {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread { continuation.resume(returning: confirm(question, unless: stop)) }
    }
  }

  private static func isFile(_ descriptor: Int32) -> Bool {
    var status = stat()
    return fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  private static func width(of descriptor: Int32) -> Int { Screen.size(of: descriptor)?.columns ?? 100 }
}

extension AsyncParsableCommand {
  /// Runs a command's work, and shows what went wrong as diagnostics, with the ``ExitStatus`` that follows from them. With 1
  /// it ends also if what it said did not arrive. Unless the work takes signals in itself, an interrupt, a termination and a hang-up end
  /// the program at once.
  func reporting(_ work: (Console) async throws -> Void) async throws {
    let signals = Signals.endingAtOnce()
    defer { withExtendedLifetime(signals) {} }
    let console = Console()
    do {
      try await work(console)
    } catch {
      if error is CancellationError {
        console.writeError("Interrupted.\n")
        throw ExitStatus.interrupted.code
      }
      if error is ExitCode, !StandardOutput.isComplete() { throw ExitCode.failure }
      guard let diagnostics = Diagnostics(error) else { throw UnexpectedError.safe(error) }
      console.warn(diagnostics)
      throw ExitStatus(diagnostics).code
    }
    guard StandardOutput.isComplete() else { throw ExitCode.failure }
  }
}
