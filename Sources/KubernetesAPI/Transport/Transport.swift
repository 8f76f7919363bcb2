import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization
import UserFiles
import Wire

/// Sends requests to one server, each once, and reads its answers.
final class Transport: Sendable {
  let access: ClusterAccess
  let credentials: CredentialSource
  private let silence: Duration

  /// The connections, and the number of the certificate that they show.
  private let current = Mutex<(number: Int, connections: Connections)?>(nil)
  /// What stands before the path in the URL of a request.
  private let url: String

  /// How long the answer to a watch may keep silent: then the connection has died unseen.
  static let silence = Duration.seconds(330)

  /// The longest answer that is read as a whole, in bytes: a page of objects of which each is as long as it
  /// may be.
  private static let longestAnswer = 512 << 20
  /// The longest error that is read, in bytes.
  static let longestError = 256 * 1024

  private static let agent = "berth"

  /// - Parameter silence: how long the answer to a watch may keep silent.
  init(access: ClusterAccess, credentials: CredentialSource, silence: Duration = Transport.silence) throws {
    self.access = access
    self.credentials = credentials
    self.silence = silence
    let server = access.server
    if let name = access.trust.serverName {
      guard !ServerAddress.isAddress(name) else {
        throw KubernetesError(
          "the tls-server-name \"\(name)\" of \(access.source) is an address, and must be a name",
          help: "leave it out if the server's certificate names the address that is connected to")
      }
      url = "\(server.scheme.rawValue)://\(name):\(server.port)\(server.path)"
    } else {
      // TLS would take the address of the proxy for that of the server.
      guard
        access.proxy == nil || server.scheme == .http || !access.trust.verifies
          || !ServerAddress.isAddress(server.host)
      else {
        throw KubernetesError(
          "\(server) is reached through the proxy \(access.proxy?.description ?? ""), "
            + "and then its certificate can't be checked for an address",
          help:
            "name the server instead, or add to the cluster of \(access.source) a tls-server-name that its "
            + "certificate has, such as kubernetes")
      }
      url = "\(server.scheme.rawValue)://\(server.authority)\(server.path)"
    }
  }

  // MARK: Asking

  /// Asks, and reads the whole answer.
  ///
  /// - Throws: ``KubernetesError`` if the server refuses or can't be reached; `CancellationError`.
  func call(_ request: Request) async throws -> Answer {
    try await asking(request) { [self] identity in
      try await within(request.limit, orThrow: late(request)) { [self] in
        let connections = try connections(for: identity)
        let response = try await send(request, as: identity, with: connections.calls)
        let body = try await explained { try await response.body.collect(upTo: Self.longestAnswer) }
        return Answer(status: Int(response.status.code), headers: response.headers, body: body)
      }
    }
  }

  /// Asks, and leaves the answer's body to be read piece by piece. The request's limit is for the time until
  /// the body begins; then the server may keep silent for as long as it has nothing to say.
  ///
  /// - Throws: ``KubernetesError`` if the server refuses, can't be reached or does not answer in time;
  ///   `CancellationError`.
  ///
  /// - Parameter isWatch: whether it may so for some minutes only.
  func stream(_ request: Request, isWatch: Bool = false) async throws -> ByteStream {
    try await asking(request) { [self] identity in
      let connections = try connections(for: identity)
      let response = try await within(request.limit, orThrow: late(request)) { [self] in
        try await send(request, as: identity, with: isWatch ? connections.watches : connections.streams)
      }
      return ByteStream(response.body, over: connections) { [self] in explaining($0) }
    }
  }

  /// Asks with the credentials that there are, and if the server does not know them, once more with new ones.
  /// A server that does not know who asks has done nothing.
  func asking<Result: Sendable>(
    _ request: Request, _ ask: (Identity) async throws -> Result
  ) async throws -> Result {
    let identity = try await credentials.identity()
    do {
      return try await ask(identity)
    } catch let error as KubernetesError where error.isUnauthorized {
      guard try await credentials.renew(after: identity) else { throw unauthorized(error) }
    }
    do {
      return try await ask(try await credentials.identity())
    } catch let error as KubernetesError where error.isUnauthorized {
      throw unauthorized(error)
    }
  }

  /// The configuration of TLS for a connection; `nil` if there is none.
  func tls(for identity: Identity) throws -> TLSConfiguration? {
    guard access.server.scheme == .https else { return nil }
    do {
      return try access.trust.configuration(showing: identity.certificate)
    } catch let error as WireProblem {
      throw KubernetesError(error)
    } catch let error as UserFileError {
      throw KubernetesError(error.message, help: "the kubeconfig names this file: \(error.help)")
    }
  }

  private func connections(for identity: Identity) throws -> Connections {
    try current.withLock { current in
      if let current, current.number >= identity.certificateNumber { return current.connections }
      let connections = Connections(
        to: access.server, named: access.trust.serverName, through: access.proxy, tls: try tls(for: identity),
        silence: silence)
      current = (identity.certificateNumber, connections)
      return connections
    }
  }

  private func send(
    _ request: Request, as identity: Identity, with client: HTTPClient
  ) async throws -> HTTPClientResponse {
    var http = HTTPClientRequest(url: url + request.target)
    http.method = request.method
    for header in headers(of: request, as: identity) {
      http.headers.add(name: header.name, value: header.value)
    }
    if let body = request.body { http.body = .bytes(body.bytes) }
    let sent = http
    let response = try await explained { try await client.execute(sent, deadline: .distantFuture) }
    if (200..<300).contains(response.status.code) { return response }
    let text = try? await response.body.collect(upTo: Self.longestError)
    throw refusal(of: response.status, headers: response.headers, body: text, to: request)
  }

  /// What is sent before the body.
  func headers(of request: Request, as identity: Identity) -> [(name: String, value: String)] {
    var headers = [(name: "Host", value: access.server.authority), ("User-Agent", Self.agent)]
    if !request.headers.contains(where: { $0.name == "Accept" }) {
      headers.append(("Accept", "application/json"))
    }
    headers += identity.headers + request.headers
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
