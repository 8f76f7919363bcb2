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

extension DockerError {
  /// What an engine says when it refuses, or what something else says that is no engine.
  static func refusal(
    status: HTTPResponseStatus, headers: HTTPHeaders, body: ByteBuffer?, from endpoint: DockerEndpoint
  ) -> DockerError {
    struct Message: Decodable { let message: String }

    let code = Int(status.code)
    if (300..<400).contains(code) {
      return DockerError(
        status: code, "\(endpoint) sends elsewhere, to \(headers.first(name: "Location") ?? "nowhere")",
        help: "this is not how a Docker engine answers: check the address, and whether a proxy is in between")
    }
    if let body, let message = try? EngineJSON.decode(Message.self, from: body) {
      return DockerError(status: code, message.message.trimmingLineBreaks)
    }
    return DockerError(
      status: code, "\(endpoint) answers \(code) \(status.reasonPhrase), without saying why",
      help: "check that a Docker engine is there, and no proxy in between refuses")
  }

  /// What an error of the layers below means.
  static func explaining(_ error: any Error, at transport: Transport) -> any Error {
    let endpoint = transport.endpoint
    if error is DockerError || error is CancellationError { return error }
    switch error {
    case let error as IOError where [ECONNRESET, EPIPE].contains(error.errnoCode):
      return closed(at: transport)
    case let error as IOError: return connection(errno: error.errnoCode, to: endpoint)
    case let error as NIOConnectionError:
      if let first = error.connectionErrors.first?.error { return explaining(first, at: transport) }
      return DockerError(
        "\(endpoint) can't be reached: the name \(error.host) is unknown",
        help: "check the name of the machine")
    case let error as NIOSSLError: return tls("\(error)", to: endpoint)
    case let error as BoringSSLError: return tls("\(error)", to: endpoint)
    case let error as NIOSSLExtraError: return tls("\(error)", to: endpoint)
    case ChannelError.eof, ChannelError.ioOnClosedChannel, HTTPParserError.invalidEOFState:
      return closed(at: transport)
    case let error as HTTPClientError where error == .remoteConnectionClosed: return closed(at: transport)
    case ChannelError.connectTimeout: return http(.connectTimeout, from: endpoint)
    case is HTTPParserError:
      return DockerError(
        "\(endpoint) answers with something that is no HTTP",
        help: "check the address: another program listens there, or the port wants TLS")
    case is NIOTooManyBytesError:
      return DockerError("\(endpoint) gave an answer that is too long to be one of a Docker engine")
    case let error as SocketAddressError: return DockerError("\(endpoint) can't be used: \(error)")
    case let error as HTTPClientError: return http(error, from: endpoint)
    default: return DockerError("\(endpoint) can't be talked to: \(error)")
    }
  }

  private static func closed(at transport: Transport) -> DockerError {
    let endpoint = transport.endpoint
    if case .ssh(let destination) = endpoint, let reason = transport.tunnel?.failure {
      return DockerError(
        "\(endpoint) can't be reached: \(reason)",
        help: "check that this works: ssh \(destination.login) docker version")
    }
    return DockerError(
      "\(endpoint) closed the connection before its answer was complete",
      help: "see whether the engine was stopped or restarted, or wants TLS")
  }

  private static func http(_ error: HTTPClientError, from endpoint: DockerEndpoint) -> any Error {
    switch error {
    case .cancelled: CancellationError()
    case .connectTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout:
      DockerError(
        "\(endpoint) can't be reached: no connection within \(Transport.connectPatience.components.seconds) s",
        help: "check the address, the network and the firewalls in between")
    default: DockerError("\(endpoint) can't be talked to: \(error.shortDescription)")
    }
  }

  private static func connection(errno code: CInt, to endpoint: DockerEndpoint) -> DockerError {
    let help: String
    switch (code, endpoint) {
    case (ENOENT, .unix):
      help =
        "there is no such socket: is Docker installed and running? Another address is given by the "
        + "target's host, DOCKER_HOST or a docker context"
    case (EACCES, .unix):
      help = "this user may not use the socket: join its group (usually docker), or use a rootless engine"
    case (ECONNREFUSED, .unix): help = "the socket is there, but no engine listens on it: start Docker"
    case (ECONNREFUSED, _): help = "nothing listens there: check the port, and whether the engine is running"
    default: help = "check the address and the network"
    }
    return DockerError("\(endpoint) can't be reached: \(String(cString: strerror(code)))", help: help)
  }

  private static func tls(_ reason: String, to endpoint: DockerEndpoint) -> DockerError {
    DockerError(
      "no safe connection to \(endpoint): \(reason)",
      help: "check the files ca.pem, cert.pem and key.pem, and that the engine's certificate names this host")
  }
}

extension String {
  fileprivate var trimmingLineBreaks: String {
    var text = self[...]
    while text.last?.isNewline == true { text.removeLast() }
    return String(text)
  }
}
