import HealthChecks
import NomadAPI
import Planning
import ProviderKit
import WorkloadSpec

extension ActionPerformer {
  /// Runs a service that runs once per run, to success. What an earlier run left running is waited for first.
  func run(_ name: String) async throws {
    guard let desired = context.desired, let service = desired.service(name) else {
      throw ActionFailure("the workload has no `\(name)`")
    }
    let made = try BeforeJob(of: service, writing(desired, replicas: 1))
    let job = NomadJob(made.json)
    if let live = try await client.jobs.read(job.id, .in(namespace)).value {
      guard live.isOurs(key, .before) else {
        throw ActionFailure("the job \(job.id) is in the way: berth did not create it; rename or delete it")
      }
      if live.json.marks[Mark.run] == context.run.description { return try await complete(live, service) }
      try await leave(live, service)
    }
    try await VariableSupply(client: client, namespace: namespace).add(made.variables)
    try await complete(try await register(job, over: nil), service)
  }

  /// Lets a job of an earlier run come to its end, within its time, and takes it away.
  private func leave(_ job: NomadJob, _ service: Service) async throws {
    let limit = ContinuousClock.now + context.timeout
    var isSaid = false
    _ = try await watch(job.id, until: limit).read { scene -> Bool? in
      guard (scene.allocations ?? []).contains(where: { !$0.isTerminal }) else { return true }
      if !isSaid { context.report("waits for `\(service.name)` of an earlier run to end") }
      isSaid = true
      return ContinuousClock.now >= limit ? true : nil
    }
    try await purge(job)
  }

  /// Waits until a job has run to success. One that fails, or whose time is over, runs no more.
  private func complete(_ job: NomadJob, _ service: Service) async throws {
    var memory = TroubleMemory<String>()
    let end = ContinuousClock.now + context.timeout
    do {
      _ = try await watch(job.id, until: end).read { scene -> Bool? in
        guard scene.live?.createIndex == job.createIndex else {
          throw ActionFailure("another client deleted the job \(job.id) meanwhile")
        }
        let last = (scene.allocations ?? []).filter { $0.isOf(job) }.max { $0.createIndex < $1.createIndex }
        if let last, last.clientStatus == "complete" { return true }
        let trouble = last.flatMap { Trouble.of($0) } ?? Trouble.ofPlacement(job.id, scene.evaluations ?? [])
        if let trouble, memory.isOver(trouble, at: .now) { throw await failure(trouble, last, service) }
        if let last, last.clientStatus == "failed" {
          throw await failure(
            Trouble(object: last.id, container: service.name, message: "has failed", outlook: .hopeless),
            last,
            service)
        }
        if ContinuousClock.now >= end {
          throw ActionFailure(
            Readiness.missed(by: service, within: context.timeout, last: trouble?.sentence),
            logTail: await tail(of: service.name, in: last), hasTimedOut: true)
        }
        return nil
      }
    } catch let error as ActionFailure {
      try await endBefore([service.name])
      throw error
    }
  }

  private func failure(_ trouble: Trouble, _ last: Allocation?, _ service: Service) async -> ActionFailure {
    ActionFailure(
      trouble.message.replacing(" before it was ready", with: ""),
      logTail: await tail(of: service.name, in: last))
  }

  private func tail(of task: String, in allocation: Allocation?) async -> [LogLine] {
    guard let allocation else { return [] }
    return await TaskWords(client: client, namespace: namespace).tail(of: task, in: allocation, as: .before)
  }

  // MARK: Ending

  /// Ends the jobs of some services, and leaves their logs.
  func endBefore(_ services: [String]) async throws {
    for service in services {
      let id = names.job(of: service)
      guard let job = try await client.jobs.read(id, .in(namespace)).value, job.isOurs(key, .before) else {
        continue
      }
      if !job.isStopped { _ = try await client.jobs.stop(id, in: namespace) }
      try await waitUntilEnded(job)
    }
  }

  /// Deletes the jobs of some services, or all of the workload's, with what they left.
  func deleteBefore(_ services: [String]?) async throws {
    let chosen = services.map { Set($0.map(names.job)) }
    for (job, _) in try await find().befores where chosen?.contains(job.id) ?? true { try await purge(job) }
  }

  private func purge(_ job: NomadJob) async throws {
    if !job.isStopped { _ = try await client.jobs.stop(job.id, in: namespace) }
    try await waitUntilEnded(job)
    try await VariableSupply(client: client, namespace: namespace).sweep(job.id, keeping: [:])
    _ = try await client.jobs.stop(job.id, purge: true, in: namespace)
  }
}
