/// How an engine goes about its work.
public struct EngineOptions: Sendable {
  /// How long to wait for a lock that another run holds. The lock of a holder that died without a trace
  /// can be broken only by waiting longer than ``lockTimeToLive``.
  public var lockTimeout: Duration
  /// How long a service may take to become ready.
  public var timeout: Duration
  /// How many actions may be under way at once; at least one is.
  public var parallelism: Int
  /// Whether to go back to the last release when a run fails; a first apply takes away what it made.
  public var atomic: Bool
  /// How long a holder of the lock may be silent before another run may break it.
  public var lockTimeToLive: Duration
  /// How old a plan may be that is carried out without being made again, as long as no run has come between; from
  /// the moment on at which it began to look.
  public var planFreshness: Duration

  /// Options; each has a default.
  public init(
    lockTimeout: Duration = .seconds(30), timeout: Duration = .seconds(120), parallelism: Int = 20,
    atomic: Bool = false, lockTimeToLive: Duration = .seconds(20), planFreshness: Duration = .seconds(2)
  ) {
    self.lockTimeout = lockTimeout
    self.timeout = timeout
    self.parallelism = parallelism
    self.atomic = atomic
    self.lockTimeToLive = lockTimeToLive
    self.planFreshness = planFreshness
  }
}
