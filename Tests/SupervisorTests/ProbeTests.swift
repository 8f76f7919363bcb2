import TestSupport
import Testing

@testable import Supervisor

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct ProbeTests {
  private func check(
    _ question: CheckDefinition.Question, timeout: Int64 = 120_000
  ) async throws -> Probe.Outcome {
    let definition = CheckDefinition(question, interval: 1_000, timeout: timeout, retries: 3)
    var probe = Probe(definition, now: Clocks.monotonic) { (_: [String]) throws(Spawn.Failure) in
      throw Spawn.Failure(message: "no commands here", exitCode: 127)
    }
    while true {
      if let outcome = probe.advance(now: Clocks.monotonic) { return outcome }
      try await Task.sleep(for: .milliseconds(5))
    }
  }

  @Test(
    "An HTTP answer decides",
    arguments: [
      ("HTTP/1.1 200 OK\r\n\r\n", Probe.Outcome.passed),
      ("HTTP/1.0 302 Found\r\n\r\n", .passed),
      ("HTTP/1.1 399 Odd\r\n\r\n", .passed),
      ("HTTP/1.1 404 Not Found\r\n\r\n", .failed("the answer has the status 404")),
      ("HTTP/1.1 503 Busy\r\n\r\n", .failed("the answer has the status 503")),
      ("SSH-2.0-OpenSSH_9.2\r\n", .failed("the answer is not one of HTTP")),
      ("HTTP/1.1 xyz\r\n\r\n", .failed("the answer is not one of HTTP")),
      ("HTTP/1.1 +20 Odd\r\n\r\n", .failed("the answer is not one of HTTP")),
      ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", .passed),
      (
        "HTTP/1.1 100\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 204 None\r\n\r\n", .passed
      ),
      ("HTTP/1.1 102 Processing\n\nHTTP/1.1 200 OK\n\n", .passed),
      ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 500 No\r\n\r\n", .failed("the answer has the status 500")),
      ("HTTP/1.1 101 Switching Protocols\r\n\r\n", .failed("the answer has the status 101")),
      ("HTTP/1.1 100 Continue\r\n\r\n", .failed("the connection ended after an interim answer")),
      ("HTTP/1.1 100 Continue\r\nX: y", .failed("the answer is not one of HTTP")),
      ("HTTP/1.1 100 Continue\r\n\r\ngarbage", .failed("the answer is not one of HTTP")),
      ("", .failed("the answer is not one of HTTP")),
    ])
  func anHTTPAnswerDecides(answer: String, expected: Probe.Outcome) async throws {
    let (listener, port) = try Listener.open()
    defer { shutdown(listener, Int32(SHUT_RDWR)) }
    Listener.answer(listener, with: answer)
    #expect(try await check(.http(path: "/healthz", port: port)) == expected)
  }

  @Test("An answer may come byte by byte") func anAnswerMayComeByteByByte() {
    var answer = HTTPAnswer()
    let bytes = Array(
      "HTTP/1.1 103 Early Hints\r\nA: b\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 418".utf8)
    for byte in bytes.dropLast() { #expect(answer.append([byte]) == .incomplete) }
    #expect(answer.append(bytes.suffix(1)) == .status(418))
  }

  @Test("Interim answers without end are not read for ever") func interimAnswersWithoutEndAreNotReadForEver()
  {
    for piece in ["HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 103 Hints\r\nLink: x", "y"] {
      var answer = HTTPAnswer()
      var reading = answer.append("HTTP/1.1 103 Hints\r\nLink: ".utf8)
      var count = 0
      while reading == .incomplete, count <= HTTPAnswer.longest {
        reading = answer.append(Array(piece.utf8))
        count += piece.utf8.count
      }
      #expect(reading == .malformed("the interim answers do not end"))
    }
  }

  @Test("An interim answer alone is waited behind in vain") func anInterimAnswerAloneIsWaitedBehindInVain()
    async throws
  {
    let (listener, port) = try Listener.open()
    defer { shutdown(listener, Int32(SHUT_RDWR)) }
    Listener.answer(listener, with: "HTTP/1.1 100 Continue\r\n\r\n", keepsOpen: true)
    let outcome = try await check(.http(path: "/", port: port), timeout: 50)
    #expect(outcome == .failed("the health check took longer than 50ms"))
  }

  @Test("A connection is enough for TCP") func aConnectionIsEnoughForTCP() async throws {
    let (listener, port) = try Listener.open()
    #expect(try await check(.tcp(port: port)) == .passed)
    close(listener)
    guard case .failed = try await check(.tcp(port: port)) else {
      Issue.record("no process listens")
      return
    }
  }

  @Test("Who does not answer in time fails") func whoDoesNotAnswerInTimeFails() async throws {
    let (listener, port) = try Listener.open()
    defer { close(listener) }
    let outcome = try await check(.http(path: "/", port: port), timeout: 50)
    #expect(outcome == .failed("the health check took longer than 50ms"))
  }

  @Test("Failures in a row make a ready service unready") func failuresInARowMakeAReadyServiceUnready() {
    let check = CheckDefinition(.command(["x"]), interval: 1_000, timeout: 100, retries: 3)
    var monitor = HealthMonitor(check, now: 0)
    var now: Int64 = 0
    var passes = true
    func step() -> HealthMonitor.Finding? {
      now = monitor.deadline ?? now
      var finding = monitor.advance(now: now) { (_: [String]) throws(Spawn.Failure) in 4711 }
      monitor.processEnded(exitCode: passes ? 0 : 1)
      finding = monitor.advance(now: now) { (_: [String]) throws(Spawn.Failure) in 4711 } ?? finding
      return finding
    }
    #expect(step() == .ready)
    #expect(step() == nil)
    passes = false
    #expect(step() == nil)
    #expect(step() == nil)
    #expect(step() == .unready("the health check's command exited with code 1"))
    passes = true
    #expect(step() == .ready)
  }
}
