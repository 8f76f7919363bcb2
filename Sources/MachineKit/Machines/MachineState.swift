import Planning

/// What a machine is doing, whatever its cloud calls that.
public enum MachineState: String, Sendable, CaseIterable {
  /// It was asked for, or starts, and does not run yet.
  case pending
  /// It runs.
  case running
  /// It was asked to stop.
  case stopping
  /// It does not run, and keeps its disk.
  case stopped
  /// Its memory is being written to its disk.
  case suspending
  /// It does not run, and keeps its disk and its memory.
  case suspended
  /// It is being taken away.
  case terminating
  /// It is gone for good; some clouds tell of it for a while.
  case terminated
  /// Its cloud moves it to other hardware; it runs again by itself.
  case repairing
  /// Its cloud says something that is not known here. Nothing is concluded from it.
  case unknown

  /// What an observation says of an instance that is such a machine.
  var instance: InstanceState {
    switch self {
    case .pending, .repairing: .starting
    case .running: .running
    case .stopping, .suspending: .stopping
    case .stopped, .suspended: .stopped
    case .terminating: .destroying
    case .terminated: .destroyed
    case .unknown: .unknown
    }
  }

  /// Whether it never runs again.
  public var isEnd: Bool { self == .terminating || self == .terminated }

  /// Whether it does not run, and starts only when it is told to.
  public var isAtRest: Bool { self == .stopped || self == .suspended }
}

/// What a cloud's own checks say of a machine that runs.
public enum MachineCheck: Sendable, Equatable {
  /// The cloud makes none, or does not tell: a machine that runs is taken to work.
  case none
  /// They have not come to an end yet.
  case pending
  /// It works.
  case passed
  /// It does not work, and why, in the cloud's words.
  case failed(String)
}
