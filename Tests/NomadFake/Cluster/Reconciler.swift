import Values

/// What a scheduler wants of a group.
struct GroupPlan: Sendable {
  var ignore = 0
  var place = 0
  var stop = 0
  var inPlace = 0
  var destructive = 0
  var canary = 0
  var migrate = 0

  var json: JSON {
    [
      "Ignore": .number(ignore), "Place": .number(place), "Migrate": .number(migrate), "Stop": .number(stop),
      "InPlaceUpdate": .number(inPlace), "DestructiveUpdate": .number(destructive), "Canary": .number(canary),
      "Preemptions": 0,
    ]
  }
}

/// Brings a job's allocations to what the job says, a step at a time, as `scheduler/reconcile.go` does.
extension ClusterState {
  mutating func process(evaluation id: String) {
    guard var evaluation = evaluations[id], evaluation.status == "pending" else { return }
    let key = evaluation.job
    _ = commit(.evaluations)
    var failures: [String: PlacementSearch] = [:]
    var queued: [String: Int] = [:]
    let plans = reconcile(key, evaluation: id, failures: &failures, queued: &queued)
    evaluation = evaluations[id] ?? evaluation
    evaluation.status = "complete"
    evaluation.modifyIndex = index
    evaluation.modifyTime = now
    // Of a job that is wanted, every group is counted.
    let groups = (job(key).flatMap { $0.flag("Stop") ? nil : $0.elements("TaskGroups") } ?? []).map {
      $0.text("Name")
    }
    evaluation.queued = Dictionary(groups.map { ($0, 0) }) { first, _ in first }.merging(queued) { $1 }
    evaluation.deployment = activeDeployment(of: key)?.id ?? evaluation.deployment
    evaluation.failures = failures.mapValues { $0.json(minor: version.minor) }
    if !failures.isEmpty {
      // What found no place waits for room, once for each job.
      for (other, var blocked) in evaluations where blocked.job == key && blocked.status == "blocked" {
        blocked.status = "canceled"
        blocked.statusDescription = "evaluation \"\(id)\" successful"
        blocked.modifyIndex = index
        evaluations[other] = blocked
      }
      let blocked = makeEvaluation(key, "queued-allocs", status: "blocked", previous: id)
      evaluations[blocked]?.statusDescription = "created to place remaining allocations"
      evaluations[blocked]?.failures = evaluation.failures
      evaluations[blocked]?.queued = queued
      evaluation.blocked = blocked
    }
    evaluations[id] = evaluation
    tables[.evaluations] = index
    note(evaluation, plans.isEmpty ? "EvaluationUpdated" : "PlanResult")
    refreshStatus(key)
    completeDeployment(of: key)
  }

  /// Something became free: what waits for room is tried again.
  mutating func unblock() {
    for (id, var evaluation) in evaluations where evaluation.status == "blocked" {
      evaluation.status = "pending"
      evaluation.modifyIndex = index
      evaluations[id] = evaluation
      plan(.evaluate(id), in: .zero)
    }
  }

  func activeDeployment(of key: FakeKey) -> FakeDeployment? {
    guard let job = job(key) else { return nil }
    return deployments.values.filter {
      $0.job == key && $0.version == job.number("Version")
        && $0.jobCreateIndex == UInt64(job.number("CreateIndex"))
    }.max { $0.createIndex < $1.createIndex }
  }

  @discardableResult
  mutating func reconcile(
    _ key: FakeKey, evaluation: String, failures: inout [String: PlacementSearch], queued: inout [String: Int]
  ) -> [String: GroupPlan] {
    let job = job(key)
    endOldDeployments(of: key)
    var plans: [String: GroupPlan] = [:]
    let live = allocations.values.filter { $0.job == key && $0.desired == "run" }
    guard let job, !job.flag("Stop") else {
      for allocation in live where !allocation.isTerminal {
        plans[allocation.group, default: GroupPlan()].stop += 1
        stop(allocation.id, because: "alloc not needed due to job update")
      }
      return plans
    }
    let groups = job.elements("TaskGroups")
    for allocation in live
    where !allocation.isTerminal && !groups.contains(where: { $0.text("Name") == allocation.group }) {
      plans[allocation.group, default: GroupPlan()].stop += 1
      stop(allocation.id, because: "alloc is lost since its group is not in the job any more")
    }
    for group in groups {
      let name = group.text("Name")
      if job.text("Type") == "system" {
        plans[name] = reconcileSystem(group, job, key, evaluation, &failures, &queued)
      } else {
        plans[name] = reconcileGroup(group, job, key, evaluation, &failures, &queued)
      }
    }
    return plans
  }
}
