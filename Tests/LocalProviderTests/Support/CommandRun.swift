import Planning
import ProviderKit
import Synchronization
import Testing

/// What a command beside a service wrote, and how it ended.
struct CommandRun {
  let exitCode: Int32
  let output: [UInt8]
  let errors: [UInt8]

  var text: String { String(decoding: output, as: UTF8.self) }
  var errorText: String { String(decoding: errors, as: UTF8.self) }
}

/// Output of a command, as it comes.
final class Transcript: Sendable {
  private let pieces = Mutex<(output: [UInt8], errors: [UInt8])>(([], []))

  func add(_ piece: ExecOutput) {
    pieces.withLock { pieces in
      if piece.isError { pieces.errors += piece.bytes } else { pieces.output += piece.bytes }
    }
  }

  var output: [UInt8] { pieces.withLock { $0.output } }
  var errors: [UInt8] { pieces.withLock { $0.errors } }
  var text: String { String(decoding: output, as: UTF8.self) }
}

extension LocalWorld {
  func request(
    _ command: [String], in service: String = "api", terminal: TerminalSize? = nil
  ) -> ExecRequest {
    ExecRequest(key: key, instance: InstanceID(0), service: service, command: command, terminal: terminal)
  }

  /// Runs a command with this input, and then its end.
  func exec(
    _ command: [String], in service: String = "api", input: [UInt8] = [], terminal: TerminalSize? = nil
  ) async throws -> CommandRun {
    let transcript = Transcript()
    let pieces = AsyncStream<ExecInput> { continuation in
      if !input.isEmpty { continuation.yield(.bytes(input)) }
      continuation.finish()
    }
    let code = try await provider.exec(
      request(command, in: service, terminal: terminal), input: pieces
    ) { transcript.add($0) }
    return CommandRun(exitCode: code, output: transcript.output, errors: transcript.errors)
  }

  func shell(_ script: String, input: [UInt8] = [], terminal: TerminalSize? = nil) async throws -> CommandRun
  {
    try await exec(["/bin/sh", "-c", script], input: input, terminal: terminal)
  }
}
