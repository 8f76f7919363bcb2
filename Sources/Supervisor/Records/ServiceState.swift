/// What a service in the hands of a supervisor is doing.
package enum ServiceState: String, Sendable, CaseIterable {
  /// Its folder is being made ready.
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

  /// The states that may follow another one.
  var successors: Set<ServiceState> {
    switch self {
    case .provisioning: [.starting, .stopped, .failed]
    case .starting: [.running, .stopping, .stopped, .failed]
    case .running: [.starting, .stopping, .stopped, .failed]
    case .stopping: [.stopped, .failed]
    case .stopped: [.provisioning, .starting]
    case .failed: [.provisioning, .starting, .stopping, .stopped]
    }
  }
}
