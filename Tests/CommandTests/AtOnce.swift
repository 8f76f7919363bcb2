import Foundation
import Synchronization

/// Does something so many times at once, each on a thread of its own, and waits for all. A queue runs no more at a time than
/// there are cores.
func atOnce(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) async {
  guard count > 0 else { return }
  let crew = Crew(count)
  await withCheckedContinuation { (done: CheckedContinuation<Void, Never>) in
    for index in 0..<count {
      Thread.detachNewThread {
        body(index)
        if crew.isLast() { done.resume() }
      }
    }
  }
}

/// Knows how many are still at work.
private final class Crew: Sendable {
  private let left: Mutex<Int>

  init(_ count: Int) { left = Mutex(count) }

  /// Takes note that one more is done: whether it was the last.
  func isLast() -> Bool {
    left.withLock {
      $0 -= 1
      return $0 == 0
    }
  }
}
