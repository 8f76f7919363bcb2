/// How events are delivered.
package struct WebhookOptions: Sendable {
  /// How many events may wait; one more is not delivered.
  package var capacity: Int
  /// How often an event is tried at most.
  package var attempts: Int
  /// How long to wait before the second attempt; before each one after that, twice as long.
  package var firstDelay: Duration
  /// The longest wait between two attempts, also where the receiver asks for a longer one.
  package var longestDelay: Duration
  /// How long the receiver may take to answer.
  package var timeout: Duration
  /// How long the end of a run waits for what is not delivered yet.
  package var patience: Duration

  /// Options; each has a default.
  package init(
    capacity: Int = 256, attempts: Int = 5, firstDelay: Duration = .milliseconds(500),
    longestDelay: Duration = .seconds(10), timeout: Duration = .seconds(10), patience: Duration = .seconds(10)
  ) {
    self.capacity = capacity
    self.attempts = attempts
    self.firstDelay = firstDelay
    self.longestDelay = longestDelay
    self.timeout = timeout
    self.patience = patience
  }

  /// How long to wait after an attempt that failed; `nil` if there shall be no other.
  ///
  /// - Parameters:
  ///   - attempt: the number of the attempt, from 1.
  ///   - asked: how long the receiver asks to be left alone.
  func delay(after attempt: Int, of failure: DeliveryFailure) -> Duration? {
    guard attempt < attempts, failure.mayPass else { return nil }
    let doubled = (1..<attempt).reduce(firstDelay) { delay, _ in min(delay * 2, longestDelay) }
    return min(max(doubled, failure.retryAfter ?? .zero), longestDelay)
  }
}

/// Why an attempt to deliver failed.
struct DeliveryFailure: Error, Equatable {
  /// Why, in words.
  var reason: String
  /// Whether it may go better the next time.
  var mayPass: Bool
  /// How long the receiver asks to be left alone.
  var retryAfter: Duration?

  /// What an answer means; `nil` if it took the event.
  ///
  /// - Parameter retryAfter: the header of this name.
  static func of(status: Int, retryAfter: String?) -> DeliveryFailure? {
    guard !(200..<300).contains(status) else { return nil }
    // A redirect is not followed: what is signed for one receiver is no other's business.
    return DeliveryFailure(
      reason: "it answered \(status)", mayPass: status == 408 || status == 429 || status >= 500,
      retryAfter: retryAfter.flatMap { Int64($0) }.map { .seconds(min(max($0, 0), 3600)) })
  }
}
