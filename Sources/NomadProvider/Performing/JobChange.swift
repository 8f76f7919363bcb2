import NomadAPI
import Planning
import ProviderKit
import Values
import WorkloadSpec

/// What an action comes to, given what is there.
struct JobChange: Sendable {
  let action: Action
  /// The workload as it will be, without what runs once per run.
  let desired: Workload
  /// What there is of it.
  let found: FoundJobs
  /// What the action is performed with.
  let performer: ActionPerformer

  init(_ action: Action, of desired: Workload, found: FoundJobs, performer: ActionPerformer) {
    (self.action, self.desired, self.found, self.performer) = (action, desired, found, performer)
  }

  /// The same, once something of it is done.
  func again(found: FoundJobs) -> JobChange {
    JobChange(action, of: desired, found: found, performer: performer)
  }

  // MARK: How

  /// How new instances come.
  enum Manner {
    /// None do.
    case inPlace
    /// Nomad rolls them, some of them first or not.
    case roll
    /// When the old ones have ended.
    case stopFirst
    /// Those that are there beside the old ones take over.
    case promote
    /// Those that are there beside the old ones go.
    case goBack(NomadJob)
    /// They have come: this run has told so already.
    case isDone(NomadJob)
  }

  /// How new instances come.
  var manner: Manner {
    guard let job = found.job else { return .roll }
    let isMade = digests(of: job) == wantedDigests
    if let rollout = found.rollout, rollout.isPaused {
      if isMade { return action.pausesAfter == nil ? .promote : .roll }
      if let stable = stableVersion, digests(of: stable) == wantedDigests { return .goBack(stable) }
    }
    switch action.kind {
    case .restart where isRestarted(job): return .isDone(job)
    case .update, .scale, .start: return .inPlace
    case .create where isMade: return .inPlace
    default: break
    }
    let runs = found.rollout.map { !$0.allocations.allSatisfy(\.isTerminal) } ?? false
    guard runs, action.pausesAfter == nil, !desired.kind.hasStableInstances || action.isOneAtATime else {
      return .roll
    }
    return action.isOneAtATime || desired.strategy.type == .recreate ? .stopFirst : .roll
  }

  /// How it is rolled out.
  var rollout: Rollout {
    guard case .roll = manner, let live = found.rollout, !live.allocations.allSatisfy(\.isTerminal) else {
      // There is nothing beside which something could come first.
      return Rollout(atATime: max(1, replicas))
    }
    return Rollout(
      desired.strategy, replicas: replicas, isStateful: desired.kind.hasStableInstances,
      isOneAtATime: action.isOneAtATime, pausesAfter: action.pausesAfter)
  }

  /// How many instances there shall be.
  var replicas: Int {
    if action.leavesStopped { return 0 }
    let wanted =
      desired.replicas ?? found.job.flatMap { $0.json.marks[Mark.replicas].flatMap { Int($0) } } ?? 1
    return action.kind == .start ? numberBeforeStop(released: wanted) ?? wanted : wanted
  }

  /// How many there were when operators stopped it, unless another number was asked for since.
  private func numberBeforeStop(released: Int) -> Int? {
    guard let marks = found.job?.json.marks, marks[Mark.releasedReplicas] == "\(released)" else { return nil }
    return marks[Mark.stoppedReplicas].flatMap { Int($0) }
  }

  // MARK: What is there

  /// The version of the job that the old instances are made of.
  private var stableVersion: NomadJob? {
    guard let job = found.job else { return nil }
    let old = found.allocations.filter { !$0.isTerminal && $0.isMeantToRun && $0.jobVersion != job.version }
    return old.max { $0.jobVersion < $1.jobVersion }.flatMap { found.versions[$0.jobVersion] }
  }

  private var wantedDigests: [String: SpecDigest] {
    Dictionary(
      desired.elements.map { ($0.name, performer.context.stamp(for: $0, in: InstanceID(0)).digest) }
    ) { first, _ in first }
  }

  private func digests(of job: NomadJob) -> [String: SpecDigest] {
    let marks = job.json.marks
    let stamp = JobStamp(text: marks[Mark.services]) ?? JobStamp(text: marks[Mark.template])
    return Dictionary(stamp?.services.map { ($0.spec.name, $0.digest) } ?? []) { first, _ in first }
  }

  /// The job as berth made it last, to tell what others have said since.
  var lastMade: JSON? {
    guard let job = found.job else { return nil }
    return JobReading(job.json, key: performer.key, target: performer.target, facts: performer.facts)?.made
  }

  /// Whether this run has restarted the instances of a job.
  private func isRestarted(_ job: NomadJob) -> Bool {
    job.json.group(JobNames.group)?.at("Meta", Mark.restarted)?.string == performer.context.run.description
  }

  // MARK: What is written

  /// The job that takes the place of a live one, so that new instances come.
  func made(of job: JSON, onto live: JSON) -> JSON {
    guard action.kind == .restart else { return JobMerge.merge(job, onto: live, last: lastMade) }
    // They are made of the same as before.
    var restarted = JobMerge.inPlace(job, onto: live, last: lastMade)
    restarted.changeGroup(JobNames.group) {
      $0[["Meta", Mark.restarted]] = .string(performer.context.run.description)
    }
    return restarted
  }

  /// The job, rolled out like that.
  func job(_ rollout: Rollout) throws(ActionFailure) -> WorkloadJob {
    try WorkloadJob(
      performer.writing(desired, replicas: replicas, rollout: rollout, isOneAtATime: action.isOneAtATime))
  }
}
