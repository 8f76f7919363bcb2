import DockerAPI
import Planning
import ProviderKit

/// Runs a command in a service's container.
struct CommandRunner: Sendable {
  let client: DockerClient
  /// What is run, and where.
  let request: ExecRequest
  /// Whether the engine may be on this machine, so that its containers' processes may be seen from here.
  let isLocal: Bool

  /// The variable that tells the command's processes from all others in the container.
  private static let mark = "BERTH_EXEC"
  /// What an engine says in the command's place if it can't start it.
  private static let startFailure = Array("OCI runtime exec failed".utf8)
  /// What it says of a program that is not there.
  private static let missingWords = ["executable file not found", "no such file or directory"]

  /// Runs the command to its end. If anything else ends that, the command is ended.
  ///
  /// - Returns: its exit code.
  func run(
    input: any AsyncSequence<ExecInput, Never> & Sendable,
    output: @escaping @Sendable (ExecOutput) async throws -> Void
  ) async throws -> Int32 {
    let container = try await runningContainer()
    let token = String(UInt64.random(in: .min ... .max), radix: 36)
    let id = try await client.execs.create(
      in: container,
      ExecCreation(
        command: request.command, environment: ["\(Self.mark)=\(token)"], terminal: request.terminal != nil,
        takesInput: true))
    do {
      let isMissing = try await client.execs.start(id, terminal: request.terminal != nil) { streams in
        try await talk(streams, id, input, output)
      }
      let code = try await exitCode(of: id)
      // Older engines have one code for all that can't be started.
      return isMissing ? 127 : code
    } catch {
      // Not in this task, which may be cancelled.
      await Task { await end(token, in: container) }.value
      throw error
    }
  }

  private func runningContainer() async throws -> String {
    let found = try await FoundContainer.find(
      request.service, in: request.instance, of: request.key, on: client)
    guard let container = found?.container else {
      throw ActionFailure("instance \(request.instance) has no service `\(request.service)`")
    }
    guard container.state.status == "running" else {
      throw ActionFailure("`\(request.service)` of instance \(request.instance) does not run")
    }
    return container.id
  }

  /// Passes on what goes to and fro, until the command writes nothing more.
  ///
  /// - Returns: whether the engine found no such program.
  private func talk(
    _ streams: AttachedStreams, _ id: String, _ input: any AsyncSequence<ExecInput, Never> & Sendable,
    _ output: @escaping @Sendable (ExecOutput) async throws -> Void
  ) async throws -> Bool {
    try await withThrowingTaskGroup(of: Bool?.self) { group in
      group.addTask {
        var isMissing = false
        for try await chunk in streams.output {
          let isFailure = chunk.bytes.starts(with: Self.startFailure)
          let text = isFailure ? String(decoding: chunk.bytes, as: UTF8.self) : ""
          isMissing = isMissing || Self.missingWords.contains { text.contains($0) }
          try await output(ExecOutput(isError: chunk.stream == .error || isFailure, bytes: chunk.bytes))
        }
        return isMissing
      }
      group.addTask {
        await pass(input, to: streams.input, id)
        return nil
      }
      defer { group.cancelAll() }
      while let end = try await group.next() {
        if let end { return end }
      }
      return false
    }
  }

  /// Passes input on. A command that takes no more of it is told by its output to be over.
  private func pass(
    _ input: any AsyncSequence<ExecInput, Never> & Sendable, to command: AttachedInput, _ id: String
  ) async {
    if let size = request.terminal { await resize(id, to: size) }
    do {
      for await item in input {
        switch item {
        case .bytes(let bytes): try await command.write(bytes)
        case .end: return command.finish()
        case .resize(let size): await resize(id, to: size)
        }
      }
      command.finish()
    } catch {}
  }

  /// Tells the terminal its size. An engine takes it only once the command runs.
  private func resize(_ id: String, to size: TerminalSize) async {
    for _ in 0..<20 {
      do {
        return try await client.execs.resize(id, columns: size.columns, rows: size.rows)
      } catch {
        guard (try? await Task.sleep(for: .milliseconds(50))) != nil else { return }
      }
    }
  }

  private func exitCode(of id: String) async throws -> Int32 {
    while true {
      let exec = try await client.execs.inspect(id)
      if !exec.running { return Int32(exec.exitCode ?? 0) }
      try await Task.sleep(for: .milliseconds(50))
    }
  }

  /// Ends every process that the command has left: an engine has no call for that. The container's own shell does it;
  /// without one in the image, this program does, if they are processes of this machine. Else they go on until the
  /// container stops.
  private func end(_ token: String, in container: String) async {
    if await endByShell(token, in: container) || !isLocal { return }
    HostProcesses.kill(withVariable: "\(Self.mark)=\(token)")
  }

  /// - Returns: whether there was a shell.
  private func endByShell(_ token: String, in container: String) async -> Bool {
    let script =
      "for p in /proc/[0-9]*; do grep -q \"\(Self.mark)=$0\" $p/environ && kill -9 ${p#/proc/}; done; exit 0"
    let command = ExecCreation(command: ["/bin/sh", "-c", script, token])
    do {
      let id = try await client.execs.create(in: container, command)
      try await client.execs.start(id, terminal: false) { streams in
        for try await _ in streams.output {}
      }
      return try await exitCode(of: id) == 0
    } catch {
      return false
    }
  }
}
