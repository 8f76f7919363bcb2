import WorkloadSpec

/// Some services of a compose file that become one workload.
struct WorkloadDraft: Sendable {
  let name: String
  var replicas: Int?
  var strategy: Strategy?
  /// The names of the workloads that must be ready before it, unless its texts say so already.
  let dependsOn: [String]
  /// Inits first, then main, then the others, each in the order of the file.
  let services: [WorkloadService]
}

/// A service with what it is to its workload.
struct WorkloadService: Sendable {
  let role: Role
  let draft: ServiceDraft
  /// The names of the services of the workload that it waits for.
  let dependsOn: [String]
}
