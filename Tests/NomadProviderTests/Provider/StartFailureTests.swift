import NomadAPI
import NomadFake
import Planning
import ProviderKit
import Synchronization
import Testing

@testable import NomadProvider
@testable import ProviderContract

/// As drivers of Nomad 1.1.2 say it.
@Suite("What can't be started in a task") struct StartFailureTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let script: FakeExecScript
    let code: Int32
    let text: String
    var isError = true
  }

  static let cases = [
    Case(
      testDescription: "a program that a process of the node lacks",
      script: .fails(
        #"rpc error: code = Unknown desc = failed to start command: exec: "nope": executable file not found in $PATH"#
      ), code: 127, text: #"exec: "nope": executable file not found in $PATH"#),
    Case(
      testDescription: "a file that is no program",
      script: .fails(
        "rpc error: code = Unknown desc = failed to start command: fork/exec /etc/passwd: permission denied"),
      code: 126, text: "fork/exec /etc/passwd: permission denied"),
    Case(
      testDescription: "one of which the words find no room",
      script: .fails(
        #"rpc error: code = Unknown desc = failed to start command: exec: "\#(String(repeating: "a", count: 40))": executable file not found in $PATH"#
      ), code: 127, text: "there is no program `nope`"),
    Case(
      testDescription: "a program that a container lacks",
      script: .ends(126, output: "\(engine)executable file not found in $PATH: unknown\r\n"), code: 127,
      text: "\(engine)executable file not found in $PATH: unknown"),
    Case(
      testDescription: "a program that a container may not run",
      script: .ends(126, output: "\(engine)permission denied: unknown\r\n"), code: 126,
      text: "\(engine)permission denied: unknown"),
    Case(
      testDescription: "a command that writes such words itself",
      script: .ends(0, output: "\(engine)no\n"), code: 0, text: "\(engine)no", isError: false),
  ]

  private static let engine =
    #"OCI runtime exec failed: exec failed: unable to start container process: exec: "nope": "#

  @Test(
    "It is told by an exit code, as shells have it, and with the reason", arguments: StartFailureTests.cases)
  func isTold(_ failure: Case) async throws {
    try await FakeWorld.with { world in
      let scene = ContractScene(FakeHarness(world: world), "exec")
      try await scene.apply(scene.workload([scene.service("api")]))
      world.cluster.onExec { $0.command.first == "nope" ? failure.script : .ends(127) }
      let written = Mutex<[ProviderKit.ExecOutput]>([])
      let code = try await world.provider.exec(
        ExecRequest(key: scene.key, instance: scene.instance(), service: "api", command: ["nope"]),
        input: AsyncStream { $0.finish() }
      ) { piece in written.withLock { $0.append(piece) } }
      #expect(code == failure.code)
      let pieces = written.withLock { $0 }
      #expect(pieces.allSatisfy { $0.isError == failure.isError })
      #expect(String(decoding: pieces.flatMap(\.bytes), as: UTF8.self) == failure.text + "\n")
    }
  }
}
