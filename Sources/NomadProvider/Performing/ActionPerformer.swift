import NomadAPI
import Planning
import ProviderKit
import WorkloadSpec

/// Performs one action on a cluster.
///
/// Everything has a name by which it is found again, and a stamp: what a run that was killed left behind is either what is
/// wanted already, or gives way to it. A job is registered with the index that it had: who changed it meanwhile is not overwritten.
struct ActionPerformer: Sendable {
  let client: NomadClient
  /// What the action is performed with.
  let context: ActionContext
  /// How the target writes workloads.
  let target: NomadTarget
  /// What the cluster can do.
  let facts: EngineFacts
  /// When what becomes ready must be ready.
  let end: ContinuousClock.Instant

  init(client: NomadClient, context: ActionContext, target: NomadTarget, facts: EngineFacts) {
    (self.client, self.context, self.target, self.facts) = (client, context, target, facts)
    end = ContinuousClock.now + context.timeout
  }

  var key: WorkloadKey { context.key }
  /// What its jobs are called.
  var names: JobNames { JobNames(key: key) }
  var namespace: String { key.namespace }

  func perform(_ action: Action) async throws {
    switch (action.subject, action.kind) {
    case (.workload, .create), (.workload, .update), (.workload, .replace), (.workload, .restart),
      (.workload, .scale), (.workload, .start):
      try await put(action)
    case (.workload, .stop): try await stop()
    case (.workload, .hold): try await hold()
    case (.workload, .delete): try await delete()
    case (.service(.before, let name), .run): try await run(name)
    case (.service(.before, let name), .stop): try await endBefore([name])
    case (.service(.before, let name), .delete): try await deleteBefore([name])
    case (.instance(.before), .delete): try await deleteBefore(nil)
    default: throw ActionFailure("Nomad has no way to \(action.kind.rawValue) \(action.subject)")
    }
  }

  // MARK: What all need

  /// What there is of the workload.
  func find() async throws -> FoundJobs { try await ClusterListing(of: [key], on: client).jobs(of: key) }

  /// How a workload is written.
  func writing(
    _ workload: Workload, replicas: Int, rollout: Rollout = Rollout(), isOneAtATime: Bool = false
  ) -> Writing {
    Writing(
      key: key, workload: workload, run: context.run, target: target, facts: facts, secrets: context.secrets,
      secretDigests: context.secretDigests, digestKey: context.digestKey, replicas: replicas,
      rollout: rollout,
      isOneAtATime: isOneAtATime)
  }

  /// The longest time that processes of the workload may take to end.
  var grace: Duration {
    let elements = [context.desired, context.last].flatMap { $0?.elements ?? [] }
    return elements.map(\.stopGrace.duration).max() ?? .seconds(30)
  }

  /// What watches a job.
  func watch(_ id: String, until limit: ContinuousClock.Instant? = nil) -> JobWatch {
    JobWatch(client: client, namespace: namespace, id: id, end: limit ?? end, report: context.report)
  }

  /// Registers a job in the place of the one that was seen.
  ///
  /// - Returns: the version that was made of it.
  @discardableResult
  func register(_ job: NomadJob, over live: NomadJob?) async throws -> NomadJob {
    let check: JobCheck = live.map { .unchanged(since: $0.jobModifyIndex) } ?? .absent
    let made: Registration
    do {
      made = try await client.jobs.register(job.resendable, check: check, in: namespace)
    } catch let error as NomadError where error.isConflict {
      throw ActionFailure("another client changed the job \(job.id) meanwhile; plan again")
    }
    for warning in ServerWarnings.all(in: made.warnings) { context.report("Nomad warns: \(warning)") }
    guard let registered = try await client.jobs.read(job.id, .in(namespace)).value else {
      throw ActionFailure("another client deleted the job \(job.id) meanwhile")
    }
    return registered
  }

  /// Waits until the job has come to its end, or can't.
  func settle(_ job: NomadJob, stopsAtCanaries: Bool) async throws {
    try await RolloutWatch(watch: watch(job.id), job: job, context: context, grace: grace).settle(
      stopsAtCanaries: stopsAtCanaries)
  }
}
