import DockerAPI
import Planning
import ProviderKit
import Values

/// Reads what the containers of a workload use.
struct UsageReader: Sendable {
  let client: DockerClient
  let key: WorkloadKey
  /// The memory of the engine's machine, in bytes: a container without a limit is told that it has all of it.
  let machineMemory: UInt64?

  /// What runs now, by instance and name.
  func read() async throws -> [ServiceUsage] {
    let containers = try await StampedContainers(client: client, key: key).list(all: false)
    let usages: [ServiceUsage] = try await withThrowingTaskGroup(of: ServiceUsage?.self) { group in
      for container in containers {
        group.addTask {
          let stats = try await ifFound { try await client.containers.stats(container.summary.id) }
          return stats.flatMap { usage($0, container.place.instance, container.place.service) }
        }
      }
      return try await group.reduce(into: []) { all, usage in if let usage { all.append(usage) } }
    }
    return usages.sorted { ($0.instance, $0.service) < ($1.instance, $1.service) }
  }

  /// A reading; `nil` of a container that has just ended.
  private func usage(_ stats: ContainerStats, _ instance: InstanceID, _ service: String) -> ServiceUsage? {
    guard let memory = stats.memory.working else { return nil }
    let limit = stats.memory.limit.flatMap { limit in machineMemory.map { limit < $0 } ?? false ? limit : nil
    }
    return ServiceUsage(
      instance: instance, service: service, at: Timestamp(stats.read),
      cpuTime: .nanoseconds(Int64(clamping: stats.cpu.usage.total)), memory: memory, memoryLimit: limit,
      processes: stats.processes?.current.map { Int(clamping: $0) })
  }
}
