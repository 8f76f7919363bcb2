import NomadAPI
import Planning
import ProviderKit
import Synchronization
import Wire

/// Runs a command in a task of an allocation.
struct AllocationCommand: Sendable {
  let client: NomadClient
  /// The allocation, as it was observed.
  let allocation: Allocation
  /// What is run, and in which of its tasks.
  let request: ExecRequest

  /// How a command came out.
  private enum End: Sendable {
    case ended(Int32)
    case notStarted(StartFailure)
  }

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
    switch try await end(input, output) {
    case .ended(let code): return code
    case .notStarted(let failure):
      try await output(.init(isError: true, bytes: Array("\(failure.text)\n".utf8)))
      return failure.code
    }
  }

  private func end(
    _ input: any AsyncSequence<ProviderKit.ExecInput, Never> & Sendable,
    _ output: @escaping @Sendable (ProviderKit.ExecOutput) async throws -> Void
  ) async throws -> End {
    let hasSpoken = Mutex(false)
    do {
      return try await talk(input) { piece in
        hasSpoken.withLock { $0 = true }
        try await output(piece)
      }
    } catch let error as NomadError {
      if let failure = StartFailure(error) { return .notStarted(failure) }
      // The words of a refusal that are too long for the end of a connection are not sent at all.
      guard error.reason == .unavailable, !hasSpoken.withLock({ $0 }),
        let failure = try? await missingProgram()
      else { throw error }
      return .notStarted(failure)
    }
  }

  private func talk(
    _ input: any AsyncSequence<ProviderKit.ExecInput, Never> & Sendable,
    _ output: @escaping @Sendable (ProviderKit.ExecOutput) async throws -> Void
  ) async throws -> End {
    let command = TaskCommand(
      command: request.command, task: request.service, terminal: request.terminal != nil)
    return try await client.allocations.exec(command, in: allocation.id, namespace: request.key.namespace) {
      session in
      try await withThrowingTaskGroup(of: End?.self) { group in
        group.addTask { try await pass(session.output, to: output) }
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

  private func pass(
    _ events: NomadAPI.ExecOutput,
    to output: @escaping @Sendable (ProviderKit.ExecOutput) async throws -> Void
  ) async throws -> End? {
    // What an engine says in the command's place is held back until it is known to be that.
    var held: [UInt8] = []
    var isFirst = true
    for try await event in events {
      switch event {
      case .output(let bytes) where isFirst && StartFailure.begins(held + bytes): held += bytes
      case .output(let bytes):
        isFirst = false
        if !held.isEmpty { try await output(.init(bytes: held)) }
        held = []
        try await output(.init(bytes: bytes))
      case .error(let bytes): try await output(.init(isError: true, bytes: bytes))
      case .ended(let code):
        if let failure = StartFailure(output: held, code: code) { return .notStarted(failure) }
        if !held.isEmpty { try await output(.init(bytes: held)) }
        return .ended(Int32(truncatingIfNeeded: code))
      }
    }
    return nil
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

  // MARK: What is not there

  /// Asks the task's own shell for the program.
  private static let search =
    #"command -v -- "$0" >/dev/null 2>&1 && exit 0; test -e "$0" && exit 126; exit 127"#

  /// What keeps the program from being started; `nil` if it is there.
  private func missingProgram() async throws -> StartFailure? {
    let program = request.command.first ?? ""
    let command = TaskCommand(
      command: ["/bin/sh", "-c", Self.search, program], task: request.service)
    let code = try await client.allocations.exec(
      command, in: allocation.id, namespace: request.key.namespace
    ) { session -> Int in
      // It may have ended already, and then takes no input.
      try? await session.input.finish()
      for try await case .ended(let code) in session.output { return code }
      return 0
    }
    switch code {
    case 126: return StartFailure(text: "`\(program)` can't be run", code: 126)
    case 127: return StartFailure(text: "there is no program `\(program)`", code: 127)
    default: return nil
    }
  }
}
