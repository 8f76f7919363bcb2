import NomadAPI
import Planning
import ProviderKit

/// What a cluster has of some workloads: one list of each kind for a namespace, however many workloads it is of.
struct ClusterListing: Sendable {
  private var found: [WorkloadKey: FoundJobs] = [:]

  /// Lists what there is.
  ///
  /// - Throws: `NomadError` if the cluster can't be asked.
  init(of keys: [WorkloadKey], on client: NomadClient) async throws {
    let byNamespace = Dictionary(grouping: keys, by: \.namespace)
    try await withThrowingTaskGroup(of: [WorkloadKey: FoundJobs].self) { group in
      for (namespace, keys) in byNamespace {
        group.addTask { try await Self.list(keys, in: namespace, on: client) }
      }
      for try await part in group { found.merge(part) { $1 } }
    }
  }

  /// What there is of a workload.
  func jobs(of key: WorkloadKey) -> FoundJobs { found[key] ?? FoundJobs() }

  private static func list(
    _ keys: [WorkloadKey], in namespace: String, on client: NomadClient
  ) async throws -> [WorkloadKey: FoundJobs] {
    let query = Query.in(namespace)
    let prefix = keys.count == 1 ? keys[0].name : ""
    async let stubs = client.jobs.list(prefix: prefix, query).value
    async let allocations = client.allocations.list(resources: true, query).value
    async let deployments = client.deployments.list(query).value
    async let evaluations = client.evaluations.list(query).value
    let ids = Set(try await stubs.map(\.id))
    let lists = Lists(
      allocations: Dictionary(grouping: try await allocations, by: \.jobID),
      deployments: Dictionary(grouping: try await deployments, by: \.jobID),
      evaluations: Dictionary(grouping: try await evaluations, by: \.jobID))
    return try await withThrowingTaskGroup(of: (WorkloadKey, FoundJobs).self) { group in
      for key in keys {
        group.addTask { (key, try await lists.jobs(of: key, among: ids, on: client)) }
      }
      var found: [WorkloadKey: FoundJobs] = [:]
      for try await (key, jobs) in group { found[key] = jobs }
      return found
    }
  }
}

/// What was listed of a namespace, by the name of its job.
private struct Lists: Sendable {
  let allocations: [String: [Allocation]]
  let deployments: [String: [Deployment]]
  let evaluations: [String: [Evaluation]]

  func jobs(of key: WorkloadKey, among ids: Set<String>, on client: NomadClient) async throws -> FoundJobs {
    let names = JobNames(key: key)
    let query = Query.in(key.namespace)
    var found = FoundJobs()
    if ids.contains(names.job), let job = try await client.jobs.read(names.job, query).value {
      if job.isGone {
        found.remains = job
      } else if job.isOurs(key, .controller) {
        found.job = job
        found.allocations = (allocations[job.id] ?? []).filter { $0.isOf(job) }
        found.deployment = deployments[job.id]?.max { $0.createIndex < $1.createIndex }
        found.evaluations = evaluations[job.id] ?? []
        found.versions = [job.version: job]
        let others = Set(found.allocations.filter { !$0.isTerminal || $0.isMeantToRun }.map(\.jobVersion))
        if !others.subtracting([job.version]).isEmpty {
          for version in try await client.jobs.versions(of: job.id, query).value {
            found.versions[version.version] = version
          }
        }
      } else {
        found.strangers.append(job.id)
      }
    }
    for id in ids.sorted() where id.hasPrefix("\(key.name)_") && !id.contains("/") {
      guard let job = try await client.jobs.read(id, query).value, job.isOurs(key, .before) else { continue }
      found.befores.append((job, (allocations[id] ?? []).filter { $0.isOf(job) }))
    }
    return found
  }
}
