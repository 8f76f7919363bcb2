/// A command that is to be run in a container.
public struct ExecCommand: Sendable, Equatable {
  /// The program and its arguments.
  public var command: [String]
  /// The container; `nil` means the only one.
  public var container: String?
  /// Whether it gets a terminal; its output is then one stream.
  public var terminal: Bool
  /// Whether it is given standard input.
  public var takesInput: Bool

  /// A command.
  public init(command: [String], container: String? = nil, terminal: Bool = false, takesInput: Bool = false) {
    self.command = command
    self.container = container
    self.terminal = terminal
    self.takesInput = takesInput
  }
}
