#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The control groups of one service: of the same name, one in each folder of ``ControlGroups``.
package struct ServiceGroup {
  /// How long it may take, in steps of 10 ms, until the kernel lets go of a group whose processes were killed.
  private static let patience = 100
  /// The time in microseconds in which processor time is measured out.
  private static let period: Int64 = 100_000
  /// The least processor time of a period that the kernel takes, in microseconds.
  private static let leastQuota: Int64 = 1_000

  /// More processor time than any machine has, of which there still is a quota.
  private static let mostMillicores: Int64 = 1_000_000_000

  private let groups: ControlGroups
  private let name: String

  /// The groups of a service; they need not be there.
  init(groups: ControlGroups, name: String) {
    self.groups = groups
    self.name = name
  }

  private var cpu: String? { groups.cpu.map { "\($0)/\(name)" } }
  private var memory: String? { groups.memory.map { "\($0)/\(name)" } }
  private var pids: String? { groups.pids.map { "\($0)/\(name)" } }
  private var unified: String? { groups.unified.map { "\($0)/\(name)" } }
  private var all: [String] { groups.folders.map { "\($0)/\(name)" } }

  private var isMemoryUnified: Bool { groups.memory == groups.unified }

  // MARK: Changing

  /// Makes the groups anew, as far as nothing is left in them.
  func make() throws(SystemError) {
    for folder in all {
      rmdir(folder)
      if mkdir(folder, 0o700) != 0, errno != EEXIST { throw SystemError("make the control group \(folder)") }
    }
  }

  /// Sets what the processes may use together, as far as it can be limited.
  ///
  /// - Throws: ``SystemError`` if the kernel refuses; `EBUSY` if they hold more memory than they may.
  func limit(to limits: ServiceLimits) throws(SystemError) {
    if let memory {
      try limitMemory(to: limits.memory, in: memory)
      try reserveMemory(limits.reservedMemory, in: memory)
      if isMemoryUnified { try limitSwap(to: limits.swap, in: memory) }
    }
    if let cpu {
      try limitProcessorTime(to: limits.cpu, in: cpu)
      try reserveProcessorTime(limits.reservedCPU, in: cpu)
    }
    if let pids { try set(limits.pids.map { "\($0)" }, "max", in: pids + "/pids.max") }
  }

  /// Writes a setting, or what is there without one: that is written only where a setting was before, so that a kernel
  /// without such a file is asked for nothing.
  private func set(_ text: String?, _ otherwise: String, in file: String) throws(SystemError) {
    if text == nil, Files.kind(file) == nil || GroupFile.words(file) == [otherwise] { return }
    try GroupFile.write(text ?? otherwise, to: file)
  }

  private func limitSwap(to bytes: Int64?, in folder: String) throws(SystemError) {
    try set(bytes.map { "\($0)" }, "max", in: folder + "/memory.swap.max")
  }

  private func reserveMemory(_ bytes: Int64?, in folder: String) throws(SystemError) {
    if isMemoryUnified {
      try set(bytes.map { "\($0)" }, "0", in: folder + "/memory.low")
    } else {
      try set(bytes.map { "\($0)" }, "-1", in: folder + "/memory.soft_limit_in_bytes")
    }
  }

  /// Sets how much processor time there is beside others who want it, where one core is the weight of 1024 shares.
  private func reserveProcessorTime(_ millicores: Int64?, in folder: String) throws(SystemError) {
    let shares = millicores.map { max(2, min($0 * 1024 / 1000, 262_144)) }
    if groups.cpu == groups.unified {
      try set(shares.map { "\(1 + ($0 - 2) * 9999 / 262_142)" }, "100", in: folder + "/cpu.weight")
    } else {
      try set(shares.map { "\($0)" }, "1024", in: folder + "/cpu.shares")
    }
  }

  private func limitMemory(to bytes: Int64?, in folder: String) throws(SystemError) {
    if isMemoryUnified {
      try GroupFile.write(bytes.map { "\($0)" } ?? "max", to: folder + "/memory.max")
    } else {
      try GroupFile.write("\(bytes ?? -1)", to: folder + "/memory.limit_in_bytes")
    }
  }

  private func limitProcessorTime(to millicores: Int64?, in folder: String) throws(SystemError) {
    let quota = millicores.map { max(Self.leastQuota, min($0, Self.mostMillicores) * Self.period / 1000) }
    if groups.cpu == groups.unified {
      try GroupFile.write("\(quota.map { "\($0)" } ?? "max") \(Self.period)", to: folder + "/cpu.max")
    } else {
      try GroupFile.write("\(Self.period)", to: folder + "/cpu.cfs_period_us")
      try GroupFile.write("\(quota ?? -1)", to: folder + "/cpu.cfs_quota_us")
    }
  }

  /// The files to which a process writes that it joins.
  func openMembers() throws(SystemError) -> [OwnedDescriptor] {
    var files: [OwnedDescriptor] = []
    for folder in all { files.append(OwnedDescriptor(try Files.open(folder + "/cgroup.procs", O_WRONLY))) }
    return files
  }

  /// Kills every process at once, where the kernel can do that.
  func kill() {
    guard let unified else { return }
    // Where there is no such group or the kernel is older, processes are found and killed one by one.
    try? GroupFile.write("1", to: unified + "/cgroup.kill")
  }

  /// Takes the groups away, with every process in them.
  func remove() {
    kill()
    for folder in all { Self.remove(folder) }
  }

  private static func remove(_ folder: String) {
    // A service may have made groups in its own.
    for name in (try? Files.names(in: folder)) ?? [] where Files.kind("\(folder)/\(name)") == S_IFDIR {
      remove("\(folder)/\(name)")
    }
    for _ in 0..<patience {
      if rmdir(folder) == 0 || errno != EBUSY { return }
      for process in GroupFile.words(folder + "/cgroup.procs").compactMap({ pid_t($0) }) {
        sendSignal(SIGKILL, to: process)
      }
      usleep(10_000)
    }
  }

  // MARK: Reading

  /// How many processes the kernel has killed for want of memory.
  var outOfMemoryKills: UInt64 {
    guard let memory else { return 0 }
    let file = isMemoryUnified ? "/memory.events" : "/memory.oom_control"
    return GroupFile.number(of: "oom_kill", in: memory + file) ?? 0
  }

  /// The processes, also those in groups that the service made in its own; `nil` if there is no group.
  package var processes: [pid_t]? {
    all.first.flatMap { Files.isFolder($0) ? Self.processes(in: $0) : nil }
  }

  private static func processes(in folder: String) -> [pid_t] {
    let names = (try? Files.names(in: folder)) ?? []
    let inner = names.map { "\(folder)/\($0)" }.filter { Files.kind($0) == S_IFDIR }
    return GroupFile.words(folder + "/cgroup.procs").compactMap { pid_t($0) }
      + inner.flatMap { processes(in: $0) }
  }

  /// The time on processors since the groups were made; `nil` where it is not counted.
  package var cpuTime: Duration? {
    unified.flatMap { GroupFile.number(of: "usage_usec", in: $0 + "/cpu.stat") }.map { .microseconds($0) }
  }

  /// The memory in bytes, without the caches that the kernel gives up when memory is short; `nil` where it is
  /// not counted.
  package var memoryInUse: UInt64? {
    guard let memory,
      let all = GroupFile.number(memory + (isMemoryUnified ? "/memory.current" : "/memory.usage_in_bytes"))
    else { return nil }
    let word = isMemoryUnified ? "inactive_file" : "total_inactive_file"
    let idle = GroupFile.number(of: word, in: memory + "/memory.stat") ?? 0
    return all - min(idle, all)
  }

  /// The most memory in bytes; `nil` if it is not limited.
  package var memoryLimit: UInt64? {
    guard let memory else { return nil }
    let file = isMemoryUnified ? "/memory.max" : "/memory.limit_in_bytes"
    // Version 1 says it with a number that no machine has, version 2 with a word.
    return GroupFile.number(memory + file).flatMap { $0 < 1 << 62 ? $0 : nil }
  }
}
