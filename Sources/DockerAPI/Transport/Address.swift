import NIOSSL

/// What is connected to, to reach an engine.
struct Address: Sendable {
  enum Socket: Sendable, Equatable {
    case unix(path: String)
    case tcp(host: String, port: Int)
  }

  let socket: Socket
  let tls: TLSConfiguration?
  /// What stands before the path in the URL of a request.
  let url: String
  /// The name of the host in a request.
  let hostHeader: String

  /// A Unix socket.
  init(path: String) {
    socket = .unix(path: path)
    tls = nil
    url = "http+unix://" + Request.encoded(path, keeping: [])
    hostHeader = "docker"
  }

  /// A TCP port.
  init(host: String, port: Int, tls: TLSConfiguration?) {
    socket = .tcp(host: host, port: port)
    self.tls = tls
    hostHeader = (host.contains(":") ? "[\(host)]" : host) + ":\(port)"
    url = (tls == nil ? "http://" : "https://") + hostHeader
  }
}
