import Synchronization

/// Tells work on another thread that its caller no longer waits for it.
final class Cancellation: Sendable {
  private let flag = Atomic<Bool>(false)

  func cancel() { flag.store(true, ordering: .relaxed) }

  /// Ends work that was cancelled.
  ///
  /// - Throws: `CancellationError` if it was.
  func check() throws {
    if flag.load(ordering: .relaxed) { throw CancellationError() }
  }
}
