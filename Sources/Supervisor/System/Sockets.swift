#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Sockets of this machine.
package enum Sockets {
  #if canImport(Glibc)
    package static let stream = Int32(SOCK_STREAM.rawValue)
    static let datagram = Int32(SOCK_DGRAM.rawValue)
  #else
    package static let stream = SOCK_STREAM
    static let datagram = SOCK_DGRAM
  #endif

  /// Makes a socket whose descriptor is closed in every process that is started.
  package static func make(
    _ family: Int32, _ type: Int32, isNonBlocking: Bool = false
  ) throws(SystemError) -> Int32 {
    let descriptor = socket(family, type, 0)
    if descriptor < 0 { throw SystemError("make a socket") }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    if isNonBlocking { setNonBlocking(descriptor) }
    return descriptor
  }

  /// Makes reads and writes return at once.
  package static func setNonBlocking(_ descriptor: Int32) {
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
  }

  /// Calls with the address of a socket in the file system.
  ///
  /// - Throws: ``SystemError`` with `ENAMETOOLONG` for a path that does not fit into an address.
  package static func withUnixAddress(
    _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) throws(SystemError) -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
      throw SystemError("address \(path)", code: ENAMETOOLONG)
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }

  /// Calls with the address of a port.
  static func withPortAddress(
    _ host: UInt32, _ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(truncatingIfNeeded: port).bigEndian
    address.sin_addr = in_addr(s_addr: host.bigEndian)
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }

  /// Every address of this machine.
  static let anyAddress: UInt32 = 0
  /// 127.0.0.1.
  static let loopback: UInt32 = 0x7F00_0001
}
