import Synchronization

/// How often requests may be asked again in all. Where a service is down for everything, a program with many requests would
/// else ask it many times as often as before: each repetition takes from the budget, each success gives a little back.
///
/// The numbers are those of AWS's own clients ("standard" mode).
final class RetryBudget: Sendable {
  private static let full = 500
  private static let cost = 5
  private static let reward = 1

  private let left = Mutex(RetryBudget.full)

  /// Takes what one repetition costs.
  ///
  /// - Returns: whether there was as much.
  func take() -> Bool {
    left.withLock { left in
      guard left >= Self.cost else { return false }
      left -= Self.cost
      return true
    }
  }

  /// Gives back for a request that succeeded.
  func succeed() { left.withLock { $0 = min(Self.full, $0 + Self.reward) } }
}
