import AsyncHTTPClient
import NIOCore
import NIOPosix
import NIOSSL

/// The connections to a server that show one certificate. Those of an older certificate end when the last
/// answer that comes over them is read.
final class Connections: Sendable {
  /// For answers that come at once, and end.
  let calls: HTTPClient
  /// For answers that may go on for long: they must not keep calls waiting for a connection.
  let streams: HTTPClient
  /// For answers that may go on for long, and not keep silent for long.
  let watches: HTTPClient

  /// More calls than this at once only keep a server from others' work.
  private static let callConnections = 32
  private static let streamConnections = 1024

  init(to access: ClusterAccess, tls: TLSConfiguration?, silence: Duration) {
    calls = Self.client(access, tls: tls, connections: Self.callConnections)
    streams = Self.client(access, tls: tls, connections: Self.streamConnections)
    watches = Self.client(access, tls: tls, connections: Self.streamConnections, silence: silence)
  }

  private static func client(
    _ access: ClusterAccess, tls: TLSConfiguration?, connections: Int, silence: Duration? = nil
  ) -> HTTPClient {
    var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
    configuration.tlsConfiguration = tls
    configuration.timeout.connect = .init(Transport.connectPatience)
    configuration.timeout.read = silence.map { .init($0) }
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connections
    // Shorter than what load balancers keep, which close a connection without a word.
    configuration.connectionPool.idleTimeout = .seconds(30)
    // What is tried again, and how often, is decided in one place.
    configuration.connectionPool.retryConnectionEstablishment = false
    configuration.httpVersion = .http1Only
    configuration.decompression = .disabled
    if let name = access.trust.serverName { configuration.dnsOverride = [name: access.server.host] }
    if let proxy = access.proxy {
      switch proxy.scheme {
      case .socks5: configuration.proxy = .socksServer(host: proxy.host, port: proxy.port)
      case .http, .https:
        configuration.proxy = .server(
          host: proxy.host, port: proxy.port,
          authorization: proxy.login.map { login in
            let parts = login.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            return .basic(username: String(parts[0]), password: parts.count > 1 ? String(parts[1]) : "")
          })
      }
    }
    return HTTPClient(eventLoopGroup: KubernetesClient.eventLoops, configuration: configuration)
  }

  deinit {
    calls.shutdown { _ in }
    streams.shutdown { _ in }
    watches.shutdown { _ in }
  }
}

extension ServerTrust {
  /// The configuration for connections that show a certificate.
  ///
  /// - Throws: ``KubernetesError`` if the authorities can't be used.
  func configuration(showing certificate: ClientCertificate?) throws -> TLSConfiguration {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.minimumTLSVersion = .tlsv12
    if !verifies { configuration.certificateVerification = .none }
    if let authorities {
      do {
        configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(try authorities.bytes()))
      } catch let error as KubernetesError {
        throw error
      } catch {
        throw KubernetesError(
          "\(authorities.place): the authorities that the server is checked against can't be read: \(error)",
          help: "they must be certificates in PEM format")
      }
    }
    if let certificate {
      configuration.certificateChain = certificate.chain.map { .certificate($0) }
      configuration.privateKey = .privateKey(certificate.key)
    }
    return configuration
  }
}
