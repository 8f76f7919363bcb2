import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Values

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension Transport {
  private var server: String { access.server.description }

  /// What to say of a server that does not answer a request in time.
  func late(_ request: Request) -> KubernetesError {
    var error = KubernetesError(
      "\(server) did not answer within \(request.limit.map { "\($0.components.seconds) s" } ?? "its time")",
      help: "see whether the API server is overloaded or hangs", mayHaveBeenDone: true)
    error.isConnectionFailure = true
    return error
  }

  /// What to say where the credentials are refused, and there are no others.
  func unauthorized(_ refusal: KubernetesError) -> KubernetesError {
    var error = refusal
    let user = access.user
    error.message =
      user.name.isEmpty
      ? "\(server) wants to know who asks, and \(access.source) names no user"
      : "\(server) does not know the user \"\(user.name)\" of \(access.source): "
        + "the credentials are wrong, or have expired"
    if let plugin = user.plugin {
      error.help = "log in again with what \(plugin.command) belongs to"
    } else if let file = user.tokenFile {
      error.help = "renew the token in \(file)"
    } else {
      error.help = "get a new kubeconfig from the cluster's provider"
    }
    return error
  }

  /// What a server says when it refuses, or what something else says that is no API server.
  func refusal(
    of status: HTTPResponseStatus, headers: HTTPHeaders, body: ByteBuffer?, to request: Request
  ) -> KubernetesError {
    let code = Int(status.code)
    if (300..<400).contains(code) {
      return KubernetesError(
        status: code, "\(server) sends elsewhere, to \(headers.first(name: "Location") ?? "nowhere")",
        help: "this is not how an API server answers: check the address, and whether a proxy is in between")
    }
    // A server that breaks down may have done what it was asked for; so may one that something in between
    // speaks for.
    let mayHaveBeenDone = code >= 500 && request.method != .GET
    let wait = headers.first(name: "Retry-After").flatMap { Int64($0) }.flatMap {
      (0...86400).contains($0) ? Duration.seconds($0) : nil
    }
    if let body, let json = try? JSON(parsing: body), var error = KubernetesError(status: json, code: code) {
      error.retryAfter = wait ?? error.retryAfter
      error.mayHaveBeenDone = mayHaveBeenDone && !error.isOverload
      return error
    }
    let text = body.map { String(buffer: $0).trimmed } ?? ""
    let isShort = (1...300).contains(text.utf8.count) && !text.contains("<") && !text.contains("\n")
    var error = KubernetesError(
      status: code,
      "\(server) answers \(code) \(status.reasonPhrase)" + (isShort ? ": \(text)" : ", without saying why"),
      retryAfter: wait,
      help: code == 401 || code == 403
        ? nil : "check that an API server is there, and that no proxy in between refuses")
    error.mayHaveBeenDone = mayHaveBeenDone && !error.isOverload
    return error
  }

  /// What an error of the layers below means.
  func explaining(_ error: any Error) -> any Error {
    if error is KubernetesError || error is CancellationError { return error }
    switch error {
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
      if let first = error.connectionErrors.first?.error { return explaining(first) }
      return unreachable(
        "the name \(error.host) is unknown", help: "check the name, and the network that knows it")
    case NIOSSLError.uncleanShutdown: return closed
    case NIOSSLError.handshakeFailed(let error):
      guard Self.isEnd(error) else { return tls("\(error)", isConnecting: true) }
      return unreachable(
        "the connection ended while it was being secured",
        help: "see whether the API server is being restarted")
    // What goes wrong afterwards does so when something may have been sent.
    case let error as NIOSSLError: return tls("\(error)", isConnecting: false)
    case let error as BoringSSLError: return tls("\(error)", isConnecting: false)
    case let error as NIOSSLExtraError: return tls("\(error)", isConnecting: true)
    case ChannelError.eof, ChannelError.ioOnClosedChannel, ChannelError.alreadyClosed,
      ChannelError.inputClosed,
      ChannelError.outputClosed, HTTPParserError.invalidEOFState:
      return closed
    case let error as HTTPClientError: return explaining(http: error)
    case ChannelError.connectTimeout: return explaining(http: .connectTimeout)
    case is HTTPParserError:
      return KubernetesError(
        "\(server) answers with something that is no HTTP",
        help: "check the address: another program listens there, or the port wants TLS", mayHaveBeenDone: true
      )
    case is NIOTooManyBytesError:
      return KubernetesError("\(server) gave an answer that is too long", mayHaveBeenDone: true)
    case let error as SocketAddressError: return unreachable("\(error)", help: "check the address")
    default: return lost("\(server) can't be talked to: \(error)", help: nil)
    }
  }

  private func explaining(http error: HTTPClientError) -> any Error {
    switch error {
    case .cancelled: return CancellationError()
    case .remoteConnectionClosed: return closed
    case .readTimeout:
      return lost("\(server) keeps silent", help: "see whether the API server hangs, or the network does")
    case .connectTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout, .socksHandshakeTimeout,
      .httpProxyHandshakeTimeout:
      return unreachable(
        "no connection within \(Self.connectPatience.components.seconds) s",
        help: "check the address, the network and the firewalls in between")
    case .proxyAuthenticationRequired:
      return unreachable(
        "the proxy \(access.proxy?.description ?? "") wants to know who asks",
        help: "write user and password into its address, or name the server in NO_PROXY")
    case .invalidProxyResponse:
      return unreachable(
        "the proxy \(access.proxy?.description ?? "") refuses to connect",
        help: "see what the proxy allows, or name the server in NO_PROXY")
    default: return lost("\(server) can't be talked to: \(error.shortDescription)", help: nil)
    }
  }

  /// The connection ended before the answer was complete.
  private var closed: KubernetesError {
    lost(
      "\(server) closed the connection before its answer was complete",
      help: "see whether the API server was stopped or restarted, or wants TLS")
  }

  private func lost(_ message: String, help: String?) -> KubernetesError {
    var error = KubernetesError(message, help: help, mayHaveBeenDone: true)
    error.isConnectionFailure = true
    return error
  }

  /// No connection came about, so nothing was asked.
  private func unreachable(_ reason: String, help: String? = nil, code: CInt = 0) -> KubernetesError {
    let way = access.proxy.map { " through \($0)" } ?? ""
    var error = KubernetesError(
      "\(server) can't be reached\(way): \(reason)",
      help: help
        ?? (code == ECONNREFUSED
          ? "nothing listens there: check the address of \(access.source), and whether the cluster is running"
          : "check the address of \(access.source), and the network"))
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

  private func tls(_ reason: String, isConnecting: Bool) -> KubernetesError {
    KubernetesError(
      "no safe connection to \(server): \(reason)",
      help:
        "check the authority that \(access.source) names, and that the server's certificate names this host "
        + "(or its tls-server-name)", mayHaveBeenDone: !isConnecting)
  }
}

extension KubernetesError {
  /// What a `Status` of the server says; `nil` if it is none.
  init?(status json: JSON, code: Int? = nil) {
    guard json["kind"]?.string == "Status" else { return nil }
    let details = json["details"]
    let causes = (details?["causes"]?.array ?? []).map { cause in
      Cause(
        reason: cause["reason"]?.string ?? "", message: cause["message"]?.string ?? "",
        field: cause["field"]?.string ?? "")
    }
    let status = code ?? json["code"]?.int.map { Int(clamping: $0) }
    let reason = json["reason"]?.string.flatMap { $0.isEmpty ? nil : $0 }
    let message = json["message"]?.string ?? ""
    let wait = details?["retryAfterSeconds"]?.int ?? 0
    self.init(
      status: status, reason: reason,
      message.isEmpty ? "the server refuses: \(reason ?? "it does not say why")" : message, causes: causes,
      retryAfter: (1...86400).contains(wait) ? .seconds(wait) : nil)
  }
}
