import NIOCore
import Testing
import Values
import Wire

@testable import KubernetesAPI

@Suite struct ExecTests {
  private static let good: [UInt8] = [3] + Array(#"{"status":"Success"}"#.utf8)
  private static func text(_ channel: UInt8, _ text: String) -> FakeServer.WebSocketMessage {
    .binary([channel] + Array(text.utf8))
  }

  private static func run(
    _ reply: FakeServer.Reply, _ command: ExecCommand = ExecCommand(command: ["cat"], takesInput: true),
    _ body: (ExecSession) async throws -> Void = { _ in }
  ) async throws -> (events: [ExecEvent], request: FakeServer.Request?) {
    let (server, cluster) = try await FakeServer.answering { _ in reply }
    defer { server.stop() }
    let events = try await cluster.pods.exec(command, pod: "pod", in: "shop") { session in
      try await body(session)
      return try await session.output.reduce(into: [ExecEvent]()) { $0.append($1) }
    }
    return (events, server.questions.first)
  }

  @Test("A command is asked for and its output told") func aCommandIsAskedForAndItsOutputTold() async throws {
    let reply = FakeServer.Reply.webSocket(
      subprotocol: ExecMessage.v5,
      first: [
        .binary([1]), .binary([2]), Self.text(1, "out"), Self.text(2, "err"), .binary([255, 1]),
        .binary(Self.good),
      ]
    ) { _ in [] }
    let command = ExecCommand(command: ["sh", "-c", "a & b"], container: "main")
    let result = try await Self.run(reply, command)
    #expect(result.events == [.output(Array("out".utf8)), .error(Array("err".utf8)), .ended(0)])
    let request = try #require(result.request)
    #expect(
      request.target
        == "/api/v1/namespaces/shop/pods/pod/exec?container=main&stdout=true&stderr=true&command=sh&command=-c&command=a%20%26%20b"
    )
    #expect(request.headers["sec-websocket-protocol"] == "v5.channel.k8s.io, v4.channel.k8s.io")
    #expect(request.headers["authorization"] == "Bearer t0")
    #expect(request.headers["upgrade"] == "websocket")
  }

  @Test("A terminal is one stream") func aTerminalIsOneStream() async throws {
    let reply = FakeServer.Reply.webSocket(subprotocol: ExecMessage.v4, first: [.binary(Self.good)]) { _ in []
    }
    let result = try await Self.run(reply, ExecCommand(command: ["sh"], terminal: true, takesInput: true))
    #expect(result.request?["tty"] == "true" && result.request?["stdin"] == "true")
    #expect(result.request?["stderr"] == nil)
  }

  @Test("Input is sent and ended") func inputIsSentAndEnded() async throws {
    let reply = FakeServer.Reply.webSocket(subprotocol: ExecMessage.v5, first: []) { message in
      switch message.first {
      case 0: [.binary([1] + message.dropFirst())]
      case 4: [Self.text(1, String(decoding: message.dropFirst(), as: UTF8.self))]
      case 255 where message == [255, 0]: [.binary(Self.good)]
      default: []
      }
    }
    let result = try await Self.run(reply) { session in
      #expect(session.input.canFinish)
      try await session.input.write(Array("hello".utf8))
      try await session.input.resize(columns: 80, rows: 24)
      try await session.input.write([UInt8](repeating: 7, count: 70_000))
      try await session.input.finish()
    }
    #expect(result.events.first == .output(Array("hello".utf8)))
    #expect(result.events.dropFirst().first == .output(Array(#"{"Width":80,"Height":24}"#.utf8)))
    let sizes = result.events.dropFirst(2).dropLast().map { event in
      if case .output(let bytes) = event { bytes.count } else { 0 }
    }
    #expect(sizes == [32768, 32768, 4464])
    #expect(result.events.last == .ended(0))
  }

  @Test("An old server cannot end input") func anOldServerCannotEndInput() async throws {
    let reply = FakeServer.Reply.webSocket(subprotocol: ExecMessage.v4, first: [.binary(Self.good)]) { _ in []
    }
    _ = try await Self.run(reply) { session in
      #expect(!session.input.canFinish)
      let error = await #expect(throws: KubernetesError.self) { try await session.input.finish() }
      #expect(error?.message.contains("can't tell a command that its input has ended") == true)
    }
    // What was not given input needs no end of it.
    _ = try await Self.run(reply, ExecCommand(command: ["true"])) { session in
      try await session.input.finish()
      await #expect(throws: KubernetesError.self) { try await session.input.write([1]) }
    }
  }

  @Test("Pings are answered") func pingsAreAnswered() async throws {
    let reply = FakeServer.Reply.webSocket(subprotocol: ExecMessage.v4, first: [.ping(Array("p".utf8))]) {
      message in
      message == Array("pong p".utf8) ? [.binary(Self.good)] : []
    }
    #expect(try await Self.run(reply).events == [.ended(0)])
  }

  @Test("A silent connection is kept alive") func aSilentConnectionIsKeptAlive() async throws {
    let pings = Counter()
    let (server, cluster) = try await FakeServer.answering { _ in
      .webSocket(subprotocol: ExecMessage.v4, first: []) { message in
        message == Array("ping ".utf8) && pings.next() == 2 ? [.binary(Self.good)] : []
      }
    }
    defer { server.stop() }
    let command = ExecCommand(command: ["sleep", "7200"])
    try await cluster.pods.exec(command, pod: "pod", in: "shop", pings: .milliseconds(1)) { session in
      for try await event in session.output { #expect(event == .ended(0)) }
    }
    #expect(pings.value >= 3)
  }

  @Test("An exit status is told and nothing after it") func anExitStatusIsToldAndNothingAfterIt() async throws
  {
    let status =
      #"{"status":"Failure","reason":"NonZeroExitCode","details":{"causes":[{"reason":"ExitCode","message":"42"}]}}"#
    let reply = FakeServer.Reply.webSocket(
      subprotocol: ExecMessage.v4,
      first: [.binary([3]), Self.text(3, status), Self.text(1, "late"), .close(1000, "")]
    ) { _ in [] }
    #expect(try await Self.run(reply).events == [.ended(42)])
  }

  @Test(
    "A connection that breaks is an error",
    arguments: [
      (
        [FakeServer.WebSocketMessage.cut],
        "the server ended the connection before it told how the command ended"
      ),
      ([.close(1011, "node is gone")], "how the command ended: node is gone"),
      ([.close(1006, "")], "how the command ended: 1006"),
      ([.binary([9])], "what comes from the command makes no sense"),
      ([.binary([])], "what comes from the command makes no sense"),
      ([.binary([3, 1])], "how the command ended makes no sense"),
    ])
  func aConnectionThatBreaksIsAnError(_ messages: [FakeServer.WebSocketMessage], _ text: String) async throws
  {
    let error = await #expect(throws: KubernetesError.self) {
      try await Self.run(.webSocket(subprotocol: ExecMessage.v4, first: messages) { _ in [] })
    }
    #expect(error?.message.contains(text) == true, "\(error?.message ?? "")")
  }

  @Test(
    "A refusal is told",
    arguments: [
      (FakeServer.Reply.status(403, "Forbidden", "ada may not exec"), "ada may not exec"),
      (.status(500, "InternalError", "container not found"), "container not found"),
      (.json(200, ["kind": "Pod"]), "answers 200"), (.drop, "closed the connection"),
      (
        .webSocket(subprotocol: "channel.k8s.io", first: []) { _ in [] },
        "the server speaks none of v5.channel.k8s.io, v4.channel.k8s.io"
      ),
      (
        .send(["HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: x\r\n\r\n"]),
        "a WebSocket that was not asked for"
      ),
      (.sendForever("HTTP/1.1 101 S\r\nX: ", String(repeating: "x", count: 4096)), "no HTTP"),
    ])
  func aRefusalIsTold(_ reply: FakeServer.Reply, _ text: String) async throws {
    let (server, cluster) = try await FakeServer.answering { _ in reply }
    defer { server.stop() }
    let error = await #expect(throws: KubernetesError.self) {
      try await cluster.pods.exec(ExecCommand(command: ["x"]), pod: "pod", in: "shop") { _ in }
    }
    #expect(error?.message.contains(text) == true, "\(error?.message ?? "")")
    // A command is not run twice.
    #expect(server.questions.count == 1)
  }

  @Test("A server that never agrees is given up") func aServerThatNeverAgreesIsGivenUp() async throws {
    let (server, cluster) = try await FakeServer.answering { _ in .nothing }
    defer { server.stop() }
    let error = await #expect(throws: KubernetesError.self) {
      try await cluster.transport.webSocket(
        Request(.GET, ["x"]).within(.milliseconds(50)), protocols: [ExecMessage.v5])
    }
    #expect(error?.message.contains("did not answer within") == true, "\(error?.message ?? "")")
    let task = Task {
      try await cluster.pods.exec(ExecCommand(command: ["x"]), pod: "pod", in: "shop") { _ in }
    }
    while server.questions.count < 2 { await Task.yield() }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test("A command that is waited for can be cancelled") func aCommandThatIsWaitedForCanBeCancelled()
    async throws
  {
    let (server, cluster) = try await FakeServer.answering { _ in
      .webSocket(subprotocol: ExecMessage.v5, first: [Self.text(1, "x")]) { _ in [] }
    }
    defer { server.stop() }
    let (started, start) = AsyncStream.makeStream(of: Void.self)
    let task = Task {
      try await cluster.pods.exec(ExecCommand(command: ["x"]), pod: "pod", in: "shop") { session in
        for try await _ in session.output { start.yield() }
      }
    }
    for await _ in started { break }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test("Logs are told") func logsAreTold() async throws {
    let (server, cluster) = try await FakeServer.answering { request in
      request.number == 1
        ? .drop
        : .sendAndClose([
          "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", "2026-11-21T02:47:00.5Z a\n",
          "2026-11-21T02:47:01Z b",
        ])
    }
    defer { server.stop() }
    let query = PodLogQuery(
      container: "main", follows: true, previous: true, since: ServerTime(seconds: 0), tail: 5, times: true)
    var lines: [LoggedLine] = []
    for try await line in try await cluster.pods.logs("pod", in: "shop", query) { lines.append(line) }
    #expect(lines.map { String(decoding: $0.bytes, as: UTF8.self) } == ["a", "b"])
    #expect(lines.last?.time == ServerTime("2026-11-21T02:47:01Z"))
    #expect(
      server.questions.last?.target
        == "/api/v1/namespaces/shop/pods/pod/log?container=main&follow=true&previous=true&sinceTime=1970-01-01T00%3A00%3A00Z&tailLines=5&timestamps=true"
    )
  }

  @Test("Logs that break off are an error") func logsThatBreakOffAreAnError() async throws {
    let (server, cluster) = try await FakeServer.answering { _ in
      .sendAndClose(["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "2\r\na\n\r\n"])
    }
    defer { server.stop() }
    var lines = 0
    let logs = try await cluster.pods.logs("pod", in: "shop")
    let error = await #expect(throws: KubernetesError.self) { for try await _ in logs { lines += 1 } }
    #expect(lines == 1)
    #expect(error?.message.contains("closed the connection") == true)
  }
}
