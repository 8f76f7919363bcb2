import Engine
import Planning
import Synchronization

/// Time and chance that a test controls: the clock moves only when somebody sleeps.
final class TestTime: Sendable {
  private let state = Mutex(State())
  /// The longest sleep that ends by itself, at once, moving the clock. Longer ones last until cancelled.
  private let longestSleep: Duration
  /// What happens elsewhere during each sleep that ends by itself.
  private let meanwhile: @Sendable () async -> Void

  private struct State {
    var uptime: Duration = .zero
    var runs = 0
    var tokens = 0
  }

  /// The default lets a waiter poll for the lock, and keeps beats and deadlines out of the way.
  init(
    longestSleep: Duration = .seconds(1),
    meanwhile: @escaping @Sendable () async -> Void = { await Task.yield() }
  ) {
    self.longestSleep = longestSleep
    self.meanwhile = meanwhile
  }

  func advance(by duration: Duration) { state.withLock { $0.uptime += duration } }

  var environment: EngineEnvironment {
    EngineEnvironment(
      now: { Timestamp(milliseconds: 1_700_000_000_000) + self.state.withLock { $0.uptime } },
      uptime: { self.state.withLock { $0.uptime } },
      sleep: { duration in
        guard duration <= self.longestSleep else { return try await Task.sleep(for: .seconds(86_400)) }
        self.advance(by: duration)
        await self.meanwhile()
        try Task.checkCancellation()
      },
      makeRunID: { _ in
        RunID(
          "run-\(self.state.withLock { state in state.runs += 1; return state.runs })")
      },
      makeToken: { "token-\(self.state.withLock { state in state.tokens += 1; return state.tokens })" },
      user: "ada@build", processID: 4711)
  }
}
