import HealthChecks
import KubernetesAPI
import Planning
import ProviderKit
import WorkloadSpec

extension ActionPerformer {
  /// Runs a service that runs once per run, to success. What an earlier run left running is waited for first.
  func run(_ name: String) async throws {
    guard let desired = context.desired, let service = desired.service(name) else {
      throw ActionFailure("the workload has no `\(name)`")
    }
    try await NamespaceSupply(client: client, createsMissing: target.createNamespace).ensure(key.namespace)
    let (config, job) = try beforeJob(of: service, writing(desired, generation: 1, replicas: nil))
    if let found = try await findJob(job.name) {
      guard found.isOurs(as: key) else {
        throw ActionFailure("the Job \(job.name) is in the way: berth did not create it; rename or delete it")
      }
      if found.annotations[Mark.run] == context.run.description { return try await complete(found, service) }
      try await leave(found, service)
    }
    let writer = writer()
    let claims = config.contains { $0.kind == ResourceType.claims.kind } ? try await find().claims : []
    for object in config { try await writer.write(object.keepingClaim(of: claims), known: claims) }
    let made = try await writer.write(job, known: [job])
    try await complete(made, service)
  }

  private func findJob(_ name: String) async throws -> KubernetesObject? {
    try await ifFound { try await client.objects(.jobs).get(name, in: key.namespace) }
  }

  /// Lets a Job of an earlier run come to its end, within its time, and takes it away.
  private func leave(_ job: KubernetesObject, _ service: Service) async throws {
    if !job.isOver {
      context.report("waits for `\(service.name)` of an earlier run to end")
      let isOver = try await watch(job, until: ContinuousClock.now + context.timeout) { job, _ in
        job.isOver ? true : nil
      }
      if isOver == nil { try await end(job) }
    }
    try await delete(job)
  }

  /// Waits until a Job has run to success. One that fails, or whose time is over, runs no more.
  private func complete(_ job: KubernetesObject, _ service: Service) async throws {
    let limit = ContinuousClock.now + context.timeout
    var memory = TroubleMemory<KubernetesAPI.ObjectReference>()
    let result = try await watch(job, until: limit) { job, pods -> JobEnd? in
      if job.isTrue("Complete") == true { return .success }
      let trouble = pods.compactMap { Trouble.of($0) }.first
      if job.isTrue("Failed") == true || trouble.map({ memory.isOver($0, at: .now) }) ?? false {
        return .failure(await self.failure(of: job, pods, trouble))
      }
      if let trouble { context.report(trouble.sentence) }
      return nil
    }
    let failure: ActionFailure
    switch result {
    case .success: return
    case .failure(let told): failure = told
    case nil:
      failure = ActionFailure(
        Readiness.missed(by: service, within: context.timeout, last: nil),
        logTail: await tail(of: try await pods(of: job)), hasTimedOut: true)
    }
    try await end(job)
    throw failure
  }

  /// What a Job came to.
  private enum JobEnd {
    case success
    case failure(ActionFailure)
  }

  private func failure(
    of job: KubernetesObject, _ pods: [KubernetesObject], _ trouble: Trouble?
  ) async -> ActionFailure {
    let told = job.condition("Failed")?["message"]?.string?.oneLine
    let words = trouble?.message.replacing(" before it was ready", with: "") ?? told ?? "has failed"
    return ActionFailure(words, logTail: await tail(of: pods))
  }

  private func tail(of pods: [KubernetesObject]) async -> [LogLine] {
    guard let pod = pods.last, let name = pod.json.at("spec", "containers")?.array?.first?["name"]?.string
    else { return [] }
    return await PodWords(client: client, namespace: key.namespace, clock: clock).tail(of: name, in: pod)
  }

  // MARK: Ending

  /// Ends the Jobs of some services, and leaves their logs.
  func endJobs(_ services: [String]) async throws {
    for service in services {
      if let job = try await findJob(names.job(of: service)), job.isOurs(as: key) { try await end(job) }
    }
  }

  /// Ends what a Job runs. Its pod stays for its log: its time is over, so that its node ends it. One without a node has
  /// none, and goes.
  private func end(_ job: KubernetesObject) async throws {
    let patience = ContinuousClock.now + grace + .seconds(30)
    let writer = writer()
    for pod in try await pods(of: job) where !pod.isOverAsPod {
      if pod.json.at("spec", "nodeName")?.string != nil {
        _ = try await ifFound {
          try await client.objects(.pods).patch(
            pod.name, in: key.namespace, .merge(["spec": ["activeDeadlineSeconds": 1]]), ObjectWriter.options)
        }
      }
    }
    if try await pods(of: job).allSatisfy({ $0.json.at("spec", "nodeName")?.string == nil }), !job.isOver {
      _ = try await ifFound { try await writer.patch(job, ["spec": ["parallelism": 0]]) }
    }
    let isOver = try await watch(job, until: patience) { _, pods in
      pods.allSatisfy(\.isOverAsPod) ? true : nil
    }
    if isOver == nil { throw ActionFailure("the pods of the Job \(job.name) have not ended") }
  }

  /// Deletes the Jobs of some services, or all of the workload's, with what they left.
  func deleteJobs(_ services: [String]?) async throws {
    let chosen = services.map { Set($0.map(names.job)) }
    for job in try await find().jobs where chosen?.contains(job.name) ?? true { try await delete(job) }
    try await ConfigSweeper(client: client, writer: writer()).sweep()
  }

  private func delete(_ job: KubernetesObject) async throws {
    try await writer().delete(job, dependents: .foreground)
    try await waitUntilGone(.jobs, Selection(fields: "metadata.name=\(job.name)")) { $0.uid == job.uid }
  }

  // MARK: Looking

  private func pods(of job: KubernetesObject) async throws -> [KubernetesObject] {
    try await client.objects(.pods).list(in: key.namespace, Selection(labels: "controller-uid=\(job.uid)"))
      .items
  }

  /// Looks at a Job and its pods whenever they change; `nil` if that is not enough until its time is over.
  private func watch<Result>(
    _ job: KubernetesObject, until limit: ContinuousClock.Instant,
    _ look: (KubernetesObject, [KubernetesObject]) async throws -> Result?
  ) async throws -> Result? {
    let feed = ObjectFeed(
      client: client, namespace: key.namespace,
      sources: [
        .init(type: .jobs, selection: Selection(fields: "metadata.name=\(job.name)")),
        .init(type: .pods, selection: Selection(labels: "controller-uid=\(job.uid)")),
      ], end: limit, report: context.report)
    return try await feed.read { scene -> Result?? in
      guard let live = scene[0].first(where: { $0.uid == job.uid }) else {
        throw ActionFailure("another client deleted the Job \(job.name) meanwhile")
      }
      if let result = try await look(live, scene[1]) { return .some(result) }
      return ContinuousClock.now >= limit ? .some(nil) : nil
    }
  }
}

extension KubernetesObject {
  /// Whether a Job has come to its end.
  var isOver: Bool { isTrue("Complete") == true || isTrue("Failed") == true }

  /// Whether nothing of a pod runs any more.
  var isOverAsPod: Bool { phase == "Succeeded" || phase == "Failed" }
}
