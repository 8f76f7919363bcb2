import Values

/// What an allocation uses, as its node measured it last.
package struct AllocationUsage: Sendable, Hashable {
  /// All its tasks together.
  package let whole: TaskUsage
  /// Each task that runs.
  package let tasks: [String: TaskUsage]
  /// When it was measured; `nil` before it was.
  package let time: ServerTime?

  init(_ json: JSON) {
    whole = TaskUsage(json["ResourceUsage"] ?? .null)
    tasks = json.each("Tasks") { TaskUsage($0["ResourceUsage"] ?? .null) }
    time = json.moment("Timestamp")
  }
}

/// What a task uses.
package struct TaskUsage: Sendable, Hashable {
  /// Of one processor, in percent.
  package let cpuPercent: Double
  /// In MHz.
  package let cpuTicks: Double
  /// In bytes: what is in use, or the resident set where the driver does not tell the former.
  package let memory: Int64
  /// The most that it has used, in bytes; 0 where the driver does not tell.
  package let memoryMaximum: Int64

  init(_ json: JSON) {
    let (cpu, memory) = (json["CpuStats"] ?? .null, json["MemoryStats"] ?? .null)
    cpuPercent = cpu.decimal("Percent")
    cpuTicks = cpu.decimal("TotalTicks")
    let usage = memory["Usage"]?.int ?? 0
    self.memory = usage > 0 ? usage : memory["RSS"]?.int ?? 0
    memoryMaximum = memory["MaxUsage"]?.int ?? 0
  }
}
