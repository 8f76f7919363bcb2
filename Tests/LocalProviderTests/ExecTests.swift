import Foundation
import Planning
import ProviderKit
import Synchronization
import TestSupport
import Testing
import WorkloadSpec

@testable import LocalProvider
@testable import Supervisor

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Commands beside real services.
@Suite struct ExecTests {
  private static let size = TerminalSize(columns: 100, rows: 30)

  /// Runs a body beside a service that has an environment and a folder.
  private func besideService(
    _ change: (inout Service) -> Void = { _ in }, _ body: (LocalWorld) async throws -> Void
  ) async throws {
    try await withWorld { world in
      let workload = Workload.of(.script("api", "exec sleep 1000", change))
      try await world.perform(.create, "api", of: workload, secrets: ["token": "hidden"])
      try await body(world)
    }
  }

  @Test("A command has the folder the environment and the secrets of its service")
  func aCommandHasTheFolderTheEnvironmentAndTheSecretsOfItsService() async throws {
    try await besideService({ service in
      service.env["GREETING"] = "good morning"
      var secret = SecretReference()
      secret.key = "token"
      secret.as = "TOKEN"
      service.secrets = [secret]
    }) { world in
      let run = try await world.shell("pwd; echo $GREETING; echo $TOKEN; echo $BERTH_SERVICE")
      #expect(run.exitCode == 0)
      #expect(run.text == "\(world.folder().root(of: "api"))\ngood morning\nhidden\napi\n")
    }
  }

  @Test(
    "A command ends as it ends",
    arguments: [
      ("exit 0", Int32(0)), ("exit 7", 7), ("kill -9 $$", 137), ("kill -TERM $$", 143),
    ])
  func aCommandEndsAsItEnds(_ script: String, _ code: Int32) async throws {
    try await besideService { world in
      for terminal in [nil, Self.size] {
        let run = try await world.shell(script, terminal: terminal)
        #expect(run.exitCode == code)
      }
    }
  }

  @Test("Both streams are told apart") func bothStreamsAreToldApart() async throws {
    try await besideService { world in
      let run = try await world.shell("echo out; echo err >&2")
      #expect(run.text == "out\n")
      #expect(run.errorText == "err\n")
    }
  }

  /// What can't be executed, as the shell's script makes it, what is run then, and what is said of it.
  @Test(
    "A program that cannot be executed is reported as by a shell",
    arguments: [
      (":", "berth-no-such-program", Int32(127), "berth-no-such-program: no such program"),
      (":", "", 127, ": no such program"), (":", "./none", 127, "./none: no such program"),
      ("touch file", "./file/in", 127, "./file/in: Not a directory"),
      ("ln -s loop loop", "./loop", 127, "./loop: Too many levels of symbolic links"),
      (":", "/etc/passwd", 126, "/etc/passwd: Permission denied"),
      ("touch plain", "./plain", 126, "./plain: Permission denied"),
      (":", "/tmp", 126, "/tmp: Is a directory"),
      ("mkdir folder", "./folder", 126, "./folder: Is a directory"),
      ("mkfifo pipe; chmod +x pipe", "./pipe", 126, "./pipe: Permission denied"),
      ("echo words > text; chmod +x text", "./text", 126, "./text: Exec format error"),
      (": > empty; chmod +x empty", "./empty", 126, "./empty: Exec format error"),
      ("echo '#!/no/such/sh' > odd; chmod +x odd", "./odd", 127, "./odd: its interpreter is missing"),
      ("mkdir -p bin; touch bin/tool", "tool", 126, "tool: Permission denied"),
      ("mkdir -p bin/tool", "tool", 127, "tool: no such program"),
    ])
  func aProgramThatCannotBeExecutedIsReportedAsByAShell(
    _ preparation: String, _ program: String, _ code: Int32, _ reason: String
  ) async throws {
    try await besideService({ $0.env["PATH"] = "${root}/bin:/nowhere:/usr/bin:/bin" }) { world in
      #expect(try await world.shell(preparation).exitCode == 0)
      let run = try await world.exec([program])
      #expect(run.exitCode == code)
      #expect(run.errorText == "can't execute \(reason)\n")
      let typed = try await world.exec([program], terminal: Self.size)
      #expect(typed.exitCode == code)
      #expect(typed.text.contains(reason))
    }
  }

  @Test("A file that may not be executed gives way to a later one")
  func aFileThatMayNotBeExecutedGivesWayToALaterOne() async throws {
    try await besideService({ $0.env["PATH"] = "${root}/first:${root}/second:/usr/bin:/bin" }) { world in
      let script = "mkdir first second; touch first/tool; echo 'echo found' > second/tool"
      _ = try await world.shell("\(script); sed -i '1i #!/bin/sh' second/tool; chmod +x second/tool")
      let run = try await world.exec(["tool"])
      #expect(run.exitCode == 0)
      #expect(run.text == "found\n")
    }
  }

  @Test("A root that is gone is said") func aRootThatIsGoneIsSaid() async throws {
    try await besideService { world in
      let root = world.folder().root(of: "api")
      try Files.remove(root)
      let run = try await world.exec(["true"])
      #expect(run.exitCode == 126)
      #expect(run.errorText == "can't enter \(root): No such file or directory\n")
    }
  }

  @Test("Much input comes out again byte for byte") func muchInputComesOutAgainByteForByte() async throws {
    try await besideService { world in
      let mebibyte = (0..<(1 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
      let count = 64
      let input = AsyncStream<ExecInput> { continuation in
        for _ in 0..<count { continuation.yield(.bytes(mebibyte)) }
        continuation.finish()
      }
      let transcript = Transcript()
      let code = try await world.provider.exec(world.request(["cat"]), input: input) { transcript.add($0) }
      #expect(code == 0)
      let output = transcript.output
      #expect(output.count == count << 20)
      for start in stride(from: 0, to: output.count, by: mebibyte.count) {
        #expect(Array(output[start..<start + mebibyte.count]) == mebibyte)
      }
    }
  }

  @Test("A command that reads nothing does not wait for its input")
  func aCommandThatReadsNothingDoesNotWaitForItsInput() async throws {
    try await besideService { world in
      let run = try await world.exec(["true"], input: [UInt8](repeating: 0, count: 4 << 20))
      #expect(run.exitCode == 0)
    }
  }

  /// An input that never ends and never comes must not keep a command that has ended.
  @Test("A command ends though its input does not") func aCommandEndsThoughItsInputDoesNot() async throws {
    try await besideService { world in
      let (input, continuation) = AsyncStream<ExecInput>.makeStream()
      let code = try await world.provider.exec(world.request(["true"]), input: input) { _ in }
      #expect(code == 0)
      continuation.finish()
    }
  }

  @Test("What a command leaves running does not hold it back")
  func whatACommandLeavesRunningDoesNotHoldItBack() async throws {
    try await besideService { world in
      let run = try await world.shell("sleep 1007 & echo done")
      #expect(run.text == "done\n")
      let typed = try await world.shell("setsid sleep 1007 & echo done", terminal: Self.size)
      #expect(typed.text.contains("done"))
    }
  }

  /// A reader that pauses loses nothing: the command waits.
  @Test("A command waits for a slow reader") func aCommandWaitsForASlowReader() async throws {
    try await besideService { world in
      let gate = AsyncStream<Void>.makeStream()
      let first = Mutex(true)
      let work = Task {
        try await world.provider.exec(
          world.request(["sh", "-c", "head -c 8388608 /dev/zero; echo finished > finished"]),
          input: AsyncStream { $0.finish() }
        ) { _ in
          guard
            first.withLock({ isFirst in
              defer { isFirst = false }
              return isFirst
            })
          else { return }
          for await _ in gate.stream { return }
        }
      }
      try await world.eventually("the command runs") { world.processes.count > 1 }
      // The pipe is full long before eight megabytes, so it can't have finished.
      #expect(Files.kind(world.folder().root(of: "api") + "/finished") == nil)
      gate.continuation.yield()
      #expect(try await work.value == 0)
      #expect(Files.kind(world.folder().root(of: "api") + "/finished") != nil)
    }
  }

  @Test("A reader that fails ends the command") func aReaderThatFailsEndsTheCommand() async throws {
    struct Full: Error {}
    try await besideService { world in
      await #expect(throws: Full.self) {
        try await world.provider.exec(
          world.request(["yes"]), input: AsyncStream { $0.finish() }
        ) { _ in throw Full() }
      }
      try await world.eventually("only the service runs") { world.processes.count == 1 }
    }
  }

  @Test("A command that is not waited for is ended", arguments: [nil, size])
  func aCommandThatNobodyWaitsForIsEnded(_ terminal: TerminalSize?) async throws {
    try await besideService { world in
      let script = "trap '' HUP; sleep 1000 & sleep 1001"
      let work = Task {
        try await world.provider.exec(
          world.request(["sh", "-c", script], terminal: terminal), input: AsyncStream { _ in }
        ) { _ in }
      }
      try await world.eventually("the command runs") { world.processes.count == 4 }
      work.cancel()
      await #expect(throws: CancellationError.self) { try await work.value }
      try await world.eventually("only the service runs") { world.processes.count == 1 }
      #expect(try await world.service("api").isReady)
    }
  }

  @Test("A stopped service takes its commands with it") func aStoppedServiceTakesItsCommandsWithIt()
    async throws
  {
    try await besideService { world in
      let work = Task { try await world.shell("sleep 1000") }
      try await world.eventually("the command runs") { world.processes.count > 1 }
      try await world.provider.perform(
        Action(.stop, .service(InstanceID(0), "api")), in: world.context(nil))
      #expect(try await work.value.exitCode == 128 + SIGTERM)
      #expect(world.processes.isEmpty)
    }
  }

  @Test("A shell that is typed into does not hold up a stop") func aShellThatIsTypedIntoDoesNotHoldUpAStop()
    async throws
  {
    try await besideService({ $0.stopGrace = .seconds(600) }) { world in
      let (input, typing) = AsyncStream<ExecInput>.makeStream()
      let work = Task {
        try await world.provider.exec(
          world.request(["bash", "--norc", "-i"], terminal: Self.size), input: input
        ) { _ in }
      }
      typing.yield(.bytes(Array("sleep 1000\r".utf8)))
      try await world.eventually("the shell runs something") { world.processes.count == 3 }
      try await world.provider.perform(
        Action(.stop, .service(InstanceID(0), "api")), in: world.context(nil))
      _ = try await work.value
      #expect(world.processes.isEmpty)
    }
  }

  @Test("A dead supervisor is said") func aDeadSupervisorIsSaid() async throws {
    try await besideService { world in
      let work = Task { try await world.shell("sleep 1000") }
      try await world.eventually("the command runs") { world.processes.count > 1 }
      kill(try #require(world.supervisor), SIGKILL)
      await #expect(throws: ProviderError.self) { try await work.value }
      try await world.eventually("nothing runs") { world.processes.isEmpty }
    }
  }

  @Test("Nothing runs where nothing is") func nothingRunsWhereNothingIs() async throws {
    try await withWorld { world in
      let error = await #expect(throws: ActionFailure.self) { try await world.shell("true") }
      #expect(error?.message == "instance 0 of `shop` does not run")
    }
    try await besideService { world in
      let error = await #expect(throws: ActionFailure.self) { try await world.exec(["true"], in: "unknown") }
      #expect(error?.message == "there is no service `unknown`")
    }
  }

  // MARK: Terminals

  @Test("A terminal is the commands own and has its size") func aTerminalIsTheCommandsOwnAndHasItsSize()
    async throws
  {
    try await besideService { world in
      let run = try await world.shell(
        "test -t 0 && test -t 1 && test -t 2 && stty size && ps -o tpgid=,pid= -p $$", terminal: Self.size)
      let lines = run.text.split(whereSeparator: \.isNewline)
      #expect(lines.first == "30 100")
      let ids = lines.last?.split(separator: " ") ?? []
      #expect(ids.count == 2 && ids.first == ids.last, "it leads the group in front: \(run.text)")
    }
  }

  @Test("A terminal is resized and the command is told") func aTerminalIsResizedAndTheCommandIsTold()
    async throws
  {
    try await besideService { world in
      let (input, typing) = AsyncStream<ExecInput>.makeStream()
      let transcript = Transcript()
      let script = "trap 'stty size; exit 5' WINCH; echo ready; while :; do sleep 0.05; done"
      let work = Task {
        try await world.provider.exec(
          world.request(["sh", "-c", script], terminal: Self.size), input: input
        ) { transcript.add($0) }
      }
      try await world.eventually("it is ready") { transcript.text.contains("ready") }
      typing.yield(.resize(TerminalSize(columns: 132, rows: 43)))
      #expect(try await work.value == 5)
      #expect(transcript.text.contains("43 132"))
    }
  }

  @Test("What is typed is echoed and control keys work") func whatIsTypedIsEchoedAndControlKeysWork()
    async throws
  {
    try await besideService { world in
      let (input, typing) = AsyncStream<ExecInput>.makeStream()
      let transcript = Transcript()
      let work = Task {
        try await world.provider.exec(world.request(["cat"], terminal: Self.size), input: input) {
          transcript.add($0)
        }
      }
      typing.yield(.bytes(Array("hello\r".utf8)))
      try await world.eventually("it is echoed and printed") { transcript.text == "hello\r\nhello\r\n" }
      typing.yield(.bytes([3]))
      #expect(try await work.value == 128 + SIGINT)
    }
  }

  /// A shell that is typed into puts its commands into groups of their own.
  @Test("Jobs of a shell end with its terminal") func jobsOfAShellEndWithItsTerminal() async throws {
    try await besideService { world in
      let (input, typing) = AsyncStream<ExecInput>.makeStream()
      let work = Task {
        try await world.provider.exec(
          world.request(["bash", "--norc", "-i"], terminal: Self.size), input: input
        ) { _ in }
      }
      typing.yield(.bytes(Array("(trap '' HUP; sleep 1000) &\rsleep 1001\r".utf8)))
      try await world.eventually("the jobs run") { world.processes.count >= 4 }
      work.cancel()
      await #expect(throws: CancellationError.self) { try await work.value }
      try await world.eventually("only the service runs") { world.processes.count == 1 }
    }
  }

  @Test("The end of the input is control d for a terminal") func theEndOfTheInputIsControlDForATerminal()
    async throws
  {
    try await besideService { world in
      let run = try await world.exec(["cat"], input: Array("line\r".utf8), terminal: Self.size)
      #expect(run.exitCode == 0)
      #expect(run.text.contains("line\r\nline\r\n"))
    }
  }

  @Test("The kind of terminal is known") func theKindOfTerminalIsKnown() async throws {
    try await besideService { world in
      let plain = try await world.shell("echo $TERM")
      #expect(plain.text == "\n")
      let typed = try await world.shell("test -n \"$TERM\"", terminal: Self.size)
      #expect(typed.exitCode == 0)
    }
    try await besideService({ $0.env["TERM"] = "vt100" }) { world in
      let run = try await world.shell("echo $TERM", terminal: Self.size)
      #expect(run.text == "vt100\r\n")
    }
  }

  // MARK: Versions

  /// A supervisor of an older berth says so before anything is asked of it.
  @Test("An older supervisor runs no commands") func anOlderSupervisorRunsNoCommands() async throws {
    try await withWorld { world in
      let folder = world.folder()
      try Files.makeFolders(folder.path)
      let listener = try Sockets.make(AF_UNIX, Sockets.stream)
      defer { close(listener) }
      let path = folder.path + "/" + InstanceFolder.socketName
      let bound = try Sockets.withUnixAddress(path) { bind(listener, $0, $1) }
      #expect(bound == 0 && listen(listener, 1) == 0)
      // On a thread of its own from the start: a task may have to wait until one is free.
      Thread.detachNewThread {
        let peer = accept(listener, nil, nil)
        var request = [UInt8](repeating: 0, count: 1024)
        _ = recv(peer, &request, request.count, 0)
        try? Files.writeAll(#"{"reply":"hello","version":1}"#.utf8 + [10], to: peer, of: "the socket")
        close(peer)
      }
      let error = await #expect(throws: ProviderError.self) { try await world.shell("true") }
      #expect(error?.message.contains("older berth") == true)
      #expect(error?.help != nil)
    }
  }
}
