import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import Subprocess
import Wire

/// Sends requests to one engine, and reads its answers.
final class Transport: Sendable {
  /// Where the engine is, as it was asked for.
  let endpoint: DockerEndpoint
  /// What is really connected to.
  let address: Address
  /// What leads to the engine of another machine.
  let tunnel: SSHTunnel?

  /// For answers that come at once, and end.
  private let calls: HTTPClient
  /// For answers that may go on for long: they must not keep calls waiting for a connection.
  private let streams: HTTPClient

  /// How long making a connection may take.
  static let connectPatience = Duration.seconds(5)

  /// The longest answer that is read as a whole, in bytes.
  private static let longestAnswer = 64 * 1024 * 1024
  /// The longest error that is read, in bytes.
  static let longestError = 64 * 1024

  /// More calls than this at once make no engine faster.
  private static let callConnections = 32
  /// Servers of ssh turn down logins if more than ten are under way.
  private static let sshConnections = 6

  /// - Parameter ssh: what is run as `ssh`.
  init(endpoint: DockerEndpoint, ssh: Executable = .name("ssh")) throws {
    self.endpoint = endpoint
    switch endpoint {
    case .unix(let path):
      tunnel = nil
      address = Address(path: path)
    case .tcp(let host, let port, let tls):
      tunnel = nil
      address = Address(host: host, port: port, tls: try tls?.configuration())
    case .ssh(let destination):
      let tunnel = try SSHTunnel(to: destination, program: ssh)
      self.tunnel = tunnel
      address = Address(path: tunnel.path)
    }
    calls = Self.client(of: address, connections: tunnel == nil ? Self.callConnections : Self.sshConnections)
    streams = Self.client(of: address, connections: 1024)
  }

  private static func client(of address: Address, connections: Int) -> HTTPClient {
    var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
    configuration.tlsConfiguration = address.tls
    configuration.timeout.connect = .init(connectPatience)
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connections
    // Whether an engine is there is told at once, not after more tries.
    configuration.connectionPool.retryConnectionEstablishment = false
    configuration.httpVersion = .http1Only
    return HTTPClient(eventLoopGroup: DockerClient.eventLoops, configuration: configuration)
  }

  deinit {
    calls.shutdown { _ in }
    streams.shutdown { _ in }
  }

  // MARK: Asking

  /// Asks, and reads the whole answer.
  ///
  /// - Throws: ``DockerError`` if the engine refuses or can't be reached; `CancellationError`.
  func call(_ request: Request, version: APIVersion?) async throws -> Answer {
    return try await within(request.limit, orThrow: late(request)) { [self] in
      let response = try await send(request, version: version, with: calls)
      let body = try await explained { try await response.body.collect(upTo: Self.longestAnswer) }
      return Answer(status: Int(response.status.code), headers: response.headers, body: body)
    }
  }

  /// Asks, and leaves the answer's body to be read piece by piece. The request's limit is for the time until the
  /// body begins; then the engine may keep silent for as long as it has nothing to say.
  ///
  /// - Throws: ``DockerError`` if the engine refuses, can't be reached or does not answer in time;
  ///   `CancellationError`.
  func stream(_ request: Request, version: APIVersion?) async throws -> ByteStream {
    let response = try await within(request.limit, orThrow: late(request)) { [self] in
      try await send(request, version: version, with: streams)
    }
    return ByteStream(body: response.body, transport: self)
  }

  /// What to say of an engine that does not answer a request in time.
  func late(_ request: Request) -> DockerError {
    DockerError(
      "\(endpoint) did not answer within \(request.limit.map { "\($0)" } ?? "its time")",
      help: "see whether the engine is overloaded or hangs")
  }

  private func send(
    _ request: Request, version: APIVersion?, with client: HTTPClient
  ) async throws -> HTTPClientResponse {
    var http = HTTPClientRequest(url: address.url + request.target(version: version))
    http.method = request.method
    // Newer engines refuse the path of a socket as the name of a host.
    http.headers.add(name: "Host", value: address.hostHeader)
    for header in request.headers { http.headers.add(name: header.name, value: header.value) }
    if let body = request.body {
      http.headers.add(name: "Content-Type", value: body.type)
      http.body = .bytes(body.bytes)
    }
    let sent = http
    let response = try await explained { try await client.execute(sent, deadline: .distantFuture) }
    if (200..<300).contains(response.status.code) || response.status == .notModified { return response }
    let text = try? await response.body.collect(upTo: Self.longestError)
    throw DockerError.refusal(status: response.status, headers: response.headers, body: text, from: endpoint)
  }

  /// Turns what the layers below say into what a person can use.
  func explained<Result>(_ body: () async throws -> Result) async throws -> Result {
    do {
      return try await body()
    } catch {
      if Task.isCancelled { throw CancellationError() }
      throw DockerError.explaining(error, at: self)
    }
  }
}

/// The whole answer of an engine.
struct Answer: Sendable {
  let status: Int
  let headers: HTTPHeaders
  let body: ByteBuffer

  func decoded<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
    try EngineJSON.decode(type, from: body)
  }
}
