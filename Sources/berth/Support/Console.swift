import ArgumentParser
import Engine
import Foundation
import ProviderKit
import Rendering
import WorkloadSpec

/// The terminal or pipe that the program talks through: results to standard output, the rest to standard
/// error.
struct Console: Sendable {
  /// How standard output is written.
  let style: TextStyle
  /// How standard error is written.
  let errorStyle: TextStyle
  /// Whether a person is there to answer questions.
  let isInteractive: Bool
  /// Whether to go on when whoever reads the output went away: a run is not given up for that.
  var outlivesReader = false

  /// The console of this process. `NO_COLOR` and a dumb terminal are honoured (no-color.org).
  init() {
    let allowsColour = Environment["NO_COLOR"] == nil && Environment["TERM"] != "dumb"
    style = TextStyle(colour: allowsColour && isatty(1) == 1, width: Console.width(of: 1))
    errorStyle = TextStyle(colour: allowsColour && isatty(2) == 1, width: Console.width(of: 2))
    isInteractive = isatty(0) == 1 && isatty(1) == 1
  }

  /// Writes a result.
  func write(_ text: String) { write(text, to: 1) }

  /// Writes something that is no result.
  func writeError(_ text: String) { write(text, to: 2) }

  /// Shows diagnostics that do not stop the command.
  func warn(_ diagnostics: Diagnostics) {
    guard !diagnostics.isEmpty else { return }
    writeError(DiagnosticsText.render(diagnostics, style: errorStyle))
  }

  /// Asks a question that only `y` or `yes` answers with yes. Nobody has to answer once `stop` is made.
  func confirm(_ question: String, unless stop: StopRequest = StopRequest()) -> Bool {
    write("\(question) [y/N] ")
    var input = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
    while poll(&input, 1, 100) <= 0 {
      if stop.isMade { return false }
    }
    let answer = readLine()?.trimmingCharacters(in: .whitespaces).lowercased()
    return answer == "y" || answer == "yes"
  }

  private func write(_ text: String, to descriptor: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        // A reader that went away (`| head`) wants no more, and that is no failure.
        if errno == EPIPE, !outlivesReader { exit(0) }
        return
      }
      bytes = bytes.dropFirst(count)
    }
  }

  private static func width(of descriptor: Int32) -> Int {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 100 }
    return Int(size.ws_col)
  }
}

extension AsyncParsableCommand {
  /// Runs a command's work, and shows what went wrong as a diagnostic, with exit status 1.
  func reporting(_ work: (Console) async throws -> Void) async throws {
    signal(SIGPIPE, SIG_IGN)
    let console = Console()
    do {
      try await work(console)
    } catch let error as DiagnosticError {
      console.writeError(DiagnosticsText.render(error.diagnostics, style: console.errorStyle))
      throw ExitCode.failure
    } catch let error as ProviderError {
      try console.fail(Diagnostic(.engineUnreachable, error.message, help: error.help))
    } catch let error as StoreError {
      try console.fail(Diagnostic(.storeUnusable, error.message, help: error.help))
    } catch let error as ActionFailure {
      try console.fail(Diagnostic(.actionFailed, error.message))
    }
  }
}

extension Console {
  fileprivate func fail(_ diagnostic: Diagnostic) throws -> Never {
    writeError(DiagnosticsText.render(Diagnostics([diagnostic]), style: errorStyle))
    throw ExitCode.failure
  }
}
