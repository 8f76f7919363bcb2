import NomadAPI
import Planning
import ProviderKit
import Values

extension ActionPerformer {
  /// Ends all instances, and keeps it so. How many there were is remembered. The job stays: servers forget one that is stopped.
  func stop() async throws {
    guard let live = try await find().job else { return }
    let count = live.json.group(JobNames.group)?["Count"]?.int ?? 0
    var stopped = live.json
    if count > 0 {
      let wanted = live.json.marks[Mark.replicas] ?? "\(count)"
      stopped.changeGroup(JobNames.group) { $0["Count"] = 0 }
      stopped.changeGroup(JobNames.marks) { marks in
        marks[["Meta", Mark.stoppedReplicas]] = .string(wanted)
        marks[["Meta", Mark.releasedReplicas]] = (context.last?.replicas).map { .string("\($0)") }
        marks[["Meta", Mark.replicas]] = "0"
      }
      try await waitUntilEnded(try await register(NomadJob(stopped), over: live))
    } else {
      try await waitUntilEnded(live)
    }
  }

  /// Has Nomad roll nothing more. A job that this run has told nothing goes on as before: it was refused, or did not come to it.
  func hold() async throws {
    guard let job = try await find().job, job.json.marks[Mark.run] == context.run.description,
      let deployment = try await client.jobs.latestDeployment(of: job.id, .in(namespace)).value,
      deployment.jobVersion == job.version, deployment.isActive
    else { return }
    _ = try await client.deployments.fail(deployment.id, in: namespace)
  }

  // MARK: Going

  /// Takes the workload away. The job goes last: as long as anything else is there, it stands for it.
  func delete() async throws {
    let found = try await find()
    if let live = found.job {
      var stopped = live.json
      stopped.changeGroup(JobNames.group) { $0["Count"] = 0 }
      let registered =
        live.json.group(JobNames.group)?["Count"]?.int == 0
        ? live : try await register(NomadJob(stopped), over: live)
      try await waitUntilEnded(registered)
    }
    try await VariableSupply(client: client, namespace: namespace).sweep(names.job, keeping: [:])
    if let live = found.job { _ = try await client.jobs.stop(live.id, purge: true, in: namespace) }
  }
}
