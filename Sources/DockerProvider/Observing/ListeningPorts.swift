import WorkloadSpec

/// The ports of this machine that some process has, as far as the system tells: only Linux does.
struct ListeningPorts: Sendable, Equatable {
  private var ports: [TransportProtocol: Set<Int>] = [:]

  /// Whether a process has a port on any of the machine's addresses.
  func contains(_ port: Int, _ transport: TransportProtocol) -> Bool {
    ports[transport]?.contains(port) ?? false
  }

  /// What the system says now. Nothing is connected to, and no port is taken for it.
  static func now() -> ListeningPorts {
    func table(_ name: String) -> String {
      String(decoding: HostProcesses.contents(of: "/proc/self/net/\(name)"), as: UTF8.self)
    }
    return ListeningPorts(tcp: table("tcp") + table("tcp6"), udp: table("udp") + table("udp6"))
  }

  /// Reads the tables of sockets, as `proc(5)` describes them: number, local address, remote address, state.
  init(tcp: String, udp: String) {
    // What a connection has that is open is given back at its end, and can be listened on meanwhile.
    ports[.tcp] = Self.ports(in: tcp) { $0 == "0A" }
    ports[.udp] = Self.ports(in: udp) { _ in true }
  }

  private static func ports(in table: String, where isTaken: (Substring) -> Bool) -> Set<Int> {
    var ports: Set<Int> = []
    for line in table.split(separator: "\n") {
      let fields = line.split(separator: " ")
      guard fields.count > 3, isTaken(fields[3]), let colon = fields[1].lastIndex(of: ":"),
        let port = Int(fields[1][fields[1].index(after: colon)...], radix: 16)
      else { continue }
      ports.insert(port)
    }
    return ports
  }
}
