import Values

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The ports of this machine.
package enum HostPorts {
  /// The protocols of ports.
  package enum Transport: String, CaseIterable {
    case tcp
    case udp
  }

  /// Whether a service could listen on a port, on all of the machine's addresses.
  package static func isFree(_ port: Int, _ transport: Transport) -> Bool {
    let type = transport == .tcp ? Sockets.stream : Sockets.datagram
    guard let descriptor = try? Sockets.make(AF_INET, type) else { return false }
    defer { close(descriptor) }
    if transport == .tcp {
      // Connections that are past their end must not make the port look taken.
      var yes: Int32 = 1
      setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    }
    return Sockets.withPortAddress(Sockets.anyAddress, port) { bind(descriptor, $0, $1) } == 0
  }

  /// Who listens on a TCP port: `nginx (process 4711)`; `nil` if that can't be known.
  package static func holder(of port: Int) -> String? {
    let inodes = listeners(on: port)
    guard !inodes.isEmpty else { return nil }
    for entry in ProcessTable.all() {
      let folder = "/proc/\(entry.process)/fd"
      for name in (try? Files.names(in: folder)) ?? [] {
        guard let target = Files.linkTarget("\(folder)/\(name)"), inodes.contains(target) else { continue }
        let program = ProcessTable.name(of: entry.process) ?? "a process"
        return "\(program) (process \(entry.process))"
      }
    }
    return nil
  }

  /// The sockets that listen on a port, as `/proc/PID/fd` names them.
  private static func listeners(on port: Int) -> Set<String> {
    var inodes: Set<String> = []
    for table in ["/proc/net/tcp", "/proc/net/tcp6"] {
      guard let bytes = try? Files.read(table) else { continue }
      for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n").dropFirst() {
        // By proc(5): number, local address, remote address, state (0A: listening) … inode.
        let fields = line.split(separator: " ")
        guard fields.count > 9, fields[3] == "0A",
          fields[1].hasSuffix(":" + Hex.upper(port, digits: 4))
        else { continue }
        inodes.insert("socket:[\(fields[9])]")
      }
    }
    return inodes
  }
}
