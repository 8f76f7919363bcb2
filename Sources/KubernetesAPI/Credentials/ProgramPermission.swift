/// Whether the configuration of a cluster may run programs of this machine. The caller decides: a
/// configuration that a stranger wrote must not.
package enum ProgramPermission: Sendable, Equatable {
  /// It may not, and why: `the file is named by berth.yaml`.
  case refused(because: String)
  /// It may, in this environment. `isInteractive` says whether a person is there to be asked something, at
  /// the terminal that is standard input.
  case granted(environment: [String: String], isInteractive: Bool)
}
