/// What a plan or a run is for.
public enum RunIntent: Sendable, Hashable {
  /// To reach what the files say.
  case apply
  /// To go back to a release.
  case rollback(to: Int)
  /// To take the workload away.
  case destroy
  /// To have another number of instances.
  case scale(to: Int)
  /// To stop services, and to keep them so.
  case stop
  /// To start services that were stopped.
  case start
  /// To stop and start services.
  case restart
  /// To let nothing change the workload for a while.
  case suspend
  /// To let the workload be changed again.
  case unsuspend
  /// To finish a paused rollout.
  case promote
  /// To take a paused rollout back.
  case abort

  /// One word, with the number of a release or of instances behind a space: `rollback 4`, `scale 3`.
  public var text: String {
    switch self {
    case .apply, .destroy, .stop, .start, .restart, .suspend, .unsuspend, .promote, .abort: verb
    case .rollback(let number), .scale(let number): "\(verb) \(number)"
    }
  }

  /// One word: `rollback`.
  public var verb: String {
    switch self {
    case .apply: "apply"
    case .rollback: "rollback"
    case .destroy: "destroy"
    case .scale: "scale"
    case .stop: "stop"
    case .start: "start"
    case .restart: "restart"
    case .suspend: "suspend"
    case .unsuspend: "unsuspend"
    case .promote: "promote"
    case .abort: "abort"
    }
  }

  /// Whether it may make another release of the workload, which a suspended one refuses. To destroy is meant
  /// for good, and operators may do what leaves the release alone.
  public var isRefusedWhileSuspended: Bool {
    switch self {
    case .apply, .rollback, .scale, .promote: true
    case .destroy, .stop, .start, .restart, .suspend, .unsuspend, .abort: false
    }
  }

  /// Reads what ``text`` wrote.
  public init?(text: String) {
    let words = text.split(separator: " ")
    switch (words.first, words.count) {
    case ("apply", 1): self = .apply
    case ("destroy", 1): self = .destroy
    case ("stop", 1): self = .stop
    case ("start", 1): self = .start
    case ("restart", 1): self = .restart
    case ("suspend", 1): self = .suspend
    case ("unsuspend", 1): self = .unsuspend
    case ("promote", 1): self = .promote
    case ("abort", 1): self = .abort
    case ("scale", 2):
      guard let number = Int(words[1]) else { return nil }
      self = .scale(to: number)
    case ("rollback", 2):
      guard let number = Int(words[1]) else { return nil }
      self = .rollback(to: number)
    default: return nil
    }
  }
}
