import NIOCore

/// Where a server, or a proxy, listens.
package struct ServerAddress: Sendable, Equatable, CustomStringConvertible {
  /// How it is spoken to.
  package enum Scheme: String, Sendable {
    case http, https, socks5
  }

  /// How it is spoken to.
  package let scheme: Scheme
  /// A name, or an address without brackets.
  package let host: String
  package let port: Int
  /// What stands before each path, such as `/k8s/clusters/c-1`; empty or without a slash at its end.
  package let path: String
  /// Who asks, where a proxy wants to know: `user:password`.
  package let login: String?

  /// Reads `https://host:port/path`.
  ///
  /// - Throws: ``Failure`` with what is wrong.
  package init(_ text: String, schemes: [Scheme]) throws(Failure) {
    let wanted = schemes.map { "\($0.rawValue)://" }.joined(separator: " or ")
    guard let end = text.firstRange(of: "://"),
      let scheme = Scheme(rawValue: text[..<end.lowerBound].lowercased()),
      schemes.contains(scheme)
    else { throw Failure("it does not start with \(wanted)") }
    self.scheme = scheme
    var rest = text[end.upperBound...]
    guard !rest.contains("?"), !rest.contains("#") else { throw Failure("it has a '?' or a '#'") }
    let slash = rest.firstIndex(of: "/") ?? rest.endIndex
    var path = rest[slash...]
    while path.hasSuffix("/") { path.removeLast() }
    self.path = String(path)
    rest = rest[..<slash]
    if let at = rest.lastIndex(of: "@") {
      login = Self.decoded(String(rest[..<at]))
      rest = rest[rest.index(after: at)...]
    } else {
      login = nil
    }
    if rest.hasPrefix("[") {
      guard let end = rest.firstIndex(of: "]") else {
        throw Failure("the ']' after the IPv6 address is missing")
      }
      host = String(rest[rest.index(after: rest.startIndex)..<end])
      rest = rest[rest.index(after: end)...]
    } else {
      let end = rest.firstIndex(of: ":") ?? rest.endIndex
      host = String(rest[..<end])
      rest = rest[end...]
    }
    guard !host.isEmpty else { throw Failure("it names no machine") }
    guard host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw Failure("the name of the machine has a character that none may have")
    }
    if rest.isEmpty {
      port = scheme == .https ? 443 : scheme == .http ? 80 : 1080
    } else {
      guard rest.hasPrefix(":"), let port = UInt16(rest.dropFirst()), port > 0 else {
        throw Failure("its port is not a number from 1 to 65535")
      }
      self.port = Int(port)
    }
  }

  /// Why a text is no address.
  package struct Failure: Error {
    /// What is wrong, as what goes on a sentence about the address.
    package let message: String

    init(_ message: String) { self.message = message }
  }

  /// The name or address with its port, as in a URL or the header of a request.
  package var authority: String { "\(host.contains(":") ? "[\(host)]" : host):\(port)" }

  /// The address as it would be written, without a password.
  package var description: String { "\(scheme.rawValue)://\(authority)\(path)" }

  /// Whether it is this machine's own, so that nothing is sent to another one.
  package var isOfThisMachine: Bool {
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    let isLoopback = parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    return isLoopback || host == "::1" || host.lowercased() == "localhost"
  }

  /// Whether a host is an address, and no name.
  package static func isAddress(_ host: String) -> Bool {
    (try? SocketAddress(ipAddress: host, port: 0)) != nil
  }

  /// What was to be an address, without the password that may stand in it.
  package static func withoutLogin(_ text: String) -> String {
    guard let at = text.lastIndex(of: "@") else { return text }
    let start = text.firstRange(of: "://")?.upperBound ?? text.startIndex
    return start < at ? text[..<start] + "…" + text[at...] : text
  }

  private static func decoded(_ text: String) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      let digits = String(decoding: rest.prefix(2), as: UTF8.self)
      if byte == UInt8(ascii: "%"), digits.utf8.count == 2, let value = UInt8(digits, radix: 16) {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
