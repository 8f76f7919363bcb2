import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What went wrong with a connection, in words that a person can use.
package struct ConnectionTrouble: Sendable, Equatable {
  /// Why, in one line.
  package var message: String
  /// What to do about it.
  package var help: String?
  /// Whether what was asked for may have been done all the same.
  package var mayHaveBeenDone: Bool
  /// Whether the connection failed, rather than the configuration or what came over it.
  package var isConnectionFailure = false

  init(_ message: String, help: String? = nil, mayHaveBeenDone: Bool = false) {
    self.message = message
    self.help = help
    self.mayHaveBeenDone = mayHaveBeenDone
  }
}

/// Turns what the layers below a request say into what a person can use.
package struct ConnectionExplanation: Sendable {
  private let server: String
  private let proxy: ServerAddress?
  private let source: String
  private let program: String
  private let start: String

  /// An explanation for one server.
  ///
  /// - Parameters:
  ///   - source: where the way to it was read, such as `context prod of /home/ada/.kube/config`.
  ///   - program: what listens there, such as `API server`.
  ///   - start: what to see to where nothing listens, such as `whether the cluster is running`.
  package init(server: ServerAddress, proxy: ServerAddress?, source: String, program: String, start: String) {
    self.server = server.description
    self.proxy = proxy
    self.source = source
    self.program = program
    self.start = start
  }

  /// What an error of the layers below means.
  ///
  /// - Returns: `nil` if what was asked for was given up.
  package func trouble(of error: any Error) -> ConnectionTrouble? {
    switch error {
    case is CancellationError: return nil
    case let error as IOError where [ECONNRESET, EPIPE, ECONNABORTED].contains(error.errnoCode): return closed
    case let error as IOError:
      let reason = String(cString: strerror(error.errnoCode))
      // Any other may also be of a connection on which something was sent.
      guard error.errnoCode == ECONNREFUSED else {
        return lost("the connection to \(server) broke: \(reason)", help: "check the network")
      }
      return unreachable(reason, code: error.errnoCode)
    case let error as NIOConnectionError:
      if let first = error.connectionErrors.first?.error as? IOError {
        return unreachable(String(cString: strerror(first.errnoCode)), code: first.errnoCode)
      }
      if let first = error.connectionErrors.first?.error { return trouble(of: first) }
      return unreachable(
        "the name \(error.host) is unknown", help: "check the name, and the network that knows it")
    case NIOSSLError.uncleanShutdown: return closed
    case NIOSSLError.handshakeFailed(let error):
      guard Self.isEnd(error) else { return tls("\(error)", isConnecting: true) }
      return unreachable(
        "the connection ended while it was being secured",
        help: "see whether the \(program) is being restarted")
    // What goes wrong afterwards does so when something may have been sent.
    case let error as NIOSSLError: return tls("\(error)", isConnecting: false)
    case let error as BoringSSLError: return tls("\(error)", isConnecting: false)
    case let error as NIOSSLExtraError: return tls("\(error)", isConnecting: true)
    case ChannelError.eof, ChannelError.ioOnClosedChannel, ChannelError.alreadyClosed,
      ChannelError.inputClosed,
      ChannelError.outputClosed, HTTPParserError.invalidEOFState:
      return closed
    case let error as HTTPClientError: return trouble(http: error)
    case ChannelError.connectTimeout: return trouble(http: .connectTimeout)
    case is HTTPParserError:
      return ConnectionTrouble(
        "\(server) answers with something that is no HTTP",
        help: "check the address: another program listens there, or the port wants TLS", mayHaveBeenDone: true
      )
    case is NIOTooManyBytesError:
      return ConnectionTrouble("\(server) gave an answer that is too long", mayHaveBeenDone: true)
    case let error as SocketAddressError: return unreachable("\(error)", help: "check the address")
    default: return lost("\(server) can't be talked to: \(error)", help: nil)
    }
  }

  private func trouble(http error: HTTPClientError) -> ConnectionTrouble? {
    switch error {
    case .cancelled: return nil
    case .remoteConnectionClosed: return closed
    case .readTimeout:
      return lost("\(server) keeps silent", help: "see whether the \(program) hangs, or the network does")
    case .connectTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout, .socksHandshakeTimeout,
      .httpProxyHandshakeTimeout:
      return unreachable(
        "no connection within \(Connections.patience.components.seconds) s",
        help: "check the address, the network and the firewalls in between")
    case .proxyAuthenticationRequired:
      return unreachable(
        "the proxy \(proxy?.description ?? "") wants to know who asks",
        help: "write user and password into its address, or name the server in NO_PROXY")
    case .invalidProxyResponse:
      return unreachable(
        "the proxy \(proxy?.description ?? "") refuses to connect",
        help: "see what the proxy allows, or name the server in NO_PROXY")
    default: return lost("\(server) can't be talked to: \(error.shortDescription)", help: nil)
    }
  }

  /// The connection ended before the answer was complete.
  private var closed: ConnectionTrouble {
    lost(
      "\(server) closed the connection before its answer was complete",
      help: "see whether the \(program) was stopped or restarted, or wants TLS")
  }

  private func lost(_ message: String, help: String?) -> ConnectionTrouble {
    var error = ConnectionTrouble(message, help: help, mayHaveBeenDone: true)
    error.isConnectionFailure = true
    return error
  }

  /// No connection came about, so nothing was asked.
  private func unreachable(_ reason: String, help: String? = nil, code: CInt = 0) -> ConnectionTrouble {
    let way = proxy.map { " through \($0)" } ?? ""
    var error = ConnectionTrouble(
      "\(server) can't be reached\(way): \(reason)",
      help: help
        ?? (code == ECONNREFUSED
          ? "nothing listens there: check the address of \(source), and \(start)"
          : "check the address of \(source), and the network"))
    error.isConnectionFailure = true
    return error
  }

  /// Whether the connection ended, rather than that one end refused the other. There is no case for it.
  private static func isEnd(_ error: BoringSSLError) -> Bool {
    switch error {
    case .zeroReturn, .syscallError: true
    case .sslError: "\(error)".contains("EOF during handshake")
    default: false
    }
  }

  private func tls(_ reason: String, isConnecting: Bool) -> ConnectionTrouble {
    ConnectionTrouble(
      "no safe connection to \(server): \(reason)",
      help:
        "check the authority that \(source) names, and that the server's certificate names this host "
        + "(or its tls-server-name)", mayHaveBeenDone: !isConnecting)
  }
}
