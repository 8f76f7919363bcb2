/// What an operator asks of a workload as its last release has it.
public enum Operation: Sendable, Hashable {
  /// To stop some services, and to keep them so until they are started.
  case stop(ServiceScope)
  /// To start what was stopped.
  case start(ServiceScope)
  /// To stop and start what runs, in order.
  case restart(ServiceScope)
  /// To let nothing change it for a while.
  case suspend(Suspension)
  /// To let it be changed again.
  case unsuspend

  /// The services that are meant; `nil` if it is about the workload as a whole.
  public var scope: ServiceScope? {
    switch self {
    case .stop(let scope), .start(let scope), .restart(let scope): scope
    case .suspend, .unsuspend: nil
    }
  }

  /// Whether services start, so that all that they need must be at hand.
  public var startsServices: Bool {
    switch self {
    case .start, .restart: true
    case .stop, .suspend, .unsuspend: false
    }
  }

  /// The intent of the run that performs it; it holds neither the services nor the reason.
  public var intent: RunIntent {
    switch self {
    case .stop: .stop
    case .start: .start
    case .restart: .restart
    case .suspend: .suspend
    case .unsuspend: .unsuspend
    }
  }
}
