import NomadAPI
import Planning
import ProviderKit
import Values
import WorkloadSpec

extension ActionPerformer {
  /// Makes the workload what it should be, and waits until it is.
  func put(_ action: Action) async throws {
    guard let desired = context.desired?.ofInstances else {
      throw ActionFailure("a workload that is being destroyed is only taken away")
    }
    let found = try await find()
    if let stranger = found.strangers.first {
      throw ActionFailure("the job \(stranger) is in the way: berth did not create it; rename or delete it")
    }
    let change = JobChange(action, of: desired, found: found, performer: self)
    switch change.manner {
    case .inPlace: try await putInPlace(change)
    case .isDone(let job):
      try await settle(job, stopsAtCanaries: true)
      try await finish(job, change)
    case .roll: try await roll(change)
    case .stopFirst: try await stopFirst(change)
    case .promote: try await promote(change)
    case .goBack(let stable): try await goBack(change, to: stable)
    }
    // Old instances beside new ones still need theirs.
    guard action.pausesAfter == nil else { return }
    try await VariableSupply(client: client, namespace: namespace).sweep(
      names.job, keeping: try change.job(Rollout()).variables)
  }

  /// Changes what takes no new instance.
  private func putInPlace(_ change: JobChange) async throws {
    let job = try change.job(change.rollout)
    try await supply(job)
    guard let live = change.found.job else { return try await roll(change) }
    let made = JobMerge.inPlace(job.json, onto: live.json, last: change.lastMade)
    let registered = try await register(NomadJob(made), over: live)
    try await settle(registered, stopsAtCanaries: false)
  }

  /// Rolls the job from its old instances to new ones.
  private func roll(_ change: JobChange) async throws {
    let rollout = change.rollout
    let job = try change.job(rollout)
    try await supply(job)
    let live = change.found.job
    let made = live.map { change.made(of: job.json, onto: $0.json) } ?? job.json
    let registered = try await register(NomadJob(made), over: live ?? change.found.remains)
    try await settle(registered, stopsAtCanaries: rollout.canaries > 0)
    if change.action.pausesAfter != nil { return }
    try await finish(registered, change)
  }

  /// Promotes the new instances that came first, and takes those away that were there for the rollout alone.
  private func finish(_ job: NomadJob, _ change: JobChange) async throws {
    if let deployment = try await client.jobs.latestDeployment(of: job.id, .in(namespace)).value,
      deployment.jobVersion == job.version, deployment.needsPromotion
    {
      try await promote(deployment)
      try await settle(job, stopsAtCanaries: false)
    }
    guard let live = try await client.jobs.read(job.id, .in(namespace)).value,
      live.json.group(JobNames.group)?["Count"]?.int != Int64(change.replicas)
    else { return }
    var calmed = live.json
    calmed.changeGroup(JobNames.group) { $0["Count"] = .int(Int64(change.replicas)) }
    try await settle(try await register(NomadJob(calmed), over: live), stopsAtCanaries: false)
  }

  /// How long canaries are promoted again that the servers do not count as healthy yet.
  private static let promotionPatience = Duration.seconds(10)

  private func promote(_ deployment: Deployment) async throws {
    let limit = ContinuousClock.now + Self.promotionPatience
    while true {
      do {
        _ = try await client.deployments.promote(deployment.id, in: namespace)
        return
      } catch let error as NomadError where error.isInvalid && ContinuousClock.now < limit {
        try await Task.sleep(for: .milliseconds(200))
      }
    }
  }

  /// Has the new instances take over that are there beside the old ones.
  private func promote(_ change: JobChange) async throws {
    guard let job = change.found.job else { return }
    try await finish(job, change)
  }

  /// Ends all old instances before new ones start.
  private func stopFirst(_ change: JobChange) async throws {
    if let live = change.found.job, live.json.group(JobNames.group)?["Count"]?.int != 0 {
      var stopped = live.json
      stopped.changeGroup(JobNames.group) { $0["Count"] = 0 }
      try await waitUntilEnded(try await register(NomadJob(stopped), over: live))
    } else if let live = change.found.job {
      try await waitUntilEnded(live)
    }
    try await roll(change.again(found: try await find()))
  }

  /// Has the job be what its old instances are made of, so that the new ones go.
  private func goBack(_ change: JobChange, to stable: NomadJob) async throws {
    guard let live = change.found.job else { return }
    let job = try change.job(Rollout(atATime: max(1, change.replicas)))
    try await supply(job)
    // The instances stay as they are only if what they are made of is.
    let made = JobMerge.inPlace(job.json, onto: stable.json, last: nil)
    let registered = try await register(NomadJob(made), over: live)
    try await settle(registered, stopsAtCanaries: false)
  }

  /// Puts the values of secrets where the tasks find them; those of old instances stay.
  private func supply(_ job: WorkloadJob) async throws {
    try await VariableSupply(client: client, namespace: namespace).add(job.variables)
  }

  /// Waits until nothing of a job runs any more.
  func waitUntilEnded(_ job: NomadJob) async throws {
    let limit = ContinuousClock.now + context.timeout + grace
    var said = 0
    _ = try await watch(job.id, until: limit).read { scene -> Bool? in
      let left = (scene.allocations ?? []).filter { !$0.isTerminal && $0.group == JobNames.group }
      if left.isEmpty { return true }
      if left.count != said {
        said = left.count
        context.report("waits for \(said) \(said == 1 ? "instance" : "instances") to end")
      }
      guard ContinuousClock.now < limit else {
        throw ActionFailure("the allocation \(left[0].id.prefix(8)) has not ended")
      }
      return nil
    }
  }
}
