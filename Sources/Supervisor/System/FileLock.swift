#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A lock that the kernel gives back when the last process that holds it has ended.
package enum FileLock {
  /// How long to wait, in milliseconds, for other commands that are busy with what concerns all.
  package static let patience: Int64 = 60_000

  /// Takes the lock of a file, which is made if it is not there.
  ///
  /// - Parameter milliseconds: how long to wait for it.
  /// - Returns: a descriptor; closing it gives the lock back.
  /// - Throws: ``SystemError`` with `EWOULDBLOCK` if another process holds it for longer.
  package static func take(_ path: String, waiting milliseconds: Int64 = 0) throws(SystemError) -> Int32 {
    let descriptor = try Files.open(path, O_RDWR | O_CREAT)
    let deadline = Clocks.monotonic + milliseconds
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      let code = errno
      guard code == EWOULDBLOCK || code == EINTR, Clocks.monotonic < deadline else {
        close(descriptor)
        throw SystemError("lock \(path)", code: code)
      }
      usleep(5_000)
    }
    return descriptor
  }
}
