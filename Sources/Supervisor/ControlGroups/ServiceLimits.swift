import Values

/// What the processes of a service may use together.
package struct ServiceLimits: Equatable {
  /// Processor time in thousandths of a core; `nil` is as much as there is.
  package var cpu: Int64?
  /// Memory in bytes; `nil` is as much as there is.
  package var memory: Int64?
  /// How many processes and threads there may be; `nil` is as many as the system can have.
  package var pids: Int64?
  /// What may be swapped out beyond the memory, in bytes; `nil` is as much as there is.
  package var swap: Int64?
  /// The processor time that is left to them when others want more, in thousandths of a core.
  package var reservedCPU: Int64?
  /// The memory that is left to them when others want more, in bytes.
  package var reservedMemory: Int64?

  /// As much as there is of everything, but for what is stated.
  package init(
    cpu: Int64? = nil, memory: Int64? = nil, pids: Int64? = nil, swap: Int64? = nil,
    reservedCPU: Int64? = nil, reservedMemory: Int64? = nil
  ) {
    self.cpu = cpu
    self.memory = memory
    self.pids = pids
    self.swap = swap
    self.reservedCPU = reservedCPU
    self.reservedMemory = reservedMemory
  }

  /// Whether nothing is limited.
  package var isUnset: Bool { self == ServiceLimits() }

  /// Whether supervisors of older berths know all that is limited.
  var areKnownToAll: Bool { self == ServiceLimits(cpu: cpu, memory: memory) }

  /// As it is sent to a supervisor.
  var json: Value {
    var members: [Value.Member] = [
      .init("cpu", cpu.map { .int($0) } ?? .null), .init("memory", memory.map { .int($0) } ?? .null),
    ]
    for (name, value) in [
      ("pids", pids), ("swap", swap), ("reservedCPU", reservedCPU), ("reservedMemory", reservedMemory),
    ] {
      if let value { members.append(.init(name, .int(value))) }
    }
    return .map(members)
  }
}

extension ServiceLimits {
  /// Reads what ``json`` wrote.
  init(json: Value) {
    cpu = json["cpu"]?.int
    memory = json["memory"]?.int
    pids = json["pids"]?.int
    swap = json["swap"]?.int
    reservedCPU = json["reservedCPU"]?.int
    reservedMemory = json["reservedMemory"]?.int
  }
}
