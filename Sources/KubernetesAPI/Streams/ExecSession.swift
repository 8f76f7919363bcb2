/// What goes to and fro between a program and a command in a container.
package struct ExecSession: Sendable {
  /// What the command writes, and how it ends.
  package let output: ExecOutput
  /// What the command reads.
  package let input: ExecInput
}
