import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Values
import Wire

/// Asks the API of a forge: one request, one answer, both within bounds. It follows no redirect, so that the token reaches
/// no host but that of the API.
struct ForgeClient: Sendable {
  struct Answer: Sendable {
    let json: JSON
    /// Whether it is a part of a list that goes on.
    let goesOn: Bool
  }

  let pipeline: ForgePipeline
  private let options: ForgeOptions
  private let agent: String
  private let client: HTTPClient

  /// The longest answer that is read, in bytes: a page of the longest comments.
  private static let answerLimit = 64 * 1024 * 1024
  /// The longest reason that is passed on, in characters.
  private static let reasonLimit = 300

  /// A client; it must be shut down.
  init(_ pipeline: ForgePipeline, agent: String, options: ForgeOptions) {
    self.pipeline = pipeline
    self.options = options
    self.agent = agent
    var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
    configuration.timeout.connect = .init(options.timeout)
    // What is tried again, and how often, is decided in one place.
    configuration.connectionPool.retryConnectionEstablishment = false
    client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }

  /// Gives up what is still open.
  func shutDown() async { try? await client.shutdown() }

  /// Reads, as often as it takes within the options.
  func read(_ path: String) async throws -> Answer {
    var attempt = 1
    while true {
      do throws(ForgeFailure) {
        return try await ask(.GET, path)
      } catch {
        guard let pause = options.pause(after: attempt, of: error) else { throw error }
        try await options.sleep(pause)
        attempt += 1
      }
    }
  }

  /// Asks once.
  ///
  /// - Parameters:
  ///   - path: what follows the address of the API, without a slash before it.
  ///   - body: what is sent.
  func ask(_ method: HTTPMethod, _ path: String, _ body: JSON? = nil) async throws(ForgeFailure) -> Answer {
    var request = HTTPClientRequest(url: "\(pipeline.api)/\(path)")
    request.method = method
    request.headers = headers
    if let body {
      request.headers.add(name: "Content-Type", value: "application/json")
      request.body = .bytes(ByteBuffer(string: body.text))
    }
    let response: HTTPClientResponse
    let bytes: ByteBuffer
    do {
      response = try await client.execute(request, timeout: .init(options.timeout))
      bytes = try await response.body.collect(upTo: Self.answerLimit)
    } catch {
      throw ForgeFailure(kind: .lost, reason: ConnectionFailure.words(for: error))
    }
    // An answer without a body has nothing to say but that it is done.
    let parsed = bytes.readableBytes == 0 ? JSON.null : try? JSON(parsing: bytes.readableBytesView)
    let status = Int(response.status.code)
    guard (200..<300).contains(status) else {
      throw Self.failure(status, response.headers, parsed)
    }
    guard let parsed else {
      throw ForgeFailure(kind: .lost, reason: "its answer is no JSON")
    }
    let links = response.headers["Link"].joined(separator: ",")
    return Answer(json: parsed, goesOn: links.contains("rel=\"next\""))
  }

  private var headers: HTTPHeaders {
    var headers: HTTPHeaders = ["User-Agent": agent, "Accept": "application/json"]
    switch pipeline.forge {
    case .github:
      headers.replaceOrAdd(name: "Accept", value: "application/vnd.github+json")
      headers.add(name: "X-GitHub-Api-Version", value: "2022-11-28")
      headers.add(name: "Authorization", value: "Bearer \(pipeline.token)")
    case .gitlab: headers.add(name: "PRIVATE-TOKEN", value: pipeline.token)
    case .gitea: headers.add(name: "Authorization", value: "token \(pipeline.token)")
    }
    return headers
  }

  private static func failure(_ status: Int, _ headers: HTTPHeaders, _ json: JSON?) -> ForgeFailure {
    func number(_ names: String...) -> Int64? {
      names.lazy.compactMap { headers.first(name: $0) }.first.flatMap { Int64($0) }
    }
    let said = json?["message"]?.string ?? json?["error"]?.string ?? json?["error_description"]?.string
    let asked = number("Retry-After").map { Duration.seconds(min(max($0, 0), 86_400)) }
    // GitHub says with 403, too, that there were too many requests.
    let isLimit =
      status == 429 || status == 403 && (asked != nil || number("X-RateLimit-Remaining") == 0)
    return ForgeFailure(
      kind: .status(status),
      reason: said.map { "\(String($0.prefix(reasonLimit))) (\(status))" } ?? "it answered \(status)",
      isLimit: isLimit, retryAfter: asked,
      // No later than the last moment that can be written.
      limitEnds: isLimit
        ? number("X-RateLimit-Reset", "RateLimit-Reset").map { min(max($0, 0), 253_402_300_799) } : nil)
  }
}
