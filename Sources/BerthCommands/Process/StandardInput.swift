import Dispatch
import ProviderKit
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a command beside a service is given from standard input: its bytes, its end, and how large the terminal is
/// whenever that changes.
struct StandardInput: AsyncSequence, Sendable {
  typealias Element = ExecInput
  typealias Failure = Never

  /// Where a byte comes out for each change of the terminal's size; -1 if that is not asked for.
  let sizes: Int32

  func makeAsyncIterator() -> Iterator { Iterator(source: InputSource(sizes: sizes)) }

  struct Iterator: AsyncIteratorProtocol {
    fileprivate let source: InputSource

    func next() async -> ExecInput? { await next(isolation: nil) }

    func next(isolation actor: isolated (any Actor)?) async -> ExecInput? {
      // Waiting for a key must not hold up one of the few threads that tasks share.
      await withCheckedContinuation(isolation: actor) { continuation in
        DispatchQueue.global().async { [source] in continuation.resume(returning: source.wait()) }
      }
    }
  }
}

/// Changes of the terminal's size, each as a byte that comes out of a pipe.
final class SizeChanges {
  /// Where the bytes come out; -1 if there can be no pipe.
  let descriptor: Int32
  private let source: any DispatchSourceSignal

  /// From now on, changes are noticed.
  init() {
    var ends: [Int32] = [-1, -1]
    if pipe(&ends) == 0 {
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    }
    descriptor = ends[0]
    source = DispatchSource.makeSignalSource(signal: SIGWINCH, queue: .global())
    source.setEventHandler { [writeEnd = ends[1]] in
      var byte: UInt8 = 0
      write(writeEnd, &byte, 1)
    }
    source.resume()
  }

  deinit { source.cancel() }
}

/// Standard input and the changes of the terminal's size, waited for together.
private final class InputSource: Sendable {
  private static let pieceSize = 64 * 1024

  private let hasEnded = Atomic<Bool>(false)
  private let sizes: Int32

  init(sizes: Int32) { self.sizes = sizes }

  /// Waits for what comes next; `nil` if nothing can come any more.
  func wait() -> ExecInput? {
    while true {
      let isOver = hasEnded.load(ordering: .relaxed)
      if isOver, sizes < 0 { return nil }
      // A negative descriptor is one that is not waited for.
      var interests = [
        pollfd(fd: isOver ? -1 : 0, events: Int16(POLLIN), revents: 0),
        pollfd(fd: sizes, events: Int16(POLLIN), revents: 0),
      ]
      guard poll(&interests, 2, -1) > 0 else { continue }
      if interests[1].revents != 0, let size = readSize() { return .resize(size) }
      if interests[0].revents != 0, let input = readInput() { return input }
    }
  }

  private func readSize() -> TerminalSize? {
    var bytes = [UInt8](repeating: 0, count: 64)
    _ = read(sizes, &bytes, bytes.count)
    return Screen.size(of: 0).map { TerminalSize(columns: $0.columns, rows: $0.rows) }
  }

  private func readInput() -> ExecInput? {
    var code: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: Self.pieceSize) { buffer, count in
      let result = read(0, buffer.baseAddress, buffer.count)
      if result < 0 { code = errno }
      count = Swift.max(0, result)
    }
    if !bytes.isEmpty { return .bytes(bytes) }
    if code == EINTR || code == EAGAIN { return nil }
    hasEnded.store(true, ordering: .relaxed)
    return .end
  }
}
