import Values

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The pipe through which a process writes, and the lines that come out of it.
struct LogCapture {
  /// The end to read from.
  let descriptor: Int32
  private let isError: Bool
  private var splitter = LineSplitter()

  /// Makes a pipe.
  ///
  /// - Returns: what reads from it, and the end to write to, which is to be closed once the process has it.
  static func make(isError: Bool) throws(SystemError) -> (LogCapture, writeEnd: Int32) {
    var ends: [Int32] = [-1, -1]
    if pipe(&ends) != 0 { throw SystemError("make a pipe") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    Sockets.setNonBlocking(ends[0])
    return (LogCapture(descriptor: ends[0], isError: isError), ends[1])
  }

  private init(descriptor: Int32, isError: Bool) {
    self.descriptor = descriptor
    self.isError = isError
  }

  /// Reads what is there, but not for ever: a process may write faster than the supervisor reads.
  ///
  /// - Parameter lines: what to append to, in the form of ``LogRecord``.
  /// - Returns: whether the pipe has ended.
  mutating func read(into lines: inout [UInt8], at: Timestamp) -> Bool {
    for _ in 0..<16 {
      let chunk = withUnsafeTemporaryAllocation(byteCount: 16 * 1024, alignment: 1) { buffer -> [UInt8]? in
        let count = systemRead(descriptor, buffer)
        if count < 0 { return errno == EAGAIN || errno == EINTR ? nil : [] }
        return Array(buffer.prefix(count))
      }
      guard let chunk else { return false }
      let isError = isError
      if chunk.isEmpty {
        splitter.finish { LogRecord.write($0, at: at, isError: isError, goesOn: $1, into: &lines) }
        return true
      }
      splitter.append(chunk) { LogRecord.write($0, at: at, isError: isError, goesOn: $1, into: &lines) }
    }
    return false
  }

  /// Lets go of the pipe, and gives the line that was begun.
  mutating func finish(into lines: inout [UInt8], at: Timestamp) {
    while !read(into: &lines, at: at), hasMore {}
    let isError = isError
    splitter.finish { LogRecord.write($0, at: at, isError: isError, goesOn: $1, into: &lines) }
    close(descriptor)
  }

  private var hasMore: Bool {
    var readable = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&readable, 1, 0) > 0 && readable.revents & Int16(POLLIN) != 0
  }
}

private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
  read(descriptor, buffer.baseAddress, buffer.count)
}
