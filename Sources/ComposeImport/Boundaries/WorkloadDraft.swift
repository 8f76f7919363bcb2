import WorkloadSpec

/// Some services of a compose file that become one workload.
struct WorkloadDraft: Sendable {
  let name: String
  var replicas: Int?
  var strategy: Strategy?
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
