import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOSSL
import UserFiles
import Wire

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Sends requests to one agent, each once, and reads its answers.
final class Transport: Sendable {
  let access: NomadAccess
  private let connections: Connections
  let tls: TLSConfiguration?
  /// What stands before the path in the URL of a request.
  private let url: String

  /// How long an answer that goes on may keep silent: event streams give a sign of life every 10 or 30 s, logs each
  /// second.
  static let silence = Duration.seconds(95)
  /// The longest answer that is read as a whole, in bytes: a list of some hundred thousand allocations.
  private static let longestAnswer = 512 << 20
  /// The longest error that is read, in bytes.
  static let longestError = 256 * 1024

  private static let agent = "berth"

  /// - Parameter silence: how long an answer that goes on may keep silent.
  /// - Throws: ``NomadError`` if certificates can't be used.
  init(access: NomadAccess, silence: Duration = Transport.silence) throws {
    self.access = access
    tls = try Self.tls(of: access)
    let server = access.server
    let name = access.trust.serverName
    if let name {
      guard !ServerAddress.isAddress(name) else {
        throw NomadError(
          "the TLS server name \"\(name)\" of \(access.source) is an address, and must be a name",
          help: "leave it out if the agent's certificate names the address that is connected to")
      }
      url = "\(server.scheme.rawValue)://\(name):\(server.port)\(server.path)"
    } else {
      // TLS would take the address of the proxy for that of the server.
      guard
        access.proxy == nil || server.scheme == .http || !access.trust.verifies
          || !ServerAddress.isAddress(server.host)
      else {
        throw NomadError(
          "\(server) is reached through the proxy \(access.proxy?.description ?? ""), "
            + "and then its certificate can't be checked for an address",
          help: "name the agent instead, or add a TLS server name that its certificate has, such as "
            + "server.global.nomad")
      }
      url = "\(server.scheme.rawValue)://\(server.authority)\(server.path)"
    }
    connections = Connections(to: server, named: name, through: access.proxy, tls: tls, silence: silence)
  }

  private static func tls(of access: NomadAccess) throws -> TLSConfiguration? {
    guard access.server.scheme == .https else { return nil }
    do {
      var shown: ClientCertificate?
      if let certificate = access.certificate, let key = access.key {
        shown = try ClientCertificate(
          certificate: try certificate.read(), key: try key.read(), owner: " of \(access.source)",
          place: certificate.place, keyPlace: key.place,
          renewal: "renew the certificate: nomad tls cert create -cli", now: ClientCertificate.now)
      }
      return try access.trust.configuration(showing: shown)
    } catch let error as WireProblem {
      throw NomadError(error)
    } catch let error as UserFileError {
      throw NomadError(error.message, help: "\(access.source) names this file: \(error.help)")
    }
  }

  /// Asks, and reads the whole answer.
  ///
  /// - Parameter isBlocking: whether the agent answers when there is news: it must not keep calls waiting.
  /// - Throws: ``NomadError`` if the agent refuses or can't be reached; `CancellationError`.
  func call(_ request: Request, isBlocking: Bool = false) async throws -> Answer {
    let client = isBlocking ? connections.streams : connections.calls
    return try await within(request.limit, orThrow: late(request)) { [self] in
      let response = try await send(request, with: client)
      let body = try await explained { try await response.body.collect(upTo: Self.longestAnswer) }
      return Answer(status: Int(response.status.code), headers: response.headers, body: body)
    }
  }

  /// Asks, and leaves the answer's body to be read piece by piece. The request's limit is for the time until the body
  /// begins.
  ///
  /// - Throws: ``NomadError`` if the agent refuses, can't be reached or does not answer in time; `CancellationError`.
  func stream(_ request: Request) async throws -> ByteStream {
    let response = try await within(request.limit, orThrow: late(request)) { [self] in
      try await send(request, with: connections.watches)
    }
    return ByteStream(response.body, over: connections) { [self] in explaining($0) }
  }

  /// Asks for a connection of its own. The request's limit is for the time until the agent agrees.
  ///
  /// - Throws: ``NomadError`` if the agent refuses, can't be reached or does not answer in time; `CancellationError`.
  func webSocket(_ request: Request) async throws -> WebSocket {
    let question = WebSocketRequest(
      server: access.server, serverName: access.trust.serverName, proxy: access.proxy, tls: tls,
      target: target(of: request), headers: headers(of: request), limit: request.limit)
    return try await explained {
      do {
        return try await WebSocket.open(question)
      } catch let failure as WebSocketFailure {
        throw refusal(failure, to: request)
      }
    }
  }

  private func send(_ request: Request, with client: HTTPClient) async throws -> HTTPClientResponse {
    var http = HTTPClientRequest(url: url + target(of: request))
    http.method = request.method
    for header in headers(of: request) { http.headers.add(name: header.name, value: header.value) }
    if let body = request.body { http.body = .bytes(body.bytes) }
    let sent = http
    let response = try await explained { try await client.execute(sent, deadline: .distantFuture) }
    if (200..<300).contains(response.status.code) { return response }
    let text = try? await response.body.collect(upTo: Self.longestError)
    throw refusal(of: response.status, headers: response.headers, body: text, to: request)
  }

  private func target(of request: Request) -> String { request.with("region", access.region).target }

  private func headers(of request: Request) -> [(name: String, value: String)] {
    var headers = [(name: "Host", value: access.server.authority), ("User-Agent", Self.agent)]
    if let token = access.token { headers.append(("X-Nomad-Token", token)) }
    headers += request.headers
    if let body = request.body { headers.append(("Content-Type", body.type)) }
    return headers
  }

  /// Turns what the layers below say into what a person can use.
  func explained<Result>(_ body: () async throws -> Result) async throws -> Result {
    do {
      return try await body()
    } catch {
      if Task.isCancelled { throw CancellationError() }
      throw explaining(error)
    }
  }
}
