import Diagnostics
import WorkloadSpec

extension FileReader {
  /// Why the file that was asked for last could not be read, at the place that names it.
  ///
  /// - Parameters:
  ///   - what: what kind of file it is: "the included file".
  ///   - help: what to do where it is simply not there.
  func complaint(
    of path: String, as what: String, at location: SourceLocation, help: String
  ) -> Diagnostic {
    if let last = diagnostics.last, last.code != .unreadableFile {
      return Diagnostic(last.code, last.message, at: location, help: last.help)
    }
    return Diagnostic(.composeReference, "\(what) `\(path)` can't be read", at: location, help: help)
  }
}
