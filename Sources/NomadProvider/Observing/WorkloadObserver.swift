import NomadAPI
import Planning
import ProviderKit
import Values
import WorkloadSpec

/// Makes what a cluster has of a workload into an observation. Pure: all that it needs has been listed.
struct WorkloadObserver: Sendable {
  /// Which cluster it is.
  let engine: EngineIdentity
  let key: WorkloadKey
  /// What there is of it.
  let found: FoundJobs
  /// How the target writes workloads.
  let target: NomadTarget
  /// What the cluster can do.
  let facts: EngineFacts

  /// What is true now.
  func observation() -> Observation {
    var observation = Observation(engine: engine)
    observation.facts = facts.compared
    if let job = found.job, let rollout = found.rollout {
      if let reading = JobReading(job.json, key: key, target: target, facts: facts) {
        let progress = rollout.progress
        // What a rollout had more instances for is over when it is.
        let replicas = progress == .settled ? reading.count : reading.replicas
        observation.controller = ObservedController(
          template: reading.services, replicas: replicas, strategy: reading.strategy, progress: progress)
        observation.instances = instances(of: job, reading.kind).sorted { $0.id < $1.id }
      } else {
        observation.gaps = ["the job \(job.id) was written by another version of berth"]
      }
    }
    observation.before = before
    observation.foreign = found.strangers.map {
      ForeignObject(name: $0, kind: "a job that berth did not create")
    }
    return observation
  }

  // MARK: Instances

  /// The allocations that are something now: those that run or are to run, the newest of each name and version.
  private func instances(of job: NomadJob, _ kind: WorkloadKind) -> [ObservedInstance] {
    var newest: [String: Allocation] = [:]
    for allocation in found.allocations
    where allocation.group == JobNames.group && (allocation.isMeantToRun || !allocation.isTerminal) {
      let name = "\(allocation.name) \(allocation.isTerminal ? "" : allocation.id)"
      if let other = newest[name], other.createIndex > allocation.createIndex { continue }
      newest[name] = allocation
    }
    let living = Set(newest.values.filter { !$0.isTerminal }.map(\.name))
    var taken: Set<InstanceID> = []
    return newest.values.filter { !$0.isTerminal || !living.contains($0.name) }
      .sorted { ($0.isMeantToRun ? 0 : 1, $1.createIndex) < ($1.isMeantToRun ? 0 : 1, $0.createIndex) }
      .compactMap { allocation in
        let instance = observed(allocation, job, kind)
        // Of a stateful set, the one that is to end gives its place to the other.
        return taken.insert(instance.id).inserted ? instance : nil
      }
  }

  private func observed(_ allocation: Allocation, _ job: NomadJob, _ kind: WorkloadKind) -> ObservedInstance {
    let id = JobNames.instance(allocation.id, allocation.number, kind)
    let version = found.versions[allocation.jobVersion] ?? job
    let reading = JobReading(
      version.json, as: id, applied: version.version == job.version ? job.json : nil, key: key,
      target: target,
      facts: facts)
    let services = (reading?.services ?? []).compactMap { service -> ObservedService? in
      let runsToEnd = service.live.spec.role.isRunToEnd
      // Nothing of what comes after the inits is there before they have completed.
      guard runsToEnd || !hasInits(reading) || !isWaiting(service.name, allocation) else {
        return nil
      }
      return self.service(service, in: allocation)
    }
    var instance = ObservedInstance(id: id, services: services.sorted { $0.name < $1.name })
    instance.isAlive = !["failed", "lost"].contains(allocation.clientStatus)
    if !instance.isAlive { instance.message = allocation.clientDescription }
    if let trouble = Trouble.of(allocation), trouble.container == nil { instance.message = trouble.message }
    return instance
  }

  private func hasInits(_ reading: JobReading?) -> Bool {
    reading?.services.contains { $0.live.spec.role == .`init` } ?? false
  }

  /// Whether a task has never been started.
  private func isWaiting(_ name: String, _ allocation: Allocation) -> Bool {
    guard let task = allocation.tasks[name] else { return true }
    return task.state != "running" && task.startedAt == nil && task.restarts == 0
      && !task.events.contains { ["Driver", "Driver Failure", "Started"].contains($0.type) }
  }

  private func service(_ service: ObservedService, in allocation: Allocation) -> ObservedService {
    // One that was there before the deployment was changed in its place, and goes on as it did.
    let isWatched =
      found.deployment.map {
        $0.jobVersion == allocation.jobVersion && $0.status != "successful"
          && allocation.createIndex >= $0.createIndex
      } ?? false
    let state = TaskRunState(
      service.name, of: allocation, runsToEnd: service.live.spec.role.isRunToEnd, isWatched: isWatched)
    var service = service
    service.deviations = []
    (service.state, service.isReady, service.restarts) = (state.state, state.isReady, state.restarts)
    (service.since, service.exitCode, service.message) = (state.since, state.exitCode, state.message)
    guard state.state == .running || state.state == .starting else { return service }
    service.endpoints = service.live.service.ports.compactMap { port in
      let labels = [false, true].map { JobNames.port(port.container, of: service.name, isUDP: $0) }
      guard let allocated = allocation.ports.first(where: { labels.contains($0.label) }) else { return nil }
      return Endpoint(
        containerPort: port.container, transport: port.protocol, hostAddress: allocated.hostIP,
        hostPort: allocated.value)
    }
    return service
  }

  // MARK: Once per run

  private var before: ObservedInstance? {
    let services = found.befores.compactMap { job, allocations -> ObservedService? in
      guard
        var service = JobReading(job.json, as: .before, key: key, target: target, facts: facts)?.services
          .first
      else { return nil }
      service.deviations = []
      guard let last = allocations.max(by: { $0.createIndex < $1.createIndex }) else {
        (service.state, service.isReady) = (job.status == "dead" ? .failed : .provisioning, false)
        return service
      }
      service = self.service(service, in: last)
      service.endpoints = []
      if last.isTerminal, !service.isReady { service.state = .failed }
      return service
    }
    guard !services.isEmpty else { return nil }
    return ObservedInstance(id: .before, services: services.sorted { $0.name < $1.name })
  }
}
