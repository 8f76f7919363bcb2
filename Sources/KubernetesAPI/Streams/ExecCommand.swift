/// A command that is to be run in a container.
package struct ExecCommand: Sendable, Equatable {
  /// The program and its arguments.
  package var command: [String]
  /// The container; `nil` means the only one.
  package var container: String?
  /// Whether it gets a terminal; its output is then one stream.
  package var terminal: Bool
  /// Whether it is given standard input.
  package var takesInput: Bool

  package init(command: [String], container: String? = nil, terminal: Bool = false, takesInput: Bool = false)
  {
    self.command = command
    self.container = container
    self.terminal = terminal
    self.takesInput = takesInput
  }
}
