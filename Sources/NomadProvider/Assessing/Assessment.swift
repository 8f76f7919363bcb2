import Diagnostics
import NomadAPI
import Planning
import ProviderKit
import Values
import WorkloadSpec

/// What only a cluster can tell of a workload before anything is done with it: whether its namespace is there, and whether the
/// scheduler finds places for its instances. Nothing is changed.
struct Assessment: Sendable {
  let connection: NomadConnection
  let key: WorkloadKey
  /// How the target writes workloads.
  let target: NomadTarget
  /// What the cluster can do.
  let facts: EngineFacts

  /// What a person should know.
  ///
  /// - Parameters:
  ///   - workload: what is wanted, without what runs once per run.
  ///   - observation: what is there.
  /// - Throws: `NomadError` if the cluster can't be asked.
  func findings(on workload: Workload, given observation: Observation) async throws -> Diagnostics {
    let client = try await connection.client()
    if observation.controller == nil, let absence = try await absenceOfNamespace(client) {
      return Diagnostics([absence])
    }
    guard changes(workload, observation.controller) else { return Diagnostics() }
    return try await places(for: workload, given: observation, client)
  }

  // MARK: The namespace

  private func absenceOfNamespace(_ client: NomadClient) async throws -> Diagnostic? {
    guard key.namespace != "default" else { return nil }
    let known = try await connection.namespaces()
    guard !known.isEmpty, !known.contains(key.namespace) else { return nil }
    let isUnseen = client.access.token != nil
    return Diagnostic(
      .namespaceUnusable,
      "the cluster has no namespace `\(key.namespace)`"
        + (isUnseen ? ", or does not let this token do anything there" : ""),
      help: "create it: `nomad namespace apply \(key.namespace)`")
  }

  // MARK: Places

  /// Whether new instances will be asked for: what stays as it is has its places.
  private func changes(_ workload: Workload, _ controller: ObservedController?) -> Bool {
    guard let controller else { return true }
    // One that operators stopped stays so.
    guard controller.replicas > 0 else { return false }
    if controller.progress != .settled { return true }
    let context = writing(workload, replicas: 1).context
    let wanted = Dictionary(
      workload.elements.map { ($0.name, context.stamp(for: $0, in: InstanceID(0)).digest) }
    ) { first, _ in first }
    let live = Dictionary(controller.template.map { ($0.name, $0.stamp.digest) }) { first, _ in first }
    return live != wanted || workload.replicas.map { $0 != controller.replicas } ?? false
  }

  private func writing(_ workload: Workload, replicas: Int, rollout: Rollout = Rollout()) -> Writing {
    Writing(
      key: key, workload: workload, run: RunID("none"), target: target, facts: facts, replicas: replicas,
      rollout: rollout)
  }

  /// What the scheduler says of the job. A token that may not register jobs may not ask either: then nothing is said.
  private func places(
    for workload: Workload, given observation: Observation, _ client: NomadClient
  ) async throws -> Diagnostics {
    guard await connection.mayAskForPlaces(in: key.namespace) else { return Diagnostics() }
    let replicas = workload.replicas ?? observation.controller?.replicas ?? 1
    guard replicas > 0 else { return Diagnostics() }
    let rollout =
      observation.controller == nil
      ? Rollout(atATime: replicas)
      : Rollout(
        workload.strategy, replicas: replicas, isStateful: workload.kind.hasStableInstances,
        isOneAtATime: false)
    var job = WorkloadJob.outline(writing(workload, replicas: replicas, rollout: rollout))
    let names = JobNames(key: key)
    if let live = try await client.jobs.read(names.job, .in(key.namespace)).value,
      live.isOurs(key, .controller)
    {
      let last = JobReading(live.json, key: key, target: target, facts: facts)?.made
      job = JobMerge.merge(job, onto: live.json, last: last)
    }
    do {
      let plan = try await client.jobs.plan(NomadJob(job).resendable, diff: false, in: key.namespace)
      return Self.findings(in: plan)
    } catch let error as NomadError where error.isForbidden {
      await connection.noteThatPlacesAreNotTold(in: key.namespace)
      return Diagnostics()
    } catch let error as NomadError where error.isInvalid {
      return Diagnostics([
        Diagnostic(
          .serverRefuses, "the servers would not take the job `\(names.job)`: \(error.message)",
          help: error.help)
      ])
    }
  }

  /// What a plan of Nomad's says of the group that holds the instances.
  static func findings(in plan: JobPlan) -> Diagnostics {
    guard let failure = plan.failures[JobNames.group] else { return Diagnostics() }
    let count = failure.coalescedFailures + 1
    let help =
      if failure.constraintFiltered["missing drivers"] != nil {
        "no client in reach has the driver: start one that does, or name another `driver` in the target"
      } else if !failure.dimensionExhausted.isEmpty || failure.exhausted > 0 {
        "make room, ask for less in `resources`, or add nodes: the apply waits for room for some minutes"
      } else {
        "`nomad node status` shows the nodes; see `constraints` of the spec, and `datacenters` and `nodePool` of the target"
      }
    return Diagnostics([
      Diagnostic(
        .noPlace,
        "no node takes \(count == 1 ? "one of the instances" : "\(count) of the instances"): \(failure.sentence)",
        help: help)
    ])
  }
}
