import NomadAPI
import Planning
import ProviderKit
import Values

/// How far a job has come with its allocations: a pure reading of what the cluster tells of both.
struct RolloutState: Sendable {
  let job: NomadJob
  /// The allocations of the job that nodes still have, or had last.
  let allocations: [Allocation]
  /// The deployment of this version of the job; `nil` if there is none.
  let deployment: Deployment?
  /// The looks of the scheduler at the job since it was registered.
  let evaluations: [Evaluation]

  /// - Parameter deployment: the latest of the job, of whichever version.
  init(job: NomadJob, allocations: [Allocation], deployment: Deployment?, evaluations: [Evaluation]) {
    self.job = job
    self.allocations = allocations.filter { $0.group == JobNames.group && $0.isOf(job) }
    self.deployment = deployment.flatMap {
      $0.jobVersion == job.version && $0.jobCreateIndex == job.createIndex ? $0 : nil
    }
    self.evaluations = evaluations.filter { $0.jobID == job.id && $0.createIndex >= job.createIndex }
  }

  /// How many instances the group has.
  var wanted: Int { job.isStopped ? 0 : job.json.group(JobNames.group)?["Count"]?.int.map { Int($0) } ?? 1 }

  /// How many come beside the old ones first.
  private var canaries: Int { deployment?.groups[JobNames.group]?.desiredCanaries ?? 0 }

  /// The newest allocation of each name that runs this version: what was an old one's is not today's state.
  var current: [Allocation] {
    var newest: [String: Allocation] = [:]
    for allocation in allocations where allocation.jobVersion == job.version && allocation.isMeantToRun {
      if let other = newest[allocation.name], other.createIndex > allocation.createIndex { continue }
      newest[allocation.name] = allocation
    }
    return newest.values.sorted { $0.name < $1.name }
  }

  /// The allocations of older versions, and those that are to end, that have not ended.
  var leaving: [Allocation] {
    allocations.filter { !$0.isTerminal && ($0.jobVersion != job.version || !$0.isMeantToRun) }
  }

  /// Those of them that are to end.
  private var ending: [Allocation] { leaving.filter { !$0.isMeantToRun } }

  /// Those of this version that do their work.
  var ready: [Allocation] { current.filter(isReady) }

  private func isReady(_ allocation: Allocation) -> Bool {
    guard allocation.clientStatus == "running", allocation.isHealthy != false else { return false }
    if deployment != nil, allocation.isHealthy != true { return false }
    return allocation.tasks.values.allSatisfy { $0.state == "running" || ($0.state == "dead" && !$0.failed) }
  }

  /// Whether the scheduler has seen what it was told last.
  var isSeen: Bool { evaluations.allSatisfy { $0.isDone || $0.isBlocked } }

  /// Whether every instance is as the job says and ready; others may still end.
  var isDone: Bool {
    guard isSeen, ready.count == wanted, leaving.allSatisfy({ !$0.isMeantToRun }) else { return false }
    return wanted == 0 || deployment.map { $0.status == "successful" } ?? true
  }

  /// Whether as many new instances as were asked for first are ready beside the old ones, and it waits to be told to go on.
  var isPaused: Bool {
    guard let deployment, deployment.needsPromotion, canaries > 0, isSeen else { return false }
    return ready.count >= canaries
  }

  /// Whether it was told to change nothing more.
  var isHeld: Bool {
    guard let deployment, !isDone else { return false }
    return deployment.status == "paused"
      || (deployment.status == "failed"
        && deployment.statusDescription.hasPrefix("Deployment marked as failed"))
  }

  /// Why Nomad gave the rollout up; `nil` if it did not.
  private var surrender: Trouble? {
    guard let deployment, deployment.status == "failed", !isHeld else { return nil }
    return Trouble(
      object: job.id, message: "Nomad gave up: \(deployment.statusDescription)", outlook: .hopeless)
  }

  /// How many instances it goes for now: those that come first, or all.
  private var goal: Int {
    deployment?.needsPromotion == true && canaries > 0 ? min(canaries, wanted) : wanted
  }

  /// Why it does not get on; `nil` if it does, or nothing is known.
  var trouble: Trouble? {
    let ofAllocations = current.compactMap { Trouble.of($0) }
    let all = ofAllocations + [surrender].compactMap(\.self)
    if let hopeless = all.first(where: { $0.outlook == .hopeless }) { return hopeless }
    return all.first ?? (current.count < goal ? Trouble.ofPlacement(job.id, evaluations) : nil)
  }

  /// How far it has come, in words.
  var words: String {
    let gone = ending.isEmpty ? "" : ", \(ending.count) \(ending.count == 1 ? "ends" : "end")"
    return "\(ready.count) of \(goal) \(goal == 1 ? "instance is" : "instances are") ready" + gone
  }

  /// How far it has come, as an observation tells it.
  var progress: ObservedController.Progress {
    if isHeld { return .held }
    if isDone, leaving.isEmpty { return .settled }
    if isPaused { return .paused }
    if let trouble, trouble.outlook == .hopeless { return .stuck(trouble.sentence) }
    return .rolling
  }
}

extension Allocation {
  /// Whether it is one of a job, and not of an earlier one of the same name, which servers remember for a while.
  func isOf(_ job: NomadJob) -> Bool { jobID == job.id && createIndex >= job.createIndex }
}
