import Dispatch
import Testing

@testable import LocalProvider

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Sockets that listen on 127.0.0.1.
enum Listener {
  /// Opens one on a port that the system chooses.
  static func open() throws -> (descriptor: Int32, port: Int) {
    let descriptor = try Sockets.make(AF_INET, Sockets.stream)
    try #require(Sockets.withPortAddress(Sockets.loopback, 0) { bind(descriptor, $0, $1) } == 0)
    try #require(listen(descriptor, 16) == 0)
    var address = sockaddr_in()
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
    }
    try #require(result == 0)
    return (descriptor, Int(in_port_t(bigEndian: address.sin_port)))
  }

  /// Answers every connection with these bytes, until the socket is closed.
  ///
  /// - Parameter keepsOpen: whether the connections stay open then.
  static func answer(_ descriptor: Int32, with text: String, keepsOpen: Bool = false) {
    DispatchQueue(label: "listener").async {
      while true {
        let connection = accept(descriptor, nil, nil)
        guard connection >= 0 else { return }
        var buffer = [UInt8](repeating: 0, count: 1024)
        _ = recv(connection, &buffer, buffer.count, 0)
        let bytes = Array(text.utf8)
        _ = send(connection, bytes, bytes.count, 0)
        if !keepsOpen { close(connection) }
      }
    }
  }
}
