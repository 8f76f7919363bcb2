/// The proxies that the environment names: `HTTPS_PROXY`, `HTTP_PROXY`, and `NO_PROXY` for what is reached
/// without.
package struct ProxyEnvironment {
  private let environment: [String: String]

  package init(_ environment: [String: String]) { self.environment = environment }

  /// The proxy for a server; `nil` if it is reached directly.
  ///
  /// - Throws: ``WireProblem`` if the variable that counts holds no address of a proxy.
  package func proxy(for server: ServerAddress) throws(WireProblem) -> ServerAddress? {
    let name = server.scheme == .https ? "HTTPS_PROXY" : "HTTP_PROXY"
    guard let text = variable(name), !isExcluded(server) else { return nil }
    do throws(ServerAddress.Failure) {
      return try ServerAddress(text.contains("://") ? text : "http://\(text)", schemes: [.http, .socks5])
    } catch {
      throw WireProblem(
        "\(name) can't be used as a proxy: \(error.message)",
        help: "write it like http://proxy.example.com:3128, or name \(server.host) in NO_PROXY")
    }
  }

  private func variable(_ name: String) -> String? {
    for name in [name, name.lowercased()] {
      if let value = environment[name], !value.isEmpty { return value }
    }
    return nil
  }

  private func isExcluded(_ server: ServerAddress) -> Bool {
    let host = server.host.lowercased()
    // As for programs written in Go, what is of this machine is never asked through a proxy.
    if host == "localhost" || host == "::1" || host.hasPrefix("127.") && IPv4(host) != nil { return true }
    for entry in (variable("NO_PROXY") ?? "").lowercased().split(whereSeparator: { $0 == "," || $0 == " " }) {
      if entry == "*" || matches(host, server.port, String(entry)) { return true }
    }
    return false
  }

  private func matches(_ host: String, _ port: Int, _ entry: String) -> Bool {
    if let slash = entry.firstIndex(of: "/") {
      guard let network = IPv4(String(entry[..<slash])), let address = IPv4(host),
        let length = Int(entry[entry.index(after: slash)...]), (0...32).contains(length)
      else { return false }
      return length == 0 || (network.bits ^ address.bits) >> (32 - length) == 0
    }
    var name = entry
    if let colon = entry.lastIndex(of: ":"), let given = Int(entry[entry.index(after: colon)...]),
      !entry[..<colon].contains(":")
    {
      guard given == port else { return false }
      name = String(entry[..<colon])
    }
    if name.hasPrefix("*.") { name.removeFirst() }
    if name.hasPrefix(".") { return host.hasSuffix(name) }
    return host == name || host.hasSuffix(".\(name)")
  }

  private struct IPv4 {
    let bits: UInt32

    init?(_ text: String) {
      let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
      guard parts.count == 4, parts.allSatisfy({ $0 != nil }) else { return nil }
      bits = parts.reduce(0) { $0 << 8 | UInt32($1!) }
    }
  }
}
