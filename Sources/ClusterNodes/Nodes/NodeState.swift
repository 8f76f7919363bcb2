/// What a node is doing.
public enum NodeState: String, Sendable, CaseIterable {
  /// It runs.
  case running
  /// It was asked to start, or starts again by itself.
  case starting
  /// It was asked to stop.
  case stopping
  /// It does not run.
  case stopped
  /// It is there and stands still.
  case paused
  /// It is being taken away.
  case deleting
  /// It broke, and can't be started.
  case failed
  /// Its provider can't tell.
  case unknown

  /// Whether it counts as ready.
  public var isReady: Bool { self == .running }

  /// Whether it is known not to run.
  public var isDown: Bool { self == .stopped || self == .failed }
}
