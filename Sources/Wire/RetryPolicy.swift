/// How often, and after how long, a request is asked again.
package struct RetryPolicy: Sendable {
  /// How often a request is asked that a server breaks down over, or that is lost on the way: one that starts anew takes some
  /// seconds.
  package var attempts = 8
  /// How long at most is waited for a server that has too much to do, for one request.
  package var patience = Duration.seconds(120)
  /// The first pause; the next are twice as long each, up to the longest.
  package var firstPause = Duration.milliseconds(250)
  /// No pause is longer.
  package var longestPause = Duration.seconds(8)
  /// Waits.
  package var sleep: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
  /// A number from 0 to 1, so that those who wait for the same do not come back at the same moment.
  package var random: @Sendable () -> Double = { Double.random(in: 0...1) }

  package init() {}

  /// The pause before a request is asked again: half of it is certain, half left to chance.
  ///
  /// - Parameter failures: how often it has failed.
  package func pause(after failures: Int) -> Duration {
    var pause = firstPause
    for _ in 1..<max(failures, 1) where pause < longestPause { pause *= 2 }
    return min(pause, longestPause) * (0.5 + 0.5 * random())
  }

  /// The pause that a server asks for, and some more by chance.
  package func pause(asked wait: Duration) -> Duration { wait + firstPause * random() }
}
