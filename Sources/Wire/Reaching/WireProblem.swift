/// What of a configuration can't be used, and what to do about it.
package struct WireProblem: Error, Sendable, Equatable {
  /// What is wrong, and where.
  package let message: String
  /// What to do about it.
  package let help: String

  package init(_ message: String, help: String) {
    self.message = message
    self.help = help
  }
}
