import Synchronization

/// A request to begin nothing more. It can be made at any time and from anywhere, and can't be taken back.
///
/// It is not the cancellation of the task: the actions that are under way are finished, for which each has its
/// own time, and how the run ended is written down.
public final class StopRequest: Sendable {
  private let flag = Atomic<Bool>(false)

  /// A request that is not made yet.
  public init() {}

  /// Whether it was made.
  public var isMade: Bool { flag.load(ordering: .relaxed) }

  /// Has the run begin nothing more. A second call changes nothing.
  public func make() { flag.store(true, ordering: .relaxed) }

  /// Ends what has changed nothing yet.
  ///
  /// - Throws: `CancellationError` if the request was made.
  func check() throws {
    if isMade { throw CancellationError() }
  }
}
