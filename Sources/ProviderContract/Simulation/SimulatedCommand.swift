import ProviderKit
import WorkloadSpec

/// A command that is run beside a service of a ``SimulatedWorld``, which has four programs: `cat`,
/// `printenv NAME`, `test -t 0` and `sh -c "exit N"`.
struct SimulatedCommand: Sendable {
  private let command: [String]
  private let environment: StringMap
  private let hasTerminal: Bool

  /// The command of a request, in the environment of its service.
  init(_ request: ExecRequest, environment: StringMap) {
    command = request.command
    self.environment = environment
    hasTerminal = request.terminal != nil
  }

  /// Runs it.
  ///
  /// - Returns: its exit code.
  func run(
    input: any AsyncSequence<ExecInput, Never> & Sendable,
    output: @Sendable (ExecOutput) async throws -> Void
  ) async throws -> Int32 {
    switch (command.first, command.dropFirst().first, command.last) {
    case ("cat", nil, _):
      for await piece in input {
        try Task.checkCancellation()
        switch piece {
        case .bytes(let bytes): try await output(ExecOutput(bytes: bytes))
        case .end: return 0
        case .resize: continue
        }
      }
      return 0
    case ("printenv", let name?, _):
      guard let value = environment[name] else { return 1 }
      try await output(ExecOutput(bytes: Array("\(value)\n".utf8)))
      return 0
    case ("test", "-t", "0"): return hasTerminal ? 0 : 1
    case ("sh", "-c", let script?) where script.hasPrefix("exit "): return Int32(script.dropFirst(5)) ?? 2
    case (let program, _, _):
      let reason = "\(program ?? ""): no such program\n"
      try await output(ExecOutput(isError: true, bytes: Array(reason.utf8)))
      return 127
    }
  }
}
