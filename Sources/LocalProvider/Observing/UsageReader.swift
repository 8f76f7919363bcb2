import Planning
import ProviderKit
import Supervisor

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Reads what the services of a workload use: from their control groups, else from their processes.
struct UsageReader {
  let layout: Layout
  let key: WorkloadKey

  /// What each service uses that has a process, by instance and name.
  func read() throws -> [ServiceUsage] {
    var usage: [ServiceUsage] = []
    lazy var roots = Self.roots()
    for name in try Files.names(in: layout.instances) {
      guard let id = layout.instanceID(name, of: key) else { continue }
      let folder = layout.instance(id, of: key)
      guard let record = try InstanceRecord.read(folder.state), record.bootID == ProcessTable.bootID else {
        continue
      }
      for service in record.services {
        guard let leader = service.process, ProcessTable.entry(of: leader.id)?.startTicks == leader.startTicks
        else { continue }
        let group = folder.group(of: service.name, in: record.controlGroups)
        let processes = group.processes ?? roots[folder.root(of: service.name)] ?? [leader.id]
        usage.append(Self.usage(of: service.name, in: id, group, processes))
      }
    }
    return usage.sorted { ($0.instance, $0.service) < ($1.instance, $1.service) }
  }

  private static func usage(
    of service: String, in id: InstanceID, _ group: ServiceGroup, _ processes: [pid_t]
  ) -> ServiceUsage {
    let parts = processes.compactMap { ProcessUsage(of: $0) }
    return ServiceUsage(
      instance: id, service: service, at: Clocks.now,
      cpuTime: group.cpuTime ?? parts.reduce(.zero) { $0 + $1.cpuTime },
      memory: group.memoryInUse ?? parts.reduce(0) { $0 + $1.memory }, memoryLimit: group.memoryLimit,
      openFiles: parts.compactMap(\.openFiles).reduce(0, +), processes: parts.count)
  }

  /// All processes of services, by the root folders that they carry in their environment.
  private static func roots() -> [String: [pid_t]] {
    let name = "BERTH_ROOT="
    return Dictionary(
      ProcessTable.all().compactMap { entry in
        ProcessTable.environment(of: entry.process).first { $0.hasPrefix(name) }.map {
          (String($0.dropFirst(name.count)), [entry.process])
        }
      }, uniquingKeysWith: +)
  }
}
