/// A machine that is reached by `ssh`.
public struct SSHDestination: Sendable, Equatable, CustomStringConvertible {
  /// Who logs in; `nil` leaves it to the configuration of `ssh`.
  public let user: String?
  /// The name or address of the machine, or a `Host` of the configuration of `ssh`.
  public let host: String
  /// The port; `nil` leaves it to the configuration of `ssh`.
  public let port: Int?

  /// A destination.
  ///
  /// - Throws: ``DockerError`` if a part could be taken for an option of `ssh`.
  public init(user: String? = nil, host: String, port: Int? = nil) throws {
    guard !host.isEmpty else { throw DockerError("an ssh:// address needs the name of a machine") }
    for part in [user, host].compactMap(\.self) where part.isEmpty || part.hasPrefix("-") {
      throw DockerError("\"\(part)\" in an ssh:// address would be taken for an option of ssh")
    }
    self.user = user
    self.host = host
    self.port = port
  }

  /// The destination as in an address: `deploy@build.example.com:2222`.
  public var description: String {
    (user.map { "\($0)@" } ?? "") + (host.contains(":") ? "[\(host)]" : host) + (port.map { ":\($0)" } ?? "")
  }

  /// The arguments with which a user would log in by `ssh`.
  var login: String { (port.map { "-p \($0) " } ?? "") + (user.map { "\($0)@" } ?? "") + host }

  /// What `ssh` is given, to be connected to the engine of that machine.
  var arguments: [String] {
    var arguments = ["-o", "ConnectTimeout=5", "-T"]
    if let user { arguments += ["-l", user] }
    if let port { arguments += ["-p", "\(port)"] }
    return arguments + ["--", host, "docker", "system", "dial-stdio"]
  }
}
