/// What an instance or a service is doing.
public enum InstanceState: String, Sendable, CaseIterable {
  /// Its place is being made ready: folders, networks, images.
  case provisioning
  /// Its process was started and is not yet ready.
  case starting
  /// Its process runs.
  case running
  /// Its process was asked to end.
  case stopping
  /// Its process ended as it should, or was stopped.
  case stopped
  /// Its process ended in failure, or could not be started.
  case failed
  /// It is being taken away.
  case destroying
  /// It is gone.
  case destroyed
  /// The engine can't tell.
  case unknown

  /// The states that may follow. Every state may become `unknown` and be found again from there.
  public var successors: Set<InstanceState> {
    switch self {
    case .provisioning: [.starting, .stopped, .failed, .destroying, .unknown]
    case .starting: [.running, .stopping, .stopped, .failed, .destroying, .unknown]
    case .running: [.starting, .stopping, .stopped, .failed, .destroying, .unknown]
    case .stopping: [.stopped, .failed, .destroying, .unknown]
    case .stopped: [.provisioning, .starting, .destroying, .unknown]
    case .failed: [.provisioning, .starting, .stopping, .stopped, .destroying, .unknown]
    case .destroying: [.destroyed, .failed, .unknown]
    case .destroyed: [.provisioning, .unknown]
    case .unknown: Set(InstanceState.allCases)
    }
  }

  /// Whether a state may follow this one; staying is always allowed.
  public func canBecome(_ next: InstanceState) -> Bool { next == self || successors.contains(next) }

  /// How bad it is, for finding the state of a whole from its parts: a higher number wins.
  var severity: Int {
    switch self {
    case .failed: 8
    case .unknown: 7
    case .destroying: 6
    case .stopping: 5
    case .provisioning: 4
    case .starting: 3
    case .stopped: 2
    case .destroyed: 1
    case .running: 0
    }
  }

  /// The state of a whole: the worst of its parts. Of no parts, it is `provisioning`.
  public static func worst(of states: some Sequence<InstanceState>) -> InstanceState {
    states.max { $0.severity < $1.severity } ?? .provisioning
  }
}
