import WorkloadSpec

/// What the processes of a service may use together.
struct ServiceLimits: Equatable {
  /// Processor time in thousandths of a core; `nil` is as much as there is.
  var cpu: Int64?
  /// Memory in bytes; `nil` is as much as there is.
  var memory: Int64?

  /// Whether nothing is limited.
  var isUnset: Bool { self == ServiceLimits() }

  /// As it is sent to a supervisor.
  var json: Value {
    ["cpu": cpu.map { .int($0) } ?? .null, "memory": memory.map { .int($0) } ?? .null]
  }
}

extension ServiceLimits {
  /// Reads what ``json`` wrote.
  init(json: Value) {
    cpu = json["cpu"]?.int
    memory = json["memory"]?.int
  }
}
