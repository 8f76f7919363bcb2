import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOSSL
import Synchronization
import Wire

/// Sends requests to servers over HTTP, each once, and reads the answers, whatever their status is.
package final class WebDoor: Sendable {
  private let environment: [String: String]
  private let authorities: [NIOSSLCertificate]?
  private let connections = Mutex<[String: Connections]>([:])

  /// The longest answer that is read, in bytes.
  private static let longestAnswer = 64 << 20

  /// - Parameter environment: names proxies, and with `AWS_CA_BUNDLE` the authorities.
  /// - Throws: ``AWSError`` if the file of authorities can't be used.
  package init(environment: [String: String]) throws(AWSError) {
    self.environment = environment
    guard let bundle = environment["AWS_CA_BUNDLE"], !bundle.isEmpty else {
      authorities = nil
      return
    }
    do { authorities = try NIOSSLCertificate.fromPEMBytes(try KeyMaterial.file(bundle).read()) } catch {
      throw AWSError(
        "the authorities of AWS_CA_BUNDLE can't be read: \(error)",
        help: "name a file of certificates in PEM format")
    }
  }

  /// Asks.
  ///
  /// - Parameters:
  ///   - target: the path and the query, encoded.
  ///   - limit: how long the whole answer may take.
  ///   - isDirect: whether no proxy is asked: for what is of this machine or its neighbourhood.
  /// - Throws: ``AWSError`` if there is no answer; `CancellationError`.
  package func ask(
    _ server: ServerAddress, _ method: HTTPMethod, _ target: String,
    headers: [(name: String, value: String)] = [], body: [UInt8]? = nil, within limit: Duration,
    isDirect: Bool = false
  ) async throws -> Answer {
    let proxy = isDirect ? nil : try proxy(for: server)
    let connections = connections(to: server, through: proxy)
    var http = HTTPClientRequest(url: "\(server.scheme.rawValue)://\(server.authority)\(target)")
    http.method = method
    for header in headers { http.headers.add(name: header.name, value: header.value) }
    http.headers.replaceOrAdd(name: "User-Agent", value: "berth")
    if let body { http.body = .bytes(ByteBuffer(bytes: body)) }
    let request = http
    let explanation = ConnectionExplanation(
      server: server, proxy: proxy, source: "the endpoint", program: "server",
      start: "whether a server is running there")
    do {
      return try await within(limit, orThrow: Self.late(server, limit)) {
        let response = try await connections.calls.execute(request, deadline: .distantFuture)
        let body = try await response.body.collect(upTo: Self.longestAnswer)
        return Answer(status: Int(response.status.code), headers: response.headers, body: body)
      }
    } catch let error as AWSError { throw error } catch {
      if Task.isCancelled { throw CancellationError() }
      guard let trouble = explanation.trouble(of: error) else { throw CancellationError() }
      var failure = AWSError(trouble.message, help: trouble.help, mayHaveBeenDone: trouble.mayHaveBeenDone)
      failure.isConnectionFailure = trouble.isConnectionFailure
      throw failure
    }
  }

  private static func late(_ server: ServerAddress, _ limit: Duration) -> AWSError {
    var error = AWSError(
      "\(server) did not answer within \(limit)", help: "check the network and the endpoint",
      mayHaveBeenDone: true)
    error.isConnectionFailure = true
    return error
  }

  private func proxy(for server: ServerAddress) throws -> ServerAddress? {
    do throws(WireProblem) { return try ProxyEnvironment(environment).proxy(for: server) } catch {
      throw AWSError(error)
    }
  }

  private func connections(to server: ServerAddress, through proxy: ServerAddress?) -> Connections {
    connections.withLock { known in
      let name = "\(server.scheme.rawValue)://\(server.authority) \(proxy?.authority ?? "")"
      if let connections = known[name] { return connections }
      var tls: TLSConfiguration?
      if server.scheme == .https {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        if let authorities { configuration.trustRoots = .certificates(authorities) }
        tls = configuration
      }
      let connections = Connections(to: server, through: proxy, tls: tls, silence: .seconds(90))
      known[name] = connections
      return connections
    }
  }
}
