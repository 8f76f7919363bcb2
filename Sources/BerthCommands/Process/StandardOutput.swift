import Diagnostics
import Foundation
import Synchronization

/// Standard output, which is written to here and nowhere else, so that nothing is lost without a word.
enum StandardOutput {
  /// The number of the first error; what comes after it is not written any more.
  private static let failure = Mutex<Int32?>(nil)

  /// Keeps the numbers of the standard streams from being given to files and connections, where the program was started
  /// without one of them: what is meant for a person would be written there.
  static func reserve() {
    for descriptor in 0...2 as ClosedRange<Int32> where fcntl(descriptor, F_GETFD) < 0 {
      // As with the missing stream, input can't be read, and output can't be written.
      _ = open("/dev/null", descriptor == 0 ? O_WRONLY : O_RDONLY)
    }
  }

  /// Writes bytes.
  ///
  /// A reader that went away (`| head`) wants no more, and that is no failure: the program ends quietly, with status 0.
  /// Any other error ends it with status 1, because what was asked for is not there.
  ///
  /// - Parameter goesOn: whether the program goes on all the same, as a run does, which is not given up for that;
  ///   ``isComplete()`` tells then.
  static func write(_ bytes: some Sequence<UInt8>, goesOn: Bool) {
    guard failure.withLock({ $0 == nil }) else { return }
    do throws(WriteError) {
      try put(bytes, to: 1)
    } catch {
      failure.withLock { $0 = error.code }
      if goesOn { return }
      if error.isReaderGone { exit(0) }
      complain(of: error)
      exit(1)
    }
  }

  /// Whether everything that was written arrived; if not, that is told.
  static func isComplete() -> Bool {
    // A file on another machine may only say when it is closed that there is no room for it.
    let copy = dup(1)
    if copy >= 0, close(copy) != 0 { failure.withLock { $0 = $0 ?? errno } }
    guard let error = failure.withLock({ $0 }).map(WriteError.init), !error.isReaderGone else { return true }
    complain(of: error)
    return false
  }

  /// Writes all bytes to a descriptor, and waits where it takes no more now.
  static func put(_ bytes: some Sequence<UInt8>, to descriptor: Int32) throws(WriteError) {
    var rest = Array(bytes)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EAGAIN {
        var output = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = poll(&output, 1, -1)
        continue
      }
      guard count >= 0 else { throw WriteError(code: errno) }
      rest = rest.dropFirst(count)
    }
  }

  private static func complain(of error: WriteError) {
    Console().warn(Diagnostics([error.diagnostic]))
  }
}

/// Output that did not arrive.
struct WriteError: Error {
  /// The system's number of the error.
  let code: Int32

  /// Whether the reader of the output went away.
  var isReaderGone: Bool { code == EPIPE }

  /// The error, as it is told.
  var diagnostic: Diagnostic {
    Diagnostic(
      .outputLost, "can't write to standard output: \(String(cString: strerror(code)))",
      help: "what arrived is not whole; free some space, or send it elsewhere, and run the command again")
  }
}
