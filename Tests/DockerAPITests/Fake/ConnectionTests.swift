import Foundation
import NIOCore
import Testing

@testable import DockerAPI

@Suite struct ConnectionTests {
  private static func failure(of endpoint: DockerEndpoint) async -> DockerError? {
    do {
      _ = try await DockerClient.connect(to: endpoint)
      return nil
    } catch {
      return error as? DockerError
    }
  }

  @Test("A missing socket is named") func aMissingSocketIsNamed() async throws {
    let error = try #require(await Self.failure(of: .unix(path: "/tmp/berth-no-such.sock")))
    #expect(error.message == "unix:///tmp/berth-no-such.sock can't be reached: No such file or directory")
    #expect(error.help?.contains("is Docker installed and running?") == true)
    #expect(error.status == nil)
  }

  @Test("A socket without a listener is told apart") func aSocketThatNobodyListensOnIsToldApart()
    async throws
  {
    let path = FakeEngine.temporaryPath()
    defer { unlink(path) }
    FakeEngine.leaveSocket(at: path)
    let error = try #require(await Self.failure(of: .unix(path: path)))
    #expect(error.message.hasSuffix("Connection refused"))
    #expect(error.help?.contains("no engine listens on it") == true)
  }

  @Test("A closed port is refused") func aClosedPortIsRefused() async throws {
    let error = try #require(await Self.failure(of: .tcp(host: "127.0.0.1", port: 1, tls: nil)))
    #expect(error.message == "tcp://127.0.0.1:1 can't be reached: Connection refused")
  }

  @Test("What the system says is explained") func whatTheSystemSaysIsExplained() throws {
    let transport = try Transport(endpoint: .standard)
    let error =
      DockerError.explaining(IOError(errnoCode: EACCES, reason: "connect"), at: transport) as? DockerError
    #expect(error?.message == "unix:///var/run/docker.sock can't be reached: Permission denied")
    #expect(error?.help?.contains("group") == true)
  }

  @Test("Any path of a socket is found") func anyPathOfASocketIsFound() async throws {
    let path = FakeEngine.temporaryPath() + " Größe%20?#:@"
    let engine = try await FakeEngine.start(at: path) { _ in .send([FakeEngine.pong]) }
    defer { engine.stop() }
    _ = try await DockerClient.connect(to: .unix(path: path))
  }

  @Test("A path that is too long is no socket") func aPathThatIsTooLongIsNoSocket() async throws {
    let error = await Self.failure(of: .unix(path: "/tmp/" + String(repeating: "x", count: 200)))
    #expect(error != nil)
  }

  struct Stranger: Sendable, CustomTestStringConvertible {
    let answer: [String]
    let reason: String
    var testDescription: String { reason }
  }

  @Test(
    "Strangers are told from engines",
    arguments: [
      Stranger(answer: ["HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"], reason: "is no Docker engine"),
      Stranger(answer: ["SSH-2.0-OpenSSH_9.2p1\r\n"], reason: "no HTTP"),
      Stranger(answer: ["\u{15}\u{3}\u{1}\0\u{2}\u{2}P"], reason: "no HTTP"),
      Stranger(answer: [], reason: "closed the connection"),
      Stranger(
        answer: ["HTTP/1.1 301 Moved\r\nLocation: https://other/\r\nContent-Length: 0\r\n\r\n"],
        reason: "sends elsewhere, to https://other/"),
      Stranger(
        answer: ["HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n"], reason: "answers 502 Bad Gateway"),
      Stranger(
        answer: ["HTTP/1.1 200 OK\r\nApi-Version: 1.40\r\nContent-Length: 0\r\n\r\n"], reason: "is too old"),
      Stranger(
        answer: ["HTTP/1.1 200 OK\r\nApi-Version: new\r\nContent-Length: 0\r\n\r\n"], reason: "\"new\""),
    ])
  func strangersAreToldFromEngines(_ stranger: Stranger) async throws {
    let engine = try await FakeEngine.start { _ in .sendAndClose(stranger.answer) }
    defer { engine.stop() }
    let error = try #require(await Self.failure(of: engine.endpoint))
    #expect(error.message.contains(stranger.reason), "\(error.message)")
    #expect(error.help != nil || stranger.reason == "\"new\"")
  }

  @Test(
    "The newest version that both know is spoken",
    arguments: [("1.41", "1.41"), ("1.44", "1.44"), ("1.99", "1.47"), ("2.0", "1.47")])
  func theNewestVersionThatBothKnowIsSpoken(_ offered: String, spoken: String) async throws {
    let engine = try await FakeEngine.start { line in
      line.hasPrefix("HEAD")
        ? .send(["HTTP/1.1 200 OK\r\nApi-Version: \(offered)\r\nContent-Length: 2\r\n\r\n"])
        : .send([FakeEngine.answer("200 OK", "[]")])
    }
    defer { engine.stop() }
    let docker = try await DockerClient.connect(to: engine.endpoint)
    #expect("\(docker.version)" == spoken)
    #expect(try await docker.containers.list(all: false).isEmpty)
    #expect(engine.requests == ["HEAD /_ping HTTP/1.1", "GET /v\(spoken)/containers/json HTTP/1.1"])
  }

  @Test("An engine that never answers is given up") func anEngineThatNeverAnswersIsGivenUp() async throws {
    let engine = try await FakeEngine.start { _ in .nothing }
    defer { engine.stop() }
    let transport = try Transport(endpoint: engine.endpoint)
    let error = await #expect(throws: DockerError.self) {
      try await transport.call(Request(.HEAD, "_ping").within(.milliseconds(20)), version: nil)
    }
    #expect(error?.message.contains("did not answer within") == true)
  }

  @Test("Waiting ends when it is cancelled") func waitingEndsWhenItIsCancelled() async throws {
    let (engine, docker) = try await FakeEngine.answering { _ in .nothing }
    defer { engine.stop() }
    let call = Task { try await docker.system.version() }
    let stream = Task { for try await _ in try await docker.system.events() {} }
    let hijack = Task { try await docker.execs.start("x", terminal: false) { _ in } }
    while engine.requests.count < 4 { try await Task.sleep(for: .milliseconds(5)) }
    call.cancel()
    stream.cancel()
    hijack.cancel()
    await #expect(throws: CancellationError.self) { try await call.value }
    await #expect(throws: CancellationError.self) { try await stream.value }
    await #expect(throws: CancellationError.self) { try await hijack.value }
  }
}
