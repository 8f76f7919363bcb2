import Dispatch
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

/// Does work that blocks on a thread of its own, so that the threads that Swift's tasks share stay free.
func offload<Result: Sendable>(
  _ work: @escaping @Sendable (Cancellation) throws -> Result
) async throws -> Result {
  let cancellation = Cancellation()
  return try await withTaskCancellationHandler {
    try await withCheckedThrowingContinuation { continuation in
      DispatchQueue.global().async {
        continuation.resume(with: Swift.Result { try work(cancellation) })
      }
    }
  } onCancel: {
    cancellation.cancel()
  }
}
