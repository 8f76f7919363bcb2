import Planning
import Values

/// What operators asked of a workload, for a person.
enum OperatorStateText {
  /// A line for each thing that holds: `suspended 2h ago by ada@build-7: moving the database`, `stopped until
  /// it is started: api, instance 1`, `paused at canary 1/3, 5m ago by ada@build-7`.
  static func lines(_ state: OperatorState, _ now: Timestamp, _ style: TextStyle) -> [String] {
    var lines: [String] = []
    if let rollout = state.rollout {
      let age = AgeText.from(rollout.pause.since, to: now)
      let name = SafeText.line(rollout.snapshot.name)
      lines.append(
        "paused at \(rollout.progress), \(age) ago by \(SafeText.line(rollout.pause.by)): "
          + "`berth promote \(name)` or `berth abort \(name)`")
    }
    if let suspension = state.suspension {
      let age = AgeText.from(suspension.since, to: now)
      lines.append(
        "suspended \(age) ago by \(SafeText.line(suspension.by)): \(SafeText.line(suspension.reason))")
    }
    if !state.stopped.isEmpty {
      let scopes = state.stopped.sorted().map(name).joined(separator: ", ")
      lines.append("stopped until it is started: \(scopes)")
    }
    return lines.map { style.paint($0, .warning) }
  }

  private static func name(_ scope: ServiceScope) -> String {
    switch (scope.service, scope.ordinal) {
    case (nil, nil): "everything"
    case (let service?, nil): SafeText.line(service)
    case (nil, let ordinal?): "instance \(ordinal)"
    case (let service?, let ordinal?): "\(SafeText.line(service)) of instance \(ordinal)"
    }
  }
}
