import Planning
import ProviderKit
import Values
import WorkloadSpec

/// What a live job is told to make, read back through the rows of the table.
struct JobReading: Sendable {
  /// The services of its group, each as for one that runs.
  let services: [ObservedService]
  /// How many instances the group has now.
  let count: Int
  /// How many instances it keeps: without those that are there for a rollout alone.
  let replicas: Int
  /// How it rolls.
  let strategy: Strategy
  /// Whether no instance starts before every other one has ended, whatever the strategy says.
  let isOneAtATime: Bool
  /// How instances relate to their names and storage.
  let kind: WorkloadKind
  /// Whether all that the rows read is as berth said it last: what differs all the same, no row reads.
  let isAsApplied: Bool
  /// The job as berth made it last.
  let made: JSON

  /// Reads a job; `nil` if it is not the workload's, or another version of berth made it. From one whose marks were taken away,
  /// nothing is read: it is made anew as a whole.
  ///
  /// - Parameters:
  ///   - instance: the instance that the services are told of.
  ///   - applied: the job that has what is changed in place, if that is another one.
  init?(
    _ job: JSON, as instance: InstanceID = InstanceID(0), applied: JSON? = nil, key: WorkloadKey,
    target: NomadTarget, facts: EngineFacts
  ) {
    guard job.at("Meta", Mark.workload)?.string == key.name else { return nil }
    let job = job.withWholeOptions
    let marks = job.marks
    let told = marks[Mark.template] ?? marks[Mark.services]
    guard let stamp = told == nil ? JobStamp.lost : JobStamp(text: told) else { return nil }
    let appliedMarks = (applied ?? job).marks
    let applied = JobStamp(text: appliedMarks[Mark.services]) ?? stamp
    let text = StatedStrategy(text: marks[Mark.strategy])
    kind = marks[Mark.kind].flatMap(WorkloadKind.init) ?? .deployment
    isOneAtATime = text?.isOneAtATime ?? false
    let group = job.group(JobNames.group) ?? [:]
    count = group["Count"]?.int.map { Int($0) } ?? 1
    let live = Rollout(
      atATime: group.at("Update", "MaxParallel")?.int.map { Int($0) } ?? 1,
      canaries: group.at("Update", "Canary")?.int.map { Int($0) } ?? 0)
    let present = count
    let wanted = marks[Mark.replicas].flatMap { Int($0) }
    func writing(_ stamp: JobStamp, rollout: Rollout, isOneAtATime: Bool) -> Writing {
      var workload = stamp.workload(key.name, marks[Mark.kind].flatMap(WorkloadKind.init) ?? .deployment)
      if let text { workload.strategy = text.strategy }
      return Writing(
        key: key, workload: workload, run: RunID(marks[Mark.run] ?? ""), target: target, facts: facts,
        replicas: wanted ?? present, rollout: rollout, isOneAtATime: isOneAtATime)
    }
    replicas = Self.replicas(count, wanted: wanted, text, isStateful: kind.hasStableInstances)
    strategy = Self.strategy(live, text, replicas: wanted ?? count, isStateful: kind.hasStableInstances)
    let table = NomadTable.on(facts)
    let reading = GroupReading(
      id: job["ID"]?.string ?? key.name, json: job, group: group, stamp: stamp, applied: applied,
      writing: writing(stamp, rollout: live, isOneAtATime: isOneAtATime))
    var own = NomadWorkload()
    table.read(reading, into: &own)
    var blocks = EngineBlocks()
    blocks[NomadWorkload.self] = own
    let meta = job["Meta"]?.strings ?? [:]
    let labels = StringMap(
      stamp.labels.entries.compactMap { entry in meta[entry.key].map { (key: entry.key, value: $0) } })
    var services = stamp.services.compactMap { stamped -> ObservedService? in
      guard let task = reading.task(stamped.spec.name) else { return nil }
      let last = applied[stamped.spec.name] ?? stamped
      let service = table.read(
        TaskReading(job: reading, task: task, stamp: stamped, applied: last.spec))
      let live = LiveService(
        spec: service, labels: labels, workloadBlocks: blocks, untold: table.untold(of: service))
      return ObservedService(
        name: stamped.spec.name,
        stamp: Stamp(
          key: key, instance: instance, service: stamped.spec.name, run: last.run, digest: stamped.digest),
        state: .running, isReady: true, live: live, secretDigests: stamped.secretDigests)
    }
    isAsApplied = services.allSatisfy { service in
      applied[service.name].map { $0.isRead(as: service.live) } == true
        && service.live.labels == applied.labels
        && service.live.workloadBlocks[NomadWorkload.self] == applied.own
    }
    made = WorkloadJob.made(applied, writing(applied, rollout: live, isOneAtATime: isOneAtATime))
    if let main = services.firstIndex(where: { $0.live.spec.role == .main }) {
      services[main].deviations = JobDeviations.of(
        job, made: made, isAsApplied: isAsApplied, hasMarks: told != nil)
    }
    self.services = services
  }

  /// How many instances there are to be: while a rollout goes on, there are some more for that alone.
  private static func replicas(
    _ count: Int, wanted: Int?, _ text: StatedStrategy?, isStateful: Bool
  ) -> Int {
    guard let wanted, let text, count != wanted else { return count }
    let rollout = Rollout(
      text.strategy, replicas: wanted, isStateful: isStateful, isOneAtATime: text.isOneAtATime)
    return count == wanted + rollout.surplus ? wanted : count
  }

  /// How a group rolls that is told this: as the spec says, if that is what it was told.
  private static func strategy(
    _ live: Rollout, _ text: StatedStrategy?, replicas: Int, isStateful: Bool
  ) -> Strategy {
    var strategy = text?.strategy ?? Strategy()
    guard let text else { return strategy }
    let made = Rollout(
      text.strategy, replicas: replicas, isStateful: isStateful, isOneAtATime: text.isOneAtATime)
    // Canaries and the number that may change at a time are those of the last change, which may have been another number.
    if live.atATime == made.atATime || live.canaries > 0 || live.atATime >= max(1, replicas) {
      return strategy
    }
    strategy.type = .rolling
    strategy.maxSurge = 0
    strategy.maxUnavailable = live.atATime
    return strategy
  }
}
