import Values

/// What a supervisor runs a service by, as it tells itself: the part of what it is sent that it acts on and that holds no
/// secret.
package struct RunningDefinition: Equatable {
  /// The program and its arguments.
  package var command: [String]
  /// `NAME=value` texts, without the secrets among them.
  package var environment: [String]
  /// What happens when its process ends.
  package var restart: Restart
  /// How often its process is started again after failures, from version 6 on; `nil` for without end.
  package var maxRestarts: Int64?
  /// How long it may take to stop, in milliseconds.
  package var stopGrace: Int64
  /// The signal that asks it to stop, by its name; `nil` for SIGTERM.
  package var stopSignal: String?
  /// Under what its processes run.
  package var conditions: ProcessConditions
  /// What it may use.
  package var limits: ServiceLimits
  /// How to find out whether it can do its work.
  package var check: CheckDefinition?

  /// What happens when a service's process ends.
  package enum Restart: String, CaseIterable {
    /// It is started again.
    case always
    /// It is started again if it ended in failure.
    case onFailure = "on-failure"
    /// It stays ended.
    case never
  }

  package init(
    command: [String], environment: [String], restart: Restart, maxRestarts: Int64? = nil, stopGrace: Int64,
    stopSignal: String? = nil, conditions: ProcessConditions = ProcessConditions(),
    limits: ServiceLimits = ServiceLimits(), check: CheckDefinition? = nil
  ) {
    self.command = command
    self.environment = environment
    self.restart = restart
    self.maxRestarts = maxRestarts
    self.stopGrace = stopGrace
    self.stopSignal = stopSignal
    self.conditions = conditions
    self.limits = limits
    self.check = check
  }
}

// MARK: JSON

extension RunningDefinition {
  /// As it stands in a service's record.
  var json: Value {
    var members: [Value.Member] = [
      .init("command", .texts(command)), .init("environment", .texts(environment)),
      .init("restart", .string(restart.rawValue)), .init("stopGrace", .int(stopGrace)),
      .init("limits", limits.json),
    ]
    if let check { members.append(.init("check", check.json)) }
    if let stopSignal { members.append(.init("stopSignal", .string(stopSignal))) }
    if let maxRestarts { members.append(.init("maxRestarts", .int(maxRestarts))) }
    if !conditions.isUnset { members.append(.init("conditions", conditions.json)) }
    return .map(members)
  }

  /// Reads what ``json`` wrote, or what a supervisor is sent, which says nothing of limits where there are none.
  init(json: Value) throws(MalformedMessage) {
    command = try json.texts("command")
    environment = try json.texts("environment")
    restart = try json.word("restart", "restart policy")
    stopGrace = try json.number("stopGrace")
    stopSignal = json["stopSignal"]?.string
    maxRestarts = json["maxRestarts"]?.int
    conditions = try ProcessConditions(json: json["conditions"] ?? [:])
    limits = ServiceLimits(json: json["limits"] ?? [:])
    if let check = json["check"] { self.check = try CheckDefinition(json: check) }
  }
}
