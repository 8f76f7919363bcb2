import Values
import WorkloadSpec

/// What a supervisor runs a service by, as it tells itself: the part of a ``ServiceDefinition`` that it acts on and that holds
/// no secret.
struct RunningDefinition: Equatable {
  /// The program and its arguments.
  var command: [String]
  /// `NAME=value` texts, without the secrets among them.
  var environment: [String]
  /// What happens when its process ends.
  var restart: RestartPolicy
  /// How long it may take to stop, in milliseconds.
  var stopGrace: Int64
  /// The signal that asks it to stop, by its name; `nil` for SIGTERM.
  var stopSignal: String?
  /// Under what its processes run.
  var conditions: ProcessConditions
  /// What it may use.
  var limits: ServiceLimits
  /// How it is checked.
  var check: CheckDefinition?

  /// What a definition comes to.
  init(_ definition: ServiceDefinition) {
    command = definition.command
    environment = definition.environment
    restart = definition.restart
    stopGrace = definition.stopGrace
    stopSignal = definition.stopSignal
    conditions = definition.conditions
    limits = definition.limits
    check = definition.check
  }

  /// As it stands in a service's record.
  var json: Value {
    var members: [Value.Member] = [
      .init("command", .list(command.map { .string($0) })),
      .init("environment", .list(environment.map { .string($0) })),
      .init("restart", .string(restart.rawValue)), .init("stopGrace", .int(stopGrace)),
      .init("limits", limits.json),
    ]
    if let check { members.append(.init("check", check.json)) }
    if let stopSignal { members.append(.init("stopSignal", .string(stopSignal))) }
    if !conditions.isUnset { members.append(.init("conditions", conditions.json)) }
    return .map(members)
  }

  /// Reads what ``json`` wrote.
  init(json: Value) throws(MalformedRecord) {
    command = try json.texts("command")
    environment = try json.texts("environment")
    guard let restart = RestartPolicy(rawValue: try json.text("restart")) else {
      throw MalformedRecord("an unknown restart policy")
    }
    self.restart = restart
    stopGrace = try json.number("stopGrace")
    stopSignal = json["stopSignal"]?.string
    conditions =
      try json["conditions"].map { (json) throws(MalformedRecord) in try ProcessConditions(json: json) }
      ?? ProcessConditions()
    limits = ServiceLimits(json: try json.member("limits"))
    if let check = json["check"] { self.check = try CheckDefinition(json: check) }
  }
}
