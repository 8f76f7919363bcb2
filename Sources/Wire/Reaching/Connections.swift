import AsyncHTTPClient
import NIOCore
import NIOPosix
import NIOSSL

/// The connections to a server that show one certificate. Those of an older certificate end when the last
/// answer that comes over them is read.
package final class Connections: Sendable {
  /// For answers that come at once, and end.
  package let calls: HTTPClient
  /// For answers that may go on for long: they must not keep calls waiting for a connection.
  package let streams: HTTPClient
  /// For answers that may go on for long, and not keep silent for long.
  package let watches: HTTPClient

  /// More calls than this at once only keep a server from others' work.
  private static let callConnections = 32
  private static let streamConnections = 1024

  /// How long making a connection may take.
  package static let patience = Duration.seconds(10)
  /// One thread is plenty for what goes to and fro between one program and some servers. It is shared and never shut
  /// down, so that ending takes no time.
  package static let eventLoops: any EventLoopGroup = MultiThreadedEventLoopGroup(numberOfThreads: 1)

  /// Connections that are opened as they are needed.
  ///
  /// - Parameters:
  ///   - serverName: the name that requests carry in place of the server's own host.
  ///   - silence: how long an answer of ``watches`` may keep silent.
  package init(
    to server: ServerAddress, named serverName: String? = nil, through proxy: ServerAddress?,
    tls: TLSConfiguration?, silence: Duration
  ) {
    let way = Way(server: server, serverName: serverName, proxy: proxy, tls: tls)
    calls = Self.client(way, connections: Self.callConnections)
    streams = Self.client(way, connections: Self.streamConnections)
    watches = Self.client(way, connections: Self.streamConnections, silence: silence)
  }

  private struct Way {
    let server: ServerAddress
    let serverName: String?
    let proxy: ServerAddress?
    let tls: TLSConfiguration?
  }

  private static func client(_ way: Way, connections: Int, silence: Duration? = nil) -> HTTPClient {
    var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
    configuration.tlsConfiguration = way.tls
    configuration.timeout.connect = .init(patience)
    configuration.timeout.read = silence.map { .init($0) }
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connections
    // Shorter than what load balancers keep, which close a connection without a word.
    configuration.connectionPool.idleTimeout = .seconds(30)
    // What is tried again, and how often, is decided in one place.
    configuration.connectionPool.retryConnectionEstablishment = false
    configuration.httpVersion = .http1Only
    configuration.decompression = .disabled
    if let name = way.serverName { configuration.dnsOverride = [name: way.server.host] }
    if let proxy = way.proxy {
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
    return HTTPClient(eventLoopGroup: eventLoops, configuration: configuration)
  }

  deinit {
    calls.shutdown { _ in }
    streams.shutdown { _ in }
    watches.shutdown { _ in }
  }
}
