import Values

/// One step of a group of a job that is no system job.
extension ClusterState {
  /// One step of a group.
  mutating func reconcileGroup(
    _ group: JSON, _ job: JSON, _ key: FakeKey, _ evaluation: String,
    _ failures: inout [String: PlacementSearch], _ queued: inout [String: Int]
  ) -> GroupPlan {
    var plan = GroupPlan()
    let name = group.text("Name")
    let count = group.number("Count")
    let version = job.number("Version")
    let update = (group["Update"] ?? .null).isNull ? nil : group["Update"]
    let strategy = update.flatMap { $0.number("MaxParallel") > 0 ? $0 : nil }
    let isBatch = job.text("Type") == "batch"
    var deployment = activeDeployment(of: key)
    var state = deployment?.groups[name]
    let isHeld = deployment.map { $0.status == "paused" || $0.status == "failed" } ?? false

    var all = allocations.values.filter { $0.job == key && $0.group == name && $0.desired == "run" }
    // What is over of an older version of a batch, or of an earlier one of the name, is not looked at. `filterOldTerminalAllocs`.
    all.removeAll { isBatch && $0.isTerminal && isOlder($0, than: job) }
    let done = all.filter { isBatch && $0.client == "complete" }
    plan.ignore += done.count
    var untainted: [FakeAllocation] = []
    var replaced: [FakeAllocation] = []
    var later = 0
    for allocation in all where !(isBatch && allocation.client == "complete") {
      if allocation.client == "failed" || allocation.client == "lost" {
        if !allocation.next.isEmpty { continue }
        switch rescheduling(allocation, group, deployment) {
        case .now: replaced.append(allocation)
        case .later(let delay):
          later += 1
          untainted.append(allocation)
          if allocation.followup.isEmpty {
            let id = makeEvaluation(
              key, "alloc-failure", deployment: "", after: scaled(delay), previous: evaluation)
            allocations[allocation.id]?.followup = id
            touch(allocation.id, "PlanResult")
          }
        case .never: untainted.append(allocation)
        }
      } else if allocation.client != "complete" {
        untainted.append(allocation)
      }
    }
    let canaryIDs = Set(state?.placedCanaries ?? [])
    let inCanary = { (state: FakeDeploymentGroup?) in
      (state?.desiredCanaries ?? 0) > 0 && state?.promoted == false
    }
    var isCanarying = inCanary(state)
    let canaries = untainted.filter { canaryIDs.contains($0.id) }

    // Too many are stopped, those whose name is not wanted first; promoted canaries take the place of their namesakes.
    var kept = isCanarying ? untainted.filter { !canaryIDs.contains($0.id) } : untainted
    if state?.promoted == true {
      let names = Set(canaries.map(\.name))
      for allocation in kept where names.contains(allocation.name) && !canaryIDs.contains(allocation.id) {
        stop(allocation.id, because: "alloc not needed due to job update")
        plan.stop += 1
      }
      kept.removeAll { names.contains($0.name) && !canaryIDs.contains($0.id) }
    }
    kept.sort { ($0.number, $0.createIndex) < ($1.number, $1.createIndex) }
    var seen: Set<Int> = []
    var surplus = kept.filter { $0.number >= count || !seen.insert($0.number).inserted }
    if kept.count - surplus.count > count {
      surplus += kept.filter { !surplus.map(\.id).contains($0.id) }.suffix(kept.count - surplus.count - count)
    }
    if done.count + kept.count - surplus.count < count { surplus = surplus.filter { $0.number >= count } }
    for allocation in surplus where kept.count > count {
      stop(allocation.id, because: "alloc not needed due to job update")
      kept.removeAll { $0.id == allocation.id }
      plan.stop += 1
    }

    // What has another version is updated in its place, or replaced.
    var destructive: [FakeAllocation] = []
    var inPlace: [FakeAllocation] = []
    for allocation in kept {
      if allocation.version == version && allocation.spec.number("CreateIndex") == job.number("CreateIndex") {
        plan.ignore += 1
      } else if UpdateRule.needsReplacement(allocation.spec, job, group: name) {
        destructive.append(allocation)
      } else if allocation.isTerminal {
        plan.ignore += 1
      } else {
        inPlace.append(allocation)
      }
    }
    if isCanarying { plan.ignore += canaries.count }
    plan.inPlace = inPlace.count

    if deployment == nil || state == nil {
      state = FakeDeploymentGroup(
        autoRevert: update?.flag("AutoRevert") ?? false, autoPromote: update?.flag("AutoPromote") ?? false,
        progressDeadline: update?["ProgressDeadline"]?.int ?? 0)
    }
    let isNew = deployment?.groups[name] == nil
    if isNew { state?.desiredTotal += destructive.count + inPlace.count }
    let wanted = strategy?.number("Canary") ?? 0
    let needsCanary = !destructive.isEmpty && canaries.count < wanted && state?.promoted != true
    if needsCanary { state?.desiredCanaries = wanted }
    isCanarying = inCanary(state)

    // How many are still missing.
    let taken = Set((kept + done).map(\.number))
    var missing = (0..<max(count, 0)).filter { !taken.contains($0) }
    let missingCount = max(count - kept.count - done.count, 0)
    missing = Array(missing.prefix(missingCount))
    if isNew { state?.desiredTotal += missing.count }

    // A deployment is made where the job is another one, or nothing of it runs yet.
    let hadRunning = all.contains {
      $0.version == version && $0.spec.number("CreateIndex") == job.number("CreateIndex")
    }
    let isUpdating = !destructive.isEmpty || !inPlace.isEmpty
    if isNew, strategy != nil, job.text("Type") == "service", let state, state.desiredTotal != 0,
      !hadRunning || isUpdating
    {
      var made = deployment ?? makeDeployment(key, job)
      made.groups[name] = state
      if !state.promoted, state.desiredCanaries > 0, made.status == "running" {
        made.statusDescription =
          state.autoPromote
          ? "Deployment is running pending automatic promotion"
          : "Deployment is running but requires manual promotion"
      }
      deployment = made
      deployments[made.id] = made
    } else if !isNew, var made = deployment, let state {
      made.groups[name] = state
      deployment = made
      deployments[made.id] = made
    }
    let id = deployment?.isActive == true ? deployment?.id ?? "" : ""

    for allocation in inPlace {
      allocations[allocation.id]?.spec = job
      allocations[allocation.id]?.evaluation = evaluation
      allocations[allocation.id]?.deployment = id
      allocations[allocation.id]?.isHealthy = nil
      allocations[allocation.id]?.isCanary = false
      noteplaced(allocation.id, id)
      touch(allocation.id, "PlanResult")
      watchHealth(allocation.id, begins: true)
    }
    if isHeld, !replaced.isEmpty {
      // Those that failed before a deployment that is held are still placed anew.
      for allocation in replaced where allocation.deployment != deployment?.id {
        plan.stop += 1
        plan.place += placeOne(
          group, job, key, evaluation, allocation.number, "", false, allocation, &failures, &queued)
      }
      plan.ignore += destructive.count
      return plan
    }
    if isHeld {
      plan.ignore += destructive.count
      return plan
    }
    if needsCanary {
      let names = destructive.map(\.number).filter { number in !canaries.contains { $0.number == number } }
      for offset in 0..<(wanted - canaries.count) {
        let number = offset < names.count ? names[offset] : count + offset
        plan.canary += placeOne(group, job, key, evaluation, number, id, true, nil, &failures, &queued)
      }
    }
    if isCanarying {
      plan.ignore += destructive.count
      for allocation in replaced {
        plan.stop += 1
        plan.place += placeOne(
          group, job, key, evaluation, allocation.number, allocation.isCanary ? id : "", allocation.isCanary,
          allocation, &failures, &queued)
      }
      return plan
    }
    for number in missing {
      let before = replaced.first { $0.number == number }
      if before != nil { plan.stop += 1 }
      plan.place += placeOne(group, job, key, evaluation, number, id, false, before, &failures, &queued)
    }
    // As many are replaced at once as may be unhealthy at once.
    var limit = destructive.count
    if let strategy, !id.isEmpty {
      let open = allocations.values.filter {
        $0.deployment == id && $0.group == name && $0.desired == "run" && $0.isHealthy != true
      }
      limit = strategy.number("MaxParallel") - open.count
      if open.contains(where: { $0.isHealthy == false }) { limit = 0 }
    }
    let now = destructive.prefix(max(limit, 0))
    plan.destructive = now.count
    plan.ignore += destructive.count - now.count
    for allocation in now {
      _ = placeOne(
        group, job, key, evaluation, allocation.number, id, false, allocation, &failures, &queued,
        isUpdate: true)
    }
    return plan
  }

  /// Whether an allocation is of an older version of a job, or of an earlier job of its name.
  private func isOlder(_ allocation: FakeAllocation, than job: JSON) -> Bool {
    allocation.version < job.number("Version")
      || allocation.spec.number("CreateIndex") < job.number("CreateIndex")
  }
}
