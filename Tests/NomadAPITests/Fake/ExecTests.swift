import NomadFake
import Testing
import Values
import Wire

@testable import NomadAPI

@Suite struct ExecTests {
  private func task(acl: Bool = false) async throws -> (scene: Scene, id: String) {
    let scene = try await Scene(acl: acl)
    _ = try await scene.client.jobs.register(Scene.job())
    let live = try await inTime { try await scene.allocations { $0.first?.clientStatus == "running" } }[0]
    return (scene, live.id)
  }

  private func run(
    _ client: NomadClient, _ command: TaskCommand, _ id: String,
    _ talk: @escaping @Sendable (ExecInput) async throws -> Void = { _ in }
  ) async throws -> [ExecEvent] {
    try await inTime {
      try await client.allocations.exec(command, in: id, namespace: nil, beats: .milliseconds(5)) { session in
        try await talk(session.input)
        return try await session.output.reduce(into: [ExecEvent]()) { $0.append($1) }
      }
    }
  }

  @Test("A command writes, and ends", arguments: [0, 3, 137]) func aCommand(_ code: Int) async throws {
    let (scene, id) = try await task()
    defer { scene.stop() }
    scene.cluster.onExec { call in
      #expect(call.command == ["sh", "-c", "a \"b\" {c}"] && call.task == "web" && !call.isTerminal)
      return .ends(code, output: "out", error: "err")
    }
    let events = try await run(
      scene.client, TaskCommand(command: ["sh", "-c", "a \"b\" {c}"], task: "web"), id)
    #expect(events == [.output(Array("out".utf8)), .error(Array("err".utf8)), .ended(code)])
  }

  @Test("A command reads, has a terminal, and sees its input end") func aTerminal() async throws {
    let (scene, id) = try await task()
    defer { scene.stop() }
    scene.cluster.onExec { call in
      #expect(call.isTerminal)
      return .echo
    }
    let long = [UInt8](repeating: 65, count: 50_000)
    let events = try await run(scene.client, TaskCommand(command: ["sh"], task: "web", terminal: true), id) {
      input in
      try await input.resize(columns: 80, rows: 25)
      try await input.write(long)
      try await Task.sleep(for: .milliseconds(20))
      try await input.finish()
    }
    var written: [UInt8] = []
    for case .output(let bytes) in events { written += bytes }
    #expect(written == Array("80x25\n".utf8) + long)
    #expect(events.last == .ended(0))
  }

  @Test("What an agent refuses after it agreed is an error") func refusals() async throws {
    let (scene, id) = try await task()
    defer { scene.stop() }
    let unknown = await #expect(throws: NomadError.self) {
      try await run(scene.client, TaskCommand(command: ["true"], task: "none"), id)
    }
    #expect(unknown?.isInvalid == true && unknown?.message.contains("unknown task name") == true)
    #expect(unknown?.mayHaveBeenDone == false)
    let missing = await #expect(throws: NomadError.self) {
      try await run(
        scene.client, TaskCommand(command: ["true"], task: "web"), "00000000-0000-0000-0000-000000000000")
    }
    #expect(missing?.isNotFound == true)
    scene.cluster.onExec { _ in FakeExecScript { _ in [.output([65]), .fails("container not running")] } }
    let client = scene.client
    let broken = await #expect(throws: NomadError.self) {
      try await run(client, TaskCommand(command: ["true"], task: "web"), id)
    }
    #expect(broken?.message.contains("container not running") == true && broken?.mayHaveBeenDone == true)
    scene.cluster.onExec { _ in FakeExecScript { _ in [.output([65]), .cut] } }
    let cut = await #expect(throws: NomadError.self) {
      try await run(client, TaskCommand(command: ["true"], task: "web"), id)
    }
    #expect(
      cut?.message.contains("before it told how the command ended") == true && cut?.mayHaveBeenDone == true)
  }

  @Test("Who may not run commands is told so") func forbidden() async throws {
    let (scene, id) = try await task(acl: true)
    defer { scene.stop() }
    scene.cluster.addPolicy("read", #"namespace "default" { policy = "read" }"#)
    let client = try await scene.client(token: scene.cluster.addToken(["read"]))
    let error = await #expect(throws: NomadError.self) {
      try await run(client, TaskCommand(command: ["true"], task: "web"), id)
    }
    #expect(error?.isForbidden == true && error?.help?.contains("capability") == true)
    scene.cluster.addPolicy("exec", #"namespace "default" { policy = "read" capabilities = ["alloc-exec"] }"#)
    let other = try await scene.client(token: scene.cluster.addToken(["exec"]))
    #expect(try await run(other, TaskCommand(command: ["true"], task: "web"), id) == [.ended(0)])
  }
}
