import Dispatch

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Sockets that listen on 127.0.0.1.
public enum Listener {
  /// A call that failed, by its `errno`.
  public struct Failure: Error {
    /// What the call left in `errno`.
    public let code = errno
  }

  /// Opens one on a port that the system chooses.
  public static func open() throws -> (descriptor: Int32, port: Int) {
    #if canImport(Glibc)
      let type = Int32(SOCK_STREAM.rawValue)
    #else
      let type = SOCK_STREAM
    #endif
    let descriptor = socket(AF_INET, type, 0)
    guard descriptor >= 0, fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0 else { throw Failure() }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr = in_addr(s_addr: UInt32(0x7F00_0001).bigEndian)
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, size) == 0 && listen(descriptor, 16) == 0
          && getsockname(descriptor, $0, &size) == 0
      }
    }
    guard result else { throw Failure() }
    return (descriptor, Int(in_port_t(bigEndian: address.sin_port)))
  }

  /// Answers every connection with these bytes, until the socket is closed.
  ///
  /// - Parameter keepsOpen: whether the connections stay open then.
  public static func answer(_ descriptor: Int32, with text: String, keepsOpen: Bool = false) {
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
