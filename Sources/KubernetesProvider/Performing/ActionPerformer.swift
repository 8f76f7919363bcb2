import KubernetesAPI
import Planning
import ProviderKit
import WorkloadSpec

/// Performs one action on a cluster.
///
/// Everything has a name by which it is found again, and a stamp: what a run that was killed left behind is either what is
/// wanted already, or gives way to it.
struct ActionPerformer: Sendable {
  let client: KubernetesClient
  /// What the action is performed with.
  let context: ActionContext
  /// How the target writes workloads.
  let target: KubernetesTarget
  /// What the server has.
  let facts: EngineFacts
  /// When what becomes ready must be ready.
  let end: ContinuousClock.Instant
  /// Tells what the cluster said since the action began.
  let clock: RunClock

  init(client: KubernetesClient, context: ActionContext, target: KubernetesTarget, facts: EngineFacts) {
    self.client = client
    self.context = context
    self.target = target
    self.facts = facts
    end = ContinuousClock.now + context.timeout
    clock = RunClock(client: client)
  }

  var key: WorkloadKey { context.key }
  /// What its objects are called.
  var names: ObjectNames { ObjectNames(key: key) }

  func perform(_ action: Action) async throws {
    switch (action.subject, action.kind) {
    case (.workload, .create), (.workload, .update), (.workload, .replace), (.workload, .restart),
      (.workload, .scale), (.workload, .start):
      try await put(action)
    case (.workload, .adopt): try await adopt(action)
    case (.workload, .stop): try await stop()
    case (.workload, .hold): try await hold()
    case (.workload, .delete): try await delete()
    case (.service(.before, let name), .run): try await run(name)
    case (.service(.before, let name), .stop): try await endJobs([name])
    case (.service(.before, let name), .delete): try await deleteJobs([name])
    case (.instance(.before), .delete): try await deleteJobs(nil)
    case (.volume(let name, let ordinal), .delete): try await deleteVolume(name, ordinal)
    default: throw ActionFailure("Kubernetes has no way to \(action.kind.rawValue) \(action.subject)")
    }
  }

  // MARK: What all need

  /// What there is of the workload.
  ///
  /// - Throws: `ActionFailure` if something of it can't be seen.
  func find() async throws -> FoundObjects {
    let listing = try await ClusterListing(of: [key], on: client, facts)
    if let gap = listing.gaps(in: key.namespace).first { throw ActionFailure(gap) }
    return listing.objects(of: key)
  }

  func writer() -> ObjectWriter { ObjectWriter(client: client, key: key, facts: facts) }

  /// What writes objects, by what a plan says of other clients.
  func writer(for change: ControllerChange) -> ObjectWriter {
    ObjectWriter(
      client: client, key: key, facts: facts, mendsDrift: change.mendsDrift,
      takesOwnership: context.takesOwnership || change.found.controllers.contains(where: \.isAdopted),
      applied: change.found.controllers.flatMap { MadeObjects.applied(to: $0, of: key, on: facts) })
  }

  /// How a workload is written.
  func writing(
    _ workload: Workload, generation: Int, replicas: Int?, isOneAtATime: Bool = false,
    restartedBy: RunID? = nil
  ) -> Writing {
    Writing(
      key: key, workload: workload, run: context.run, generation: generation, target: target, facts: facts,
      secrets: context.secrets, secretDigests: context.secretDigests, digestKey: context.digestKey,
      replicas: replicas, isOneAtATime: isOneAtATime, isHeld: false, restartedBy: restartedBy)
  }

  /// The longest time that processes of the workload may take to end.
  var grace: Duration {
    let elements = [context.desired, context.last].flatMap { $0?.elements ?? [] }
    return elements.map(\.stopGrace.duration).max() ?? .seconds(30)
  }

  /// Waits until a controller has come to its end.
  func settle(_ controller: KubernetesObject) async throws {
    try await RolloutWatch(
      client: client, context: context, controller: controller, end: end, grace: grace,
      clock: clock
    ).settle()
  }

  /// Waits until nothing of some kind is there any more.
  ///
  /// - Throws: `ActionFailure` that names what is still there when its time is over.
  func waitUntilGone(
    _ type: ResourceType, _ selection: Selection, _ isMeant: @escaping @Sendable (KubernetesObject) -> Bool
  ) async throws {
    let end = ContinuousClock.now + context.timeout + grace
    let feed = ObjectFeed(
      client: client, namespace: key.namespace, sources: [.init(type: type, selection: selection)],
      end: end, report: context.report)
    var said = 0
    _ = try await feed.read { scene -> Bool? in
      let left = scene[0].filter(isMeant)
      if left.isEmpty { return true }
      if left.count != said {
        said = left.count
        context.report("waits for \(said) \(said == 1 ? type.kind : type.plural) to end")
      }
      guard ContinuousClock.now < end else {
        throw ActionFailure(
          "the \(type.kind) \(left[0].name) has not ended"
            + (left.count > 1 ? ", and \(left.count - 1) more" : ""))
      }
      return nil
    }
  }
}
