import Foundation
import NIOCore
import Testing

@testable import DockerAPI

/// Engines that mean harm, or are broken: whatever they send, a clear error comes of it, and nothing grows with it.
@Suite struct HostileEngineTests {
  private static let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
  private static let agreement = "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n"

  /// What becomes of a call, a stream and a connection that is asked for.
  private static func errors(of reply: FakeEngine.Reply) async throws -> [String: DockerError] {
    let (engine, docker) = try await FakeEngine.answering { _ in reply }
    defer { engine.stop() }
    var errors: [String: DockerError] = [:]
    do { _ = try await docker.volumes.list() } catch { errors["call"] = error as? DockerError }
    do { for try await _ in try await docker.system.events() {} } catch {
      errors["stream"] = error as? DockerError
    }
    do { try await docker.execs.start("x", terminal: false) { for try await _ in $0.output {} } } catch {
      errors["connection"] = error as? DockerError
    }
    return errors
  }

  @Test("A header without end is given up") func aHeaderWithoutEndIsGivenUp() async throws {
    let errors = try await Self.errors(
      of: .sendForever("HTTP/1.1 200 OK\r\nX: ", String(repeating: "x", count: 4096)))
    #expect(Set(errors.keys) == ["call", "stream", "connection"])
    for error in errors.values { #expect(error.message.contains("no HTTP"), "\(error)") }
  }

  @Test("Headers without end are given up") func headersWithoutEndAreGivenUp() async throws {
    let errors = try await Self.errors(
      of: .sendForever("HTTP/1.1 200 OK\r\n", (0..<100).map { "X-\($0): y\r\n" }.joined()))
    #expect(Set(errors.keys) == ["call", "stream", "connection"])
    for error in errors.values { #expect(error.message.contains("no HTTP"), "\(error)") }
  }

  @Test("Redirections are not followed", arguments: [301, 302, 303, 307, 308])
  func redirectionsAreNotFollowed(_ status: Int) async throws {
    let other = try await FakeEngine.start(isLocal: false) { _ in
      .send([FakeEngine.answer("200 OK", #"{"Volumes":[]}"#)])
    }
    defer { other.stop() }
    guard case .tcp(let host, let port, _) = other.endpoint else {
      Issue.record("it listens on no port")
      return
    }
    let errors = try await Self.errors(
      of: .send([
        FakeEngine.answer("\(status) Moved", "", headers: ["Location: http://\(host):\(port)/v1.41/volumes"])
      ]))
    #expect(Set(errors.keys) == ["call", "stream", "connection"])
    for error in errors.values { #expect(error.message.contains("sends elsewhere"), "\(error)") }
    #expect(other.requests == [])
  }

  @Test(
    "Wrong lengths are errors",
    arguments: [
      // Less than it says comes, more than it says, and a length that is none.
      "HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n{\"Volumes\":[]}",
      "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{\"Volumes\":[]}",
      "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n{\"Volumes\":[]}",
      "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n{\"Volumes\":[]}",
      "HTTP/1.1 200 OK\r\nContent-Length: 14\r\nContent-Length: 3\r\n\r\n{\"Volumes\":[]}",
      // Half a chunk, a chunk without end, and one that is longer than there are numbers.
      "\(chunked)e\r\n{\"Volu", "\(chunked)7fffffffffffffff\r\n{\"Volumes\":[]}",
      "\(chunked)ffffffffffffffffff\r\n{\"Volumes\":[]}", "\(chunked)xyz\r\n{\"Volumes\":[]}",
    ])
  func wrongLengthsAreErrors(_ answer: String) async throws {
    let errors = try await Self.errors(of: .sendAndClose([answer]))
    for way in ["call", "stream"] { #expect(errors[way]?.message.isEmpty == false, "\(way): \(answer)") }
    #expect(errors["connection"] != nil)
  }

  @Test("JSON nested deep is no crash") func jsonNestedDeepIsNoCrash() async throws {
    for opening in ["[", "{\"a\":"] {
      let nested = String(repeating: opening, count: 100_000)
      let errors = try await Self.errors(of: .send([FakeEngine.answer("200 OK", nested)]))
      for way in ["call", "stream"] {
        #expect(errors[way]?.message.contains("makes no sense") == true, "\(way): \(errors)")
      }
      let refusals = try await Self.errors(of: .send([FakeEngine.answer("500 Oh", nested)]))
      for error in refusals.values { #expect(error.status == 500) }
    }
  }

  @Test("A message of four gigabytes is handed out piece by piece")
  func aMessageOfFourGigabytesIsHandedOutPieceByPiece() async throws {
    let header: [UInt8] = [1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]
    let head = "HTTP/1.1 200 OK\r\n\r\n"
    let text = [UInt8](repeating: UInt8(ascii: "x"), count: 100_000)
    for (start, isLog) in [(head, true), (Self.agreement, false)] {
      let (engine, docker) = try await FakeEngine.answering { _ in
        .sendBytes(Array(start.utf8) + header + text)
      }
      defer { engine.stop() }
      var count = 0
      let error = await #expect(throws: DockerError.self) {
        if isLog {
          for try await line in try await docker.containers.logs("x") {
            #expect(line.bytes.count <= 1 << 20)
            count += line.bytes.count
          }
        } else {
          try await docker.execs.start("x", terminal: false) { streams in
            for try await chunk in streams.output { count += chunk.bytes.count }
          }
        }
      }
      #expect(error?.message.contains("in the middle of a message") == true, "\(error?.message ?? "")")
      // A line is kept together, up to a limit that is beyond this text.
      #expect(isLog ? count == 0 : count <= text.count && count >= 64 * 1024)
    }
  }

  @Test("Text that is none is mended") func textThatIsNoneIsMended() async throws {
    let body: [UInt8] = Array("{\"message\":\"no \u{1B}[2J".utf8) + [0xFF, 0xC0, 0x80] + Array("\"}".utf8)
    let head = "HTTP/1.1 500 Oh\r\nContent-Length: \(body.count)\r\n\r\n"
    let errors = try await Self.errors(of: .sendBytes(Array(head.utf8) + body))
    #expect(Set(errors.keys) == ["call", "stream", "connection"])
    for error in errors.values { #expect(error.status == 500 && !error.message.isEmpty) }
    let frame: [UInt8] = [3, 0, 0, 0, 0, 0, 0, 3, 0xFF, 0x1B, 0xC0]
    let stopped = try await Self.errors(of: .sendBytes(Array(Self.agreement.utf8) + frame))
    #expect(stopped["connection"]?.message.contains("can't go on") == true)
  }

  @Test(
    "Numbers that do not fit are errors",
    arguments: ["-1", "9223372036854775808", "1e400", "NaN", "1.5", "\"1\""])
  func numbersThatDoNotFitAreErrors(_ number: String) async throws {
    let event = #"{"Type":"container","Action":"die","Actor":{"ID":"x"},"time":\#(number)}"#
    let errors = try await Self.errors(of: .sendAndClose([FakeEngine.answer("200 OK", event + "\n")]))
    #expect((errors["stream"] == nil) == (number == "-1"))
  }

  @Test("A stream that never begins is given up") func aStreamThatNeverBeginsIsGivenUp() async throws {
    for reply in [FakeEngine.Reply.nothing, .send(["HTTP/1.1 200 OK\r\n"])] {
      let (engine, docker) = try await FakeEngine.answering { _ in reply }
      defer { engine.stop() }
      let error = await #expect(throws: DockerError.self) {
        let request = Request(.GET, "containers", "x", "logs").within(.milliseconds(50))
        _ = try await docker.transport.stream(request, version: docker.version)
      }
      #expect(error?.message.contains("\(docker.endpoint) did not answer within") == true)
      #expect(error?.help != nil)
    }
  }

  @Test("A stream that has begun may keep silent") func aStreamThatHasBegunMayKeepSilent() async throws {
    let limit = Duration.seconds(3)
    for (reply, isConnection) in [(Self.chunked, false), (Self.agreement, true)] {
      let (engine, docker) = try await FakeEngine.answering { _ in
        .sendLater(reply, limit + .milliseconds(500), isConnection ? "late" : "4\r\nlate\r\n0\r\n\r\n")
      }
      defer { engine.stop() }
      var text = ""
      if isConnection {
        let request = Request(.POST, "exec", "x", "start").within(limit)
        let connection = try await docker.transport.hijack(request, version: docker.version)
        try await connection.executeThenClose { inbound, _ in
          for try await bytes in inbound {
            text += String(buffer: bytes)
            if text == "late" { break }
          }
        }
      } else {
        let request = Request(.GET, "events").within(limit)
        for try await bytes in try await docker.transport.stream(request, version: docker.version) {
          text += String(buffer: bytes)
        }
      }
      #expect(text == "late")
    }
  }

  @Test("A connection that is never handed over is given up") func aConnectionThatIsNeverHandedOverIsGivenUp()
    async throws
  {
    for reply in [FakeEngine.Reply.nothing, .send(["HTTP/1.1 101 UPGRADED\r\n"])] {
      let (engine, docker) = try await FakeEngine.answering { _ in reply }
      defer { engine.stop() }
      let error = await #expect(throws: DockerError.self) {
        let request = Request(.POST, "exec", "x", "start").within(.milliseconds(50))
        _ = try await docker.transport.hijack(request, version: docker.version)
      }
      #expect(error?.message.contains("did not answer within") == true)
      #expect(error?.help != nil)
    }
  }
}
