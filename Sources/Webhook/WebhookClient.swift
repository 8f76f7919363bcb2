import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Wire

/// One event on its way.
struct Delivery: Sendable {
  /// What tells it apart from all others; the same at each attempt.
  let id: String
  /// The name of the event.
  let event: String
  let body: String
}

/// Posts events to one address.
struct WebhookClient: Sendable {
  private let client: HTTPClient
  private let url: String
  private let secret: [UInt8]
  private let timeout: Duration
  /// What it calls itself.
  private let agent: String

  /// A client; it must be shut down.
  init(url: String, secret: [UInt8], timeout: Duration, agent: String) {
    self.url = url
    self.secret = secret
    self.timeout = timeout
    self.agent = agent
    var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
    configuration.timeout.connect = .init(timeout)
    // Attempts are counted here, and said to fail where they did.
    configuration.connectionPool.retryConnectionEstablishment = false
    client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }

  /// Posts an event once.
  ///
  /// - Parameter seconds: what time it is, in seconds since 1970.
  /// - Throws: ``DeliveryFailure`` if it was not taken.
  func post(_ delivery: Delivery, seconds: Int64) async throws(DeliveryFailure) {
    var request = HTTPClientRequest(url: url)
    request.method = .POST
    request.headers = [
      "Content-Type": "application/json", "User-Agent": agent, "Berth-Event": delivery.event,
      "Berth-Delivery": delivery.id,
      WebhookSignature.header: WebhookSignature.value(of: delivery.body, secret: secret, seconds: seconds),
    ]
    request.body = .bytes(ByteBuffer(string: delivery.body))
    let response: HTTPClientResponse
    do {
      response = try await client.execute(request, timeout: .init(timeout))
    } catch {
      throw DeliveryFailure(reason: ConnectionFailure.words(for: error), mayPass: true)
    }
    // Read to its end, a short answer leaves the connection to the next event.
    _ = try? await response.body.collect(upTo: 16 * 1024)
    let retryAfter = response.headers.first(name: "Retry-After")
    if let failure = DeliveryFailure.of(status: Int(response.status.code), retryAfter: retryAfter) {
      throw failure
    }
  }

  /// Gives up what is still open.
  func shutDown() async { try? await client.shutdown() }
}
