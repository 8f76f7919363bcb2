import ArgumentParser
import Foundation
import Rendering

/// An error that has no diagnostic. What it says may come from anywhere, and is shown so that it can't command the
/// terminal.
struct UnexpectedError: Error, CustomStringConvertible {
  let description: String

  /// The error as it can be shown; those of the command line itself stay as they are.
  static func safe(_ error: any Error) -> any Error {
    if error is ExitCode || error is ValidationError || error is CleanExit { return error }
    let text = (error as? any LocalizedError)?.errorDescription ?? "\(error)"
    return UnexpectedError(description: SafeText.line(text))
  }
}
