import NomadAPI
import Planning
import ProviderKit
import Values
import WorkloadSpec

/// Reads what the services of a workload use, as their nodes measure it.
struct AllocationUsageReader: Sendable {
  let client: NomadClient
  let key: WorkloadKey
  let target: NomadTarget

  /// What the tasks use that run, by instance and service. What started a moment ago is not measured yet.
  func read() async throws -> [ServiceUsage] {
    let found = try await ClusterListing(of: [key], on: client).jobs(of: key)
    let kind = found.job?.json.marks[Mark.kind].flatMap(WorkloadKind.init) ?? .deployment
    let running = found.allocations.filter { $0.clientStatus == "running" }
    let measured = await running.concurrentMap(atOnce: 16) {
      allocation -> Result<[ServiceUsage], any Error> in
      do {
        let usage = try await client.allocations.usage(allocation.id, in: key.namespace)
        return .success(usages(of: allocation, usage, found, kind))
      } catch let error as NomadError where error.isNotFound {
        return .success([])
      } catch {
        return .failure(error)
      }
    }
    return try measured.flatMap { try $0.get() }.sorted {
      ($0.instance, $0.service) < ($1.instance, $1.service)
    }
  }

  private func usages(
    of allocation: Allocation, _ usage: AllocationUsage, _ found: FoundJobs, _ kind: WorkloadKind
  ) -> [ServiceUsage] {
    let instance = JobNames.instance(allocation.id, allocation.number, kind)
    let group = (found.versions[allocation.jobVersion] ?? found.job)?.json.group(JobNames.group)
    guard let time = usage.time else { return [] }
    return usage.tasks.map { name, task in
      let resources = group?["Tasks"]?.array?.first { $0["Name"]?.string == name }?["Resources"]
      let limits = [resources?["MemoryMaxMB"]?.int, resources?["MemoryMB"]?.int].compactMap(\.self)
      return ServiceUsage(
        instance: instance, service: name, at: Timestamp(time), cpuTime: nil,
        processorsBusy: task.cpuPercent / 100, memory: UInt64(max(0, task.memory)),
        memoryLimit: limits.first { $0 > 0 }.map { UInt64($0) << 20 })
    }
  }
}
