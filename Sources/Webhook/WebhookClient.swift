import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// One event on its way.
struct Delivery: Sendable {
  /// What tells it apart from all others; the same at each attempt.
  let id: String
  /// The name of the event.
  let event: String
  /// What is posted.
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
      throw DeliveryFailure(reason: Self.words(for: error), mayPass: true)
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

  private static func words(for error: any Error) -> String {
    switch error {
    case is CancellationError: ended
    case let error as HTTPClientError: words(for: error)
    case let error as NIOConnectionError where error.connectionErrors.isEmpty: "its name is not known"
    case let error as NIOConnectionError:
      error.connectionErrors.map { words(for: $0.error) }.joined(separator: ", ")
    case let error as IOError where error.errnoCode == ECONNREFUSED: "it refused the connection"
    default: "\(error)"
    }
  }

  private static func words(for error: HTTPClientError) -> String {
    switch error {
    case .cancelled: ended
    case .deadlineExceeded, .connectTimeout: "it did not answer in time"
    case .remoteConnectionClosed: "it closed the connection without an answer"
    default: error.shortDescription
    }
  }

  private static let ended = "the run ended before it answered"
}

extension TimeAmount {
  fileprivate init(_ duration: Duration) {
    let parts = duration.components
    self = .nanoseconds(parts.seconds * 1_000_000_000 + parts.attoseconds / 1_000_000_000)
  }
}
