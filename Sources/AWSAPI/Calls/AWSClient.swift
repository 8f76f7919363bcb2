import NIOHTTP1
import Synchronization
import Values
import Wire

/// Asks one service in one region: signs each request with credentials that are renewed as they end, and asks again where that
/// helps and does no harm.
package final class AWSClient: Sendable {
  /// Where the service is.
  package let server: ServerAddress
  package let region: String
  private let service: String
  private let credentials: (any SigningCredentials)?
  private let door: WebDoor
  private let policy: RetryPolicy
  private let budget = RetryBudget()
  private let now: @Sendable () -> Int64
  /// By how many seconds the service's clock goes ahead of this machine's.
  private let skew = Mutex<Int64>(0)

  /// - Parameters:
  ///   - service: as it is signed, such as `s3`.
  ///   - credentials: `nil` for requests that are not signed.
  ///   - now: the time, in seconds since 1970.
  package init(
    _ service: String, at server: ServerAddress, region: String, credentials: (any SigningCredentials)?,
    door: WebDoor,
    policy: RetryPolicy = RetryPolicy(), now: @escaping @Sendable () -> Int64 = { WallClock.seconds }
  ) {
    self.service = service
    self.server = server
    self.region = region
    self.credentials = credentials
    self.door = door
    self.policy = policy
    self.now = now
  }

  /// Asks, and reads the whole answer.
  ///
  /// - Parameter attempts: how often it is asked at most that breaks down or can't be reached; as the client's policy says
  ///   by default.
  /// - Throws: ``AWSError`` if the service refuses or can't be reached, or if there are no credentials; `CancellationError`.
  package func call(_ request: AWSRequest, attempts: Int? = nil) async throws -> Answer {
    var policy = policy
    if let attempts { policy.attempts = attempts }
    var last: AWSError?
    return try await policy.again(
      isRepeatable: request.isRepeatable,
      overload: "the service has refused for minutes because it is asked too much: see what asks it so often",
      failing: AWSError.self
    ) {
      if var failure = last, !budget.take() {
        failure.isGivenUp = true
        throw failure
      }
      do {
        let answer = try await once(request)
        budget.succeed()
        return answer
      } catch let error as AWSError {
        // Nothing was done with a signature that is none any more.
        if error.isExpired || error.isSkewed, let answer = try await renewed(request, after: error) {
          return answer
        }
        last = error
        throw error
      }
    }
  }

  /// Asks once more, with other credentials or by another clock, if there is one.
  private func renewed(_ request: AWSRequest, after error: AWSError) async throws -> Answer? {
    if error.isExpired {
      guard try await credentials?.renew() == true else { return nil }
    } else if skew.withLock({ $0 }) == 0 {
      return nil
    }
    return try await once(request)
  }

  private func once(_ request: AWSRequest) async throws -> Answer {
    let credentials = try await credentials?.current()
    var headers: [(name: String, value: String)] = [("Host", host)] + request.headers
    if let credentials {
      let signer = RequestSigner(credentials, region: region, service: service)
      headers += signer.headers(
        for: RequestSigner.Subject(
          request.method, path: server.path + request.encodedPath, query: request.query, headers: headers,
          body: request.body), now: now() + skew.withLock { $0 }, signsContent: service == "s3")
    }
    let hasBody = !request.body.isEmpty || request.method == .PUT || request.method == .POST
    let answer = try await door.ask(
      server, request.method, server.path + request.target, headers: headers,
      body: hasBody ? request.body : nil,
      within: request.limit)
    if (200..<300).contains(answer.status) { return answer }
    let error = Refusal(of: answer).error(answer, from: server, credentials: credentials, to: request.method)
    if error.isSkewed, let text = answer.headers.first(name: "Date"), let there = ServerTime(httpDate: text) {
      skew.withLock { $0 = there.seconds - now() }
    }
    throw error
  }

  /// The host as it is sent and signed: without the port that goes without saying.
  private var host: String {
    let usual = server.scheme == .https ? 443 : 80
    guard server.port == usual else { return server.authority }
    return server.host.contains(":") ? "[\(server.host)]" : server.host
  }

  /// Reads pages until there is no next one.
  ///
  /// - Parameter page: asks for a page by its mark, which is `nil` for the first, and tells the mark of the next.
  package func pages<Item>(
    _ page: (_ mark: String?) async throws -> (items: [Item], next: String?)
  ) async throws -> [Item] {
    var (items, mark): ([Item], String?) = ([], nil)
    repeat {
      let (found, next) = try await page(mark)
      items += found
      guard next == nil || next != mark else {
        throw AWSError(
          "\(server) answers with the same page twice", help: "see whether this is the service that is meant")
      }
      mark = next
    } while mark != nil
    return items
  }
}
