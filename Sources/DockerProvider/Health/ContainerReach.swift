import Synchronization

/// Whether containers of an engine were reached at their own addresses, so that no other check has to find out again.
final class ContainerReach: Sendable {
  private let flag = Atomic<Bool>(false)

  /// Whether one was.
  var isKnown: Bool { flag.load(ordering: .relaxed) }

  /// Writes down that one was.
  func note() { flag.store(true, ordering: .relaxed) }
}
