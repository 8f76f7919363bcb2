/// How a forge is asked.
public struct ForgeOptions: Sendable {
  /// How often a request is made that the forge breaks down over, or that is lost on the way.
  public var attempts: Int
  /// The first pause; the next are twice as long each, up to the longest.
  public var firstPause: Duration
  /// The longest pause; a forge that asks for a longer one is not waited for.
  public var longestPause: Duration
  /// How long the forge may take for an answer.
  public var timeout: Duration
  /// Waits for the length of a pause.
  public var sleep: @Sendable (Duration) async throws -> Void

  /// Options; each has a default.
  public init(
    attempts: Int = 5, firstPause: Duration = .seconds(1), longestPause: Duration = .seconds(60),
    timeout: Duration = .seconds(30),
    sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
  ) {
    self.attempts = attempts
    self.firstPause = firstPause
    self.longestPause = longestPause
    self.timeout = timeout
    self.sleep = sleep
  }

  /// How long to wait before a request is made once more; `nil` if it is not.
  ///
  /// - Parameter attempt: the number of the one that failed, from 1.
  func pause(after attempt: Int, of failure: ForgeFailure) -> Duration? {
    guard attempt < attempts, failure.mayPass else { return nil }
    let doubled = (1..<attempt).reduce(firstPause) { pause, _ in min(pause * 2, longestPause) }
    guard let asked = failure.retryAfter else { return failure.isLimit ? nil : doubled }
    return asked <= longestPause ? max(asked, doubled) : nil
  }
}
