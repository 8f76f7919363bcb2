import Crypto
import Foundation
import Synchronization
import Testing
import Values

@testable import Webhook

/// Deliveries to a real receiver on this machine.
@Suite struct WebhookTests {
  private static let quick = WebhookOptions(
    firstDelay: .milliseconds(1), longestDelay: .milliseconds(2), patience: .seconds(60))

  private func sender(to url: String, _ options: WebhookOptions = quick) -> WebhookSender {
    let count = Mutex(0)
    return WebhookSender(
      url: url, secret: Array("key".utf8), agent: "berth/test", options: options, now: { 1_700_000_000 },
      makeID: {
        count.withLock {
          $0 += 1; return "delivery-\($0)"
        }
      })
  }

  @Test("An event is posted and signed") func anEventIsPostedAndSigned() async throws {
    let server = try HookServer()
    defer { server.close() }
    let sender = sender(to: server.url)
    sender.send("recorded", "{\"release\":5}\n")
    #expect(await sender.finish() == .init(events: 1, delivered: 1))
    let request = try #require(server.requests.first)
    #expect(request.body == #"{"release":5}"#)
    #expect(request.headers["content-type"] == "application/json")
    #expect(request.headers["user-agent"] == "berth/test")
    #expect(request.headers["berth-event"] == "recorded")
    #expect(request.headers["berth-delivery"] == "delivery-1")
    // As a receiver checks it.
    let signature = try #require(request.headers["berth-signature"])
    let parts = signature.split(separator: ",").map { $0.split(separator: "=").last.map(String.init) ?? "" }
    let code = HMAC<SHA256>.authenticationCode(
      for: Data("\(parts[0]).\(request.body)".utf8), using: SymmetricKey(data: Data("key".utf8)))
    #expect(parts == ["1700000000", Hex.lower(code)])
  }

  /// A code that another program made: `printf '%s' '1700000000.{}' | openssl dgst -sha256 -hmac key`.
  @Test("The code is the HMAC-SHA256 that other programs make") func theCodeIsWhatOthersMake() {
    #expect(
      WebhookSignature.value(of: "{}", secret: Array("key".utf8), seconds: 1_700_000_000)
        == "t=1700000000,v1=9d713ed406bb7076d4123f0dc2c39d2df5c654ed4b0cd56b52c8b4c940bd63ae")
  }

  @Test("What fails is tried again in order under the same ID")
  func whatFailsIsTriedAgainInOrderUnderTheSameID() async throws {
    let server = try HookServer([.status(500), .hangUp, .status(200), .status(429, "Retry-After: 0\r\n")])
    defer { server.close() }
    let sender = sender(to: server.url)
    sender.send("planned", "1")
    sender.send("finished", "2")
    #expect(await sender.finish().undelivered == 0)
    #expect(server.requests.map(\.body) == ["1", "1", "1", "2", "2"])
    #expect(
      server.requests.map { $0.headers["berth-delivery"] }
        == ["delivery-1", "delivery-1", "delivery-1", "delivery-2", "delivery-2"])
  }

  @Test(
    "What is refused is told and the next one goes on", arguments: [(400, 1), (404, 1), (301, 1), (503, 5)])
  func whatIsRefusedIsToldAndTheNextOneGoesOn(status: Int, attempts: Int) async throws {
    // A redirect leads to the receiver itself: it would see a sender that follows it.
    let answers = Array(repeating: HookServer.Answer.status(status, "Location: /other\r\n"), count: attempts)
    let server = try HookServer(answers)
    defer { server.close() }
    let sender = sender(to: server.url)
    sender.send("planned", "1")
    sender.send("finished", "2")
    #expect(
      await sender.finish() == .init(events: 2, delivered: 1, reason: "it answered \(status)"))
    #expect(server.requests.map(\.body) == Array(repeating: "1", count: attempts) + ["2"])
  }

  @Test("A receiver that is not there is told") func aReceiverThatIsNotThereIsTold() async throws {
    let server = try HookServer()
    server.close()
    let sender = sender(to: server.url)
    sender.send("finished", "1")
    #expect(
      await sender.finish() == .init(events: 1, delivered: 0, reason: "it refused the connection"))
  }

  @Test("A receiver that keeps silent is not waited for forever")
  func aReceiverThatKeepsSilentIsNotWaitedForForever() async throws {
    let server = try HookServer([.silence])
    defer { server.close() }
    var options = Self.quick
    (options.patience, options.timeout) = (.milliseconds(200), .seconds(3600))
    let sender = sender(to: server.url, options)
    for number in 1...3 { sender.send("finished", "\(number)") }
    #expect(
      await sender.finish() == .init(events: 3, delivered: 0, reason: "the run ended before it answered"))
  }

  @Test("An answer that takes too long is a failure") func anAnswerThatTakesTooLongIsAFailure() async throws {
    let server = try HookServer([.silence])
    defer { server.close() }
    var options = Self.quick
    options.timeout = .milliseconds(200)
    let sender = sender(to: server.url, options)
    sender.send("finished", "1")
    #expect(await sender.finish().delivered == 1)
    // On a busy machine a second answer may come too late as well.
    #expect(server.requests.count >= 2)
  }

  @Test("No more wait than there is room for") func noMoreWaitThanThereIsRoomFor() async throws {
    let server = try HookServer([.silence])
    defer { server.close() }
    var options = Self.quick
    // The first delivery waits until the sender gives up, however late a busy machine lets it.
    (options.capacity, options.patience, options.timeout) = (2, .milliseconds(200), .seconds(3600))
    let sender = sender(to: server.url, options)
    for number in 1...10 { sender.send("finished", "\(number)") }
    let report = await sender.finish()
    #expect(report.events == 10 && report.delivered == 0)
    #expect(server.requests.count <= 1)
  }

  // MARK: Rules

  @Test(
    "Pauses grow",
    arguments: [
      (1, nil, 500), (2, nil, 1000), (4, nil, 4000), (5, nil, nil), (1, 3, 3000), (1, 600, 10_000),
      (4, 1, 4000),
    ] as [(Int, Int64?, Int64?)])
  func pausesGrow(attempt: Int, asked: Int64?, milliseconds: Int64?) {
    let failure = DeliveryFailure(reason: "", mayPass: true, retryAfter: asked.map { .seconds($0) })
    #expect(WebhookOptions().delay(after: attempt, of: failure) == milliseconds.map { .milliseconds($0) })
    #expect(WebhookOptions().delay(after: attempt, of: DeliveryFailure(reason: "", mayPass: false)) == nil)
  }

  @Test(
    "An answer is understood",
    arguments: [
      (204, nil, nil), (302, nil, false), (401, nil, false), (408, nil, true), (429, "7", true),
      (500, "Fri, 31 Dec 1999 23:59:59 GMT", true), (599, nil, true),
    ] as [(Int, String?, Bool?)])
  func anAnswerIsUnderstood(status: Int, retryAfter: String?, mayPass: Bool?) {
    let failure = DeliveryFailure.of(status: status, retryAfter: retryAfter)
    #expect(failure?.mayPass == mayPass)
    #expect(failure?.retryAfter == (retryAfter == "7" ? .seconds(7) : nil))
  }

  @Test("A long event loses its long members") func aLongEventLosesItsLongMembers() throws {
    let plan = String(repeating: "x", count: 5000)
    let event = #"{"event":"planned","plan":"\#(plan)","release":5}"# + "\n"
    #expect(EventBody.bounded(event) == String(event.dropLast()))
    #expect(
      EventBody.bounded(event, limit: 4000)
        == #"{"event":"planned","plan":null,"release":5,"omitted":["plan"]}"#)
  }
}
