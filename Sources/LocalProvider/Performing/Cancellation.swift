import Synchronization

/// Says to work on another thread that nobody waits for it any more.
final class Cancellation: Sendable {
  private let flag = Atomic<Bool>(false)

  /// Cancels.
  func cancel() { flag.store(true, ordering: .relaxed) }

  /// Ends work that was cancelled.
  ///
  /// - Throws: `CancellationError` if it was.
  func check() throws {
    if flag.load(ordering: .relaxed) { throw CancellationError() }
  }
}
