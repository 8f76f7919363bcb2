import Synchronization

/// A number that is counted up.
final class Counted: Sendable {
  private let number = Mutex(0)
  /// The number so far.
  var value: Int { number.withLock { $0 } }
  /// The number before it is counted up.
  func next() -> Int {
    number.withLock { number in
      defer { number += 1 }
      return number
    }
  }
}
