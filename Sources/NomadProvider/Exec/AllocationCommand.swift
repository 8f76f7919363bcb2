import NomadAPI
import Planning
import ProviderKit
import Wire

/// Runs a command in a task of an allocation.
struct AllocationCommand: Sendable {
  let client: NomadClient
  /// The allocation, as it was observed.
  let allocation: Allocation
  /// What is run, and in which of its tasks.
  let request: ExecRequest

  /// Runs the command to its end.
  ///
  /// - Returns: its exit code.
  /// - Throws: `ActionFailure` if there is no such service, or it does not run; `NomadError`; what `output` throws.
  func run(
    input: any AsyncSequence<ProviderKit.ExecInput, Never> & Sendable,
    output: @escaping @Sendable (ProviderKit.ExecOutput) async throws -> Void
  ) async throws -> Int32 {
    guard let task = allocation.tasks[request.service] else {
      throw ActionFailure("instance \(request.instance) has no service `\(request.service)`")
    }
    guard task.state == "running" else {
      throw ActionFailure("`\(request.service)` of instance \(request.instance) does not run")
    }
    let command = TaskCommand(
      command: request.command, task: request.service, terminal: request.terminal != nil)
    return try await client.allocations.exec(command, in: allocation.id, namespace: request.key.namespace) {
      session in
      try await withThrowingTaskGroup(of: Int32?.self) { group in
        group.addTask {
          for try await event in session.output {
            switch event {
            case .output(let bytes): try await output(.init(bytes: bytes))
            case .error(let bytes): try await output(.init(isError: true, bytes: bytes))
            case .ended(let code): return Int32(truncatingIfNeeded: code)
            }
          }
          return nil
        }
        group.addTask {
          await pass(input, to: session.input)
          return nil
        }
        defer { group.cancelAll() }
        while let end = try await group.next() {
          if let end { return end }
        }
        throw CancellationError()
      }
    }
  }

  /// A command that takes no more input is told by its output to be over.
  private func pass(
    _ input: any AsyncSequence<ProviderKit.ExecInput, Never> & Sendable, to command: NomadAPI.ExecInput
  ) async {
    do {
      if let size = request.terminal { try await command.resize(columns: size.columns, rows: size.rows) }
      for await item in input {
        switch item {
        case .bytes(let bytes): try await command.write(bytes)
        case .resize(let size): try await command.resize(columns: size.columns, rows: size.rows)
        case .end:
          if request.terminal == nil { try await command.finish() }
          return
        }
      }
      if request.terminal == nil { try await command.finish() }
    } catch {}
  }
}
