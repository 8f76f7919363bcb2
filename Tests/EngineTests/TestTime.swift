import Engine
import Planning
import Synchronization
import Values

/// Time and chance that a test controls: the clock moves only when a task sleeps.
final class TestTime: Sendable {
  private let state = Mutex(State())
  /// The longest sleep that ends by itself, at once, moving the clock. Longer ones last until cancelled.
  private let longestSleep: Duration
  /// What happens elsewhere during each sleep that ends by itself.
  private let meanwhile: @Sendable () async -> Void

  private struct State {
    var uptime: Duration = .zero
    /// How far the clock on the wall is off.
    var error: Duration = .zero
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

  /// A time of its own, which goes on from another's now.
  init(copying other: TestTime) {
    longestSleep = other.longestSleep
    meanwhile = other.meanwhile
    let copy = other.state.withLock { $0 }
    state.withLock { $0 = copy }
  }

  /// Sets the clock on the wall to another time, as an administrator or a time server does.
  func setClock(by error: Duration) { state.withLock { $0.error += error } }

  func advance(by duration: Duration) { state.withLock { $0.uptime += duration } }

  var environment: EngineEnvironment {
    EngineEnvironment(
      now: { Timestamp(milliseconds: 1_700_000_000_000) + self.state.withLock { $0.uptime + $0.error } },
      uptime: { self.state.withLock { $0.uptime } },
      sleep: { duration in
        guard duration <= self.longestSleep else { return try await untilCancelled() }
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

/// Waits until the task is cancelled. A cancelled sleep would be remembered until its time has come.
func untilCancelled() async throws {
  let (stream, continuation) = AsyncStream<Never>.makeStream()
  for await _ in stream {}
  withExtendedLifetime(continuation) {}
  throw CancellationError()
}
