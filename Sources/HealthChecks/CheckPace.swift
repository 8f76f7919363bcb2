/// When a service that is not ready yet is checked again, wherever berth makes the check: often at first, when it is about to
/// become ready; less often when it takes long; and never later than the interval of its check says.
public struct CheckPace: Sendable, Equatable {
  /// The time that is added after each failure, in milliseconds, if the interval is not shorter.
  public static let step: Int64 = 50

  /// The interval of the check, in milliseconds.
  private let interval: Int64
  /// The failures since the service was started, or was ready.
  private var failures: Int64 = 0

  /// The pace of a check.
  ///
  /// - Parameter interval: the time between two checks of a service that is ready, in milliseconds.
  public init(interval: Int64) { self.interval = interval }

  /// Takes note of a failure.
  ///
  /// - Returns: how long to wait until the next check, in milliseconds.
  public mutating func pauseAfterFailure() -> Int64 {
    failures += 1
    return min(interval, Self.step * failures)
  }
}
