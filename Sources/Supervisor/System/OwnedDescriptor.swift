#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file descriptor that is closed with its last reference.
package final class OwnedDescriptor: Sendable {
  /// The number.
  package let value: Int32

  /// Takes over a descriptor.
  package init(_ value: Int32) { self.value = value }

  deinit { close(value) }

  /// Makes a pipe whose ends are closed in every process that is started.
  package static func pipe() throws(SystemError) -> (read: OwnedDescriptor, write: OwnedDescriptor) {
    var ends: [Int32] = [-1, -1]
    if systemPipe(&ends) != 0 { throw SystemError("make a pipe") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (OwnedDescriptor(ends[0]), OwnedDescriptor(ends[1]))
  }
}

// Within `OwnedDescriptor`, the plain name means its own method.
private func systemPipe(_ ends: UnsafeMutablePointer<Int32>) -> Int32 { pipe(ends) }
