/// What goes to and fro between a program and a command in a container.
public struct ExecSession: Sendable {
  /// What the command writes, and how it ends.
  public let output: ExecOutput
  /// What the command reads.
  public let input: ExecInput
}
