import KubernetesAPI
import Planning
import ProviderKit
import WorkloadSpec

/// Watches a controller until it has come to its end, or can't.
struct RolloutWatch: Sendable {
  let client: KubernetesClient
  /// What the action is performed with.
  let context: ActionContext
  /// The controller, as it was written.
  let controller: KubernetesObject
  /// When every pod must be as it should be.
  let end: ContinuousClock.Instant
  /// The longest time that its containers may take to end.
  let grace: Duration
  /// Tells what the cluster said since the action began.
  let clock: RunClock

  private var namespace: String { context.key.namespace }
  private var isStateful: Bool { controller.kind == "StatefulSet" }

  /// How much longer than their own time pods may take to go.
  private static let lateness = Duration.seconds(15)
  /// How long something without a check must run until it counts as ready.
  private static let settling = Duration.seconds(1)

  /// Waits until every pod is as it should be.
  ///
  /// - Throws: `ActionFailure` with what the cluster and the containers say, as soon as it is known that it can't come to
  ///   that, or when its time is over; `CancellationError`.
  func settle() async throws {
    let clock = ContinuousClock()
    var memory = TroubleMemory<KubernetesAPI.ObjectReference>()
    // Each has a memory of its own: said in turn, they would be new every time.
    var (saidState, saidTrouble) = ("", "")
    var doneSince: ContinuousClock.Instant?
    var lastState: RolloutState?
    _ = try await feed.read { scene -> Bool? in
      let state = try await look(at: scene)
      lastState = state
      if state.words != saidState {
        saidState = state.words
        context.report(saidState)
      }
      let now = clock.now
      if state.isDone {
        let start = doneSince ?? now
        doneSince = start
        let isSettled = state.isChecked || state.wanted == 0 || now - start >= Self.settling
        // What goes has its time. A node that is lost never says that a pod has gone, and nothing waits for that.
        return isSettled && (state.going == 0 || now - start >= grace + Self.lateness) ? true : nil
      }
      doneSince = nil
      if let trouble = state.trouble {
        if memory.isOver(trouble, at: now) { throw await failure(trouble, state) }
        if saidTrouble != trouble.sentence {
          saidTrouble = trouble.sentence
          context.report(saidTrouble)
        }
      }
      if now >= end { throw await missed(lastState ?? state) }
      try await freeTheWay(of: state)
      try await freeStorage(of: state)
      return nil
    }
  }

  /// What is told, in the order of ``feed``.
  private enum Source: Int { case controller, pods, claims, claimEvents, ownEvents }

  private var feed: ObjectFeed {
    let type: ResourceType = isStateful ? .statefulSets : .deployments
    var sources = [
      ObjectFeed.Source(type: type, selection: Selection(fields: "metadata.name=\(controller.name)")),
      ObjectFeed.Source(type: .pods, selection: Selection(labels: controller.podSelection)),
      ObjectFeed.Source(
        type: .claims,
        selection: Selection(labels: context.key.selector)),
      ObjectFeed.Source(
        type: .events, selection: Selection(fields: "involvedObject.kind=PersistentVolumeClaim"),
        isOptional: true),
    ]
    if isStateful {
      sources.append(
        ObjectFeed.Source(
          type: .events,
          selection: Selection(
            fields: "involvedObject.kind=StatefulSet,involvedObject.name=\(controller.name)"),
          isOptional: true))
    }
    return ObjectFeed(
      client: client, namespace: namespace, sources: sources, end: end, report: context.report)
  }

  private func look(at scene: ObjectFeed.Scene) async throws -> RolloutState {
    guard let live = scene[Source.controller.rawValue].first, live.uid == controller.uid,
      !live.isBeingDeleted
    else { throw ActionFailure("another client deleted the \(controller.kind) \(controller.name) meanwhile") }
    guard live.templateMarks == controller.templateMarks else {
      throw ActionFailure(
        "another client changed the \(controller.kind) \(controller.name) meanwhile; plan again")
    }
    let own = isStateful ? scene[Source.ownEvents.rawValue] : []
    let events = await clock.newEvents(scene[Source.claimEvents.rawValue] + own)
    return RolloutState(
      controller: live,
      pods: scene[Source.pods.rawValue].filter { pod in
        // Another controller may select the same labels.
        pod.isOf(controller) && pod.isMade(by: live)
      },
      claims: scene[Source.claims.rawValue], events: events)
  }

  /// A stateful set waits for each pod before it goes on, also for one that its old template keeps from getting ready.
  private func freeTheWay(of state: RolloutState) async throws {
    guard isStateful else { return }
    let revision = state.controller.json.at("status", "updateRevision")?.string
    for pod in state.pods
    where pod.labels["controller-revision-hash"] != revision && !pod.isBeingDeleted
      && Trouble.of(pod)?.outlook == .hopeless
    {
      _ = try await ifFound {
        try await client.objects(.pods).delete(pod.name, in: namespace, Deletion(uid: pod.uid))
      }
    }
  }

  /// The pods of a stateful set that was made anew keep what they mount, and its controller can't give them another volume: it
  /// stops at the first of them. So each goes when those before it are ready.
  private func freeStorage(of state: RolloutState) async throws {
    guard isStateful else { return }
    let claims = Set(
      (state.controller.json.at("spec", "volumeClaimTemplates")?.array ?? []).compactMap {
        $0.at("metadata", "name")?.string
      })
    for pod in state.pods.sorted(by: { $0.instance < $1.instance }) {
      guard !pod.isBeingDeleted else { return }
      if pod.claimedVolumes == claims {
        guard pod.isTrue("Ready") == true else { return }
        continue
      }
      _ = try await ifFound {
        try await client.objects(.pods).delete(pod.name, in: namespace, Deletion(uid: pod.uid))
      }
      return
    }
  }

  // MARK: What goes wrong

  private func failure(_ trouble: Trouble, _ state: RolloutState) async -> ActionFailure {
    let words = PodWords(client: client, namespace: namespace, clock: clock)
    guard let pod = state.pods.first(where: { $0.reference == trouble.object }) else {
      return ActionFailure(trouble.sentence)
    }
    let tail =
      if let container = trouble.container { await words.tail(of: container, in: pod) } else { [LogLine]() }
    let warning = await words.warnings(of: pod).last { !trouble.message.contains($0) }
    return ActionFailure(
      "\(trouble.sentence) (pod \(pod.name)" + (warning.map { ": \($0)" } ?? "") + ")", logTail: tail)
  }

  /// What is said where the time is over.
  private func missed(_ state: RolloutState) async -> ActionFailure {
    if let trouble = state.trouble { return await failure(trouble, state) }
    let time = SpecDuration(milliseconds: Int64(context.timeout / .milliseconds(1)))
    let start = "was not ready within \(time): \(state.words)"
    let waiting = state.newPods.sorted { $0.name < $1.name }.first {
      !$0.isBeingDeleted && $0.isTrue("Ready") != true
    }
    guard let waiting else { return ActionFailure(start, hasTimedOut: true) }
    let words = PodWords(client: client, namespace: namespace, clock: clock)
    let container = waiting.firstUnready
    let tail = if let container { await words.tail(of: container, in: waiting) } else { [LogLine]() }
    let warning = await words.warnings(of: waiting).last
    return ActionFailure(
      "\(start); " + (container.map { "`\($0)` of " } ?? "") + "pod \(waiting.name) is not ready"
        + (warning.map { ": \($0)" } ?? ""),
      logTail: tail, hasTimedOut: true)
  }
}

extension KubernetesObject {
  /// The volumes of a stateful set's pod that are claims made for it.
  fileprivate var claimedVolumes: Set<String> {
    Set(
      (json.at("spec", "volumes")?.array ?? []).compactMap { volume in
        guard let name = volume["name"]?.string,
          volume.at("persistentVolumeClaim", "claimName")?.string == "\(name)-\(self.name)"
        else { return nil }
        return name
      })
  }

  /// The annotations by which berth tells one template of a controller from another.
  var templateMarks: [String: String] {
    json.at("spec", "template", "metadata", "annotations")?.ownMarks ?? [:]
  }

  /// The first container of a pod that keeps it from being ready.
  var firstUnready: String? {
    let status = json["status"]
    let isWaiting = status?["initContainerStatuses"]?.array?.first {
      $0.at("state", "terminated", "exitCode")?.int != 0
    }
    return (isWaiting ?? status?["containerStatuses"]?.array?.first { $0["ready"]?.bool != true })?["name"]?
      .string
  }
}
