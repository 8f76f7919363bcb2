/// What comes from a command that runs elsewhere.
package enum ExecEvent: Sendable, Equatable {
  /// It wrote to standard output, or the terminal.
  case output([UInt8])
  /// It wrote to standard error.
  case error([UInt8])
  /// It ended, with this exit status. Nothing comes after it.
  case ended(Int)
}
