/// Where a Docker Engine is reached.
public enum DockerEndpoint: Sendable, Equatable, CustomStringConvertible {
  /// A Unix socket.
  case unix(path: String)
  /// A TCP port, encrypted if TLS is given.
  case tcp(host: String, port: Int, tls: DockerTLS?)
  /// The engine of another machine, through the system's `ssh`.
  case ssh(SSHDestination)

  /// Where the engine of this machine is unless something else is said.
  public static let standard = DockerEndpoint.unix(path: "/var/run/docker.sock")

  /// Reads an address as the docker client takes it: `unix:///run/docker.sock`, `tcp://10.0.0.5:2376`,
  /// `ssh://deploy@build.example.com:2222`.
  ///
  /// - Parameter tls: used for `tcp://` only; `nil` means an unencrypted connection.
  /// - Throws: ``DockerError`` if the address can't be used.
  public init(host: String, tls: DockerTLS? = nil) throws {
    guard let scheme = host.firstRange(of: "://") else {
      throw Self.invalid(host, "it does not start with unix://, tcp:// or ssh://")
    }
    let rest = String(host[scheme.upperBound...])
    switch host[..<scheme.lowerBound] {
    case "unix":
      guard rest.hasPrefix("/") else { throw Self.invalid(host, "the path of the socket is not absolute") }
      self = .unix(path: rest)
    case "tcp":
      let authority = try Authority(rest, of: host)
      guard authority.user == nil else { throw Self.invalid(host, "tcp:// takes no user") }
      self = .tcp(
        host: authority.host.isEmpty ? "127.0.0.1" : authority.host,
        port: authority.port ?? (tls == nil ? 2375 : 2376), tls: tls)
    case "ssh":
      let authority = try Authority(rest, of: host)
      self = .ssh(try SSHDestination(user: authority.user, host: authority.host, port: authority.port))
    case "npipe":
      throw Self.invalid(host, "named pipes are reached on Windows only")
    default:
      throw Self.invalid(host, "it does not start with unix://, tcp:// or ssh://")
    }
  }

  /// Whether it is a socket of this machine, so that nothing is sent to another one and no program is run.
  public var isOfThisMachine: Bool {
    if case .unix = self { true } else { false }
  }

  /// How long the engine may take to show that it is there: 5 seconds, or 30 if `ssh` may have to ask the user for a
  /// password first.
  public var patience: Duration {
    if case .ssh = self { .seconds(30) } else { .seconds(5) }
  }

  /// The address, as it would be given.
  public var description: String {
    switch self {
    case .unix(let path): "unix://\(path)"
    case .tcp(let host, let port, _): "tcp://\(host.contains(":") ? "[\(host)]" : host):\(port)"
    case .ssh(let destination): "ssh://\(destination)"
    }
  }

  fileprivate static func invalid(_ host: String, _ reason: String) -> DockerError {
    DockerError(
      "\"\(host)\" is no address of a Docker engine: \(reason)",
      help: "examples: unix:///var/run/docker.sock, tcp://10.0.0.5:2376, ssh://deploy@build.example.com")
  }
}

/// The `user@host:port` of an address.
private struct Authority {
  var user: String?
  var host: String
  var port: Int?

  init(_ text: String, of address: String) throws {
    var rest = text[...]
    if rest.hasSuffix("/") { rest.removeLast() }
    guard !rest.contains("/") else { throw DockerEndpoint.invalid(address, "it has a path") }
    if let at = rest.lastIndex(of: "@") {
      let user = rest[..<at]
      guard !user.contains(":") else {
        throw DockerError("an address of a Docker engine takes no password", help: "use a key of ssh")
      }
      self.user = String(user)
      rest = rest[rest.index(after: at)...]
    }
    if rest.hasPrefix("[") {
      guard let end = rest.firstIndex(of: "]") else {
        throw DockerEndpoint.invalid(address, "the ']' after the IPv6 address is missing")
      }
      host = String(rest[rest.index(after: rest.startIndex)..<end])
      rest = rest[rest.index(after: end)...]
    } else {
      let end = rest.lastIndex(of: ":") ?? rest.endIndex
      host = String(rest[..<end])
      rest = rest[end...]
    }
    guard !rest.isEmpty else { return }
    guard rest.hasPrefix(":"), let port = UInt16(rest.dropFirst()), port > 0 else {
      throw DockerEndpoint.invalid(address, "its port is not a number from 1 to 65535")
    }
    self.port = Int(port)
  }
}
