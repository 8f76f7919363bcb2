import Foundation
import Testing

@testable import KubernetesAPI
@testable import KubernetesProvider

/// The scripts, as this machine's shell runs them.
@Suite("How a command is started") struct ExecScriptTests {
  private func run(
    _ command: [String], input: [UInt8], closes: Bool = true
  ) throws -> (output: [UInt8], code: Int32) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    let (stdin, stdout) = (Pipe(), Pipe())
    process.standardInput = stdin
    process.standardOutput = stdout
    process.standardError = FileHandle.nullDevice
    try process.run()
    // A command that reads nothing may be over by now.
    try? stdin.fileHandleForWriting.write(contentsOf: input)
    if closes { try stdin.fileHandleForWriting.close() }
    let output = Array(try stdout.fileHandleForReading.readToEnd() ?? Data())
    process.waitUntilExit()
    if !closes { try stdin.fileHandleForWriting.close() }
    return (output, process.terminationStatus)
  }

  private func framed(_ command: [String], _ bytes: [UInt8]) -> ([String], [UInt8]) {
    (
      ExecScript.starting(command, token: "t0", isFramed: true),
      ExecScript.frames(of: bytes) + ExecScript.lastFrame
    )
  }

  @Test("every byte comes through frames as it was")
  func passesAllBytes() throws {
    let bytes = (0..<3).flatMap { _ in (0...255).map { UInt8($0) } } + Array("%s \\n 123".utf8)
    let (command, input) = framed(["cat"], bytes)
    let end = try run(command, input: input)
    #expect(end.output == bytes)
    #expect(end.code == 0)
  }

  @Test("the input ends with the last frame, though the stream goes on")
  func endsInput() throws {
    let (command, input) = framed(["cat"], Array("hello\n".utf8))
    let end = try run(command, input: input, closes: false)
    #expect(String(decoding: end.output, as: UTF8.self) == "hello\n")
  }

  @Test(
    "a command that ends by itself ends all, with its own exit code",
    arguments: [true, false])
  func keepsTheCode(_ isFramed: Bool) throws {
    let command = ExecScript.starting(["sh", "-c", "exit 7"], token: "t0", isFramed: isFramed)
    #expect(try run(command, input: [], closes: false).code == 7)
    let missing = ExecScript.starting(["/no/such/program"], token: "t0", isFramed: isFramed)
    #expect(try run(missing, input: [], closes: false).code == 127)
  }

  @Test("a command is marked, and gets its arguments as they are", arguments: [true, false])
  func marks(_ isFramed: Bool) throws {
    let command = ExecScript.starting(
      ["sh", "-c", #"printf '%s|' "$BERTH_EXEC" "$@""#, "sh", "a b", "", "$x", "*"], token: "t0",
      isFramed: isFramed)
    let end = try run(command, input: ExecScript.lastFrame)
    #expect(String(decoding: end.output, as: UTF8.self) == "t0|a b||$x|*|")
  }

  @Test("what a node says in a command's place is told from what the command wrote")
  func knowsStartFailures() {
    let missing =
      "OCI runtime exec failed: exec failed: exec: \"x\": executable file not found in $PATH: unknown"
    let failure = StartFailure(output: Array((missing + "\r\n").utf8), code: 126)
    #expect(failure?.code == 127)
    #expect(failure?.text == missing)
    let denied = "OCI runtime exec failed: exec failed: permission denied: unknown"
    #expect(StartFailure(output: Array(denied.utf8), code: 126)?.code == 126)
    #expect(StartFailure(output: Array(missing.utf8), code: 0) == nil)
    #expect(StartFailure(output: Array("hello".utf8), code: 127) == nil)
    let error = KubernetesError(status: 500, "failed to exec in container: \(missing)")
    #expect(StartFailure(error)?.code == 127)
    #expect(StartFailure(KubernetesError(status: 404, "pods \"x\" not found")) == nil)
  }
}
