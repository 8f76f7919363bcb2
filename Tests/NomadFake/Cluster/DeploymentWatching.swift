import Values

/// What servers do with deployments. `nomad/deploymentwatcher` of Nomad.
extension ClusterState {
  mutating func becomeHealthy(_ id: String, _ lives: [String: Int]) {
    guard let allocation = allocations[id], allocation.isHealthy == nil, allocation.desired == "run",
      let tasks = allocation.tasks, tasks.mapValues(\.life) == lives, !allocation.failedTasks
    else { return }
    judge(id, isHealthy: true)
  }

  mutating func becomeUnhealthy(_ id: String) {
    guard let allocation = allocations[id], allocation.isHealthy == nil, !allocation.deployment.isEmpty,
      allocation.desired == "run"
    else { return }
    for (name, task) in allocation.tasks ?? [:] {
      guard let reason = Self.ailment(task, allocation.taskSpecs.first { $0.text("Name") == name } ?? .null)
      else { continue }
      let told = event("Alloc Unhealthy", reason, details: ["message": reason])
      allocations[id]?.tasks?[name]?.add(told)
    }
    judge(id, isHealthy: false)
  }

  /// Why a task keeps its allocation from being healthy; `nil` if it does not. `client/allochealth/tracker.go`, `event`.
  private static func ailment(_ task: FakeTask, _ spec: JSON) -> String? {
    if task.failed { return "Unhealthy because of failed task" }
    switch task.state {
    case "pending": return "Task not running by deadline"
    case "dead": return hook(spec).isEmpty || isSidecar(spec) ? "Unhealthy because of dead task" : nil
    default: return nil
    }
  }

  /// A node, or a user, says whether an allocation is healthy.
  mutating func judge(_ id: String, isHealthy: Bool) {
    guard var allocation = allocations[id] else { return }
    _ = commit(.allocations, .deployments)
    let before = allocation.isHealthy
    allocation.isHealthy = isHealthy
    allocation.healthTime = now
    allocations[id] = allocation
    touch(id, "AllocationUpdated")
    guard var deployment = deployments[allocation.deployment],
      var group = deployment.groups[allocation.group]
    else { return }
    if before == true { group.healthy -= 1 }
    if before == false { group.unhealthy -= 1 }
    if isHealthy {
      group.healthy += 1
      if group.progressDeadline > 0 {
        let at = now + scaled(group.progressDeadline)
        group.requireProgressBy = at
        plan(.deadline(deployment: deployment.id, group: allocation.group, at), in: at - now)
      }
    } else {
      group.unhealthy += 1
    }
    deployment.groups[allocation.group] = group
    deployment.modifyIndex = index
    deployments[deployment.id] = deployment
    note(deployment, "AllocationUpdated")
    guard deployment.isActive else { return }
    if !isHealthy {
      if group.progressDeadline == 0 {
        return fail(deployment.id, "Failed due to unhealthy allocations")
      }
      // Another one may take its place until the deadline.
      allocations[id]?.mayBeRescheduled = true
      touch(id, "AllocationUpdateDesiredStatus")
    } else if group.autoPromote, !group.promoted, group.desiredCanaries > 0,
      group.healthy >= group.desiredCanaries
    {
      _ = promote(deployment.id, groups: nil)
      return
    }
    if deployment.status == "running" {
      _ = makeEvaluation(deployment.job, "deployment-watcher", deployment: deployment.id)
    }
  }

  mutating func deadlineHit(_ id: String, _ name: String, _ at: Duration) {
    guard let deployment = deployments[id], deployment.status == "running",
      let group = deployment.groups[name], group.requireProgressBy == at
    else { return }
    let isDone =
      group.desiredCanaries > 0 && !group.promoted
      ? group.healthy >= group.desiredCanaries : group.healthy >= group.desiredTotal
    if !isDone { fail(id, "Failed due to progress deadline") }
  }

  /// Ends a deployment as failed, and goes back where the job says so.
  mutating func fail(_ id: String, _ description: String) {
    guard var deployment = deployments[id], deployment.isActive else { return }
    _ = commit(.deployments, .evaluations)
    deployment.status = "failed"
    deployment.statusDescription = description
    deployment.modifyIndex = index
    let key = deployment.job
    let mustRevert = deployment.groups.values.contains { $0.autoRevert && $0.healthy < $0.desiredTotal }
    if mustRevert {
      let stable = (jobs[key] ?? []).first { $0.flag("Stable") && $0.number("Version") < deployment.version }
      if let stable {
        deployment.statusDescription += " - rolling back to job version \(stable.number("Version"))"
        deployments[id] = deployment
        note(deployment, "DeploymentStatusUpdate")
        _ = register(stable, key)
        return
      }
      deployment.statusDescription += " - no stable job version to auto revert to"
    }
    deployments[id] = deployment
    note(deployment, "DeploymentStatusUpdate")
    _ = makeEvaluation(key, "deployment-watcher", deployment: id)
  }

  mutating func promote(_ id: String, groups: [String]?) -> FakeOutcome<String> {
    guard var deployment = deployments[id] else { return .refused(500, "deployment not found") }
    guard deployment.isActive else { return .refused(500, "can't promote terminal deployment") }
    var errors: [String] = []
    for (name, group) in deployment.groups.sorted(by: { $0.key < $1.key })
    where groups?.contains(name) ?? true && group.desiredCanaries > 0 {
      let healthy = group.placedCanaries.filter { id in
        allocations[id].map { $0.isHealthy == true && !$0.isTerminal && $0.desired == "run" } ?? false
      }
      if healthy.count < group.desiredCanaries {
        errors.append(
          "Task group \"\(name)\" has \(healthy.count)/\(group.desiredCanaries) healthy allocations")
      }
    }
    guard errors.isEmpty else { return .refused(500, JobRules.text(errors)) }
    _ = commit(.deployments, .allocations, .evaluations)
    for name in deployment.groups.keys where groups?.contains(name) ?? true {
      deployment.groups[name]?.promoted = true
      for canary in deployment.groups[name]?.placedCanaries ?? [] {
        allocations[canary]?.isCanary = false
        touch(canary, "DeploymentPromotion")
      }
    }
    deployment.status = "running"
    deployment.statusDescription = "Deployment is running"
    deployment.modifyIndex = index
    deployments[id] = deployment
    note(deployment, "DeploymentPromotion")
    return .done(makeEvaluation(deployment.job, "deployment-watcher", deployment: id))
  }

  mutating func pause(_ id: String, _ isPaused: Bool) -> FakeOutcome<String> {
    guard var deployment = deployments[id] else { return .refused(500, "deployment not found") }
    guard deployment.isActive else {
      return .refused(500, isPaused ? "can't pause terminal deployment" : "can't resume terminal deployment")
    }
    _ = commit(.deployments, .evaluations)
    deployment.status = isPaused ? "paused" : "running"
    deployment.statusDescription = isPaused ? "Deployment is paused" : "Deployment is running"
    deployment.modifyIndex = index
    deployments[id] = deployment
    note(deployment, "DeploymentStatusUpdate")
    guard !isPaused else { return .done("") }
    return .done(makeEvaluation(deployment.job, "deployment-watcher", deployment: id))
  }

  /// Deployments of older versions, and of a job that is stopped, end.
  mutating func endOldDeployments(of key: FakeKey) {
    let job = job(key)
    for (id, var deployment) in deployments where deployment.job == key && deployment.isActive {
      let isStopped = job?.flag("Stop") ?? true
      guard isStopped || deployment.version != job?.number("Version") else { continue }
      deployment.status = "cancelled"
      deployment.statusDescription =
        isStopped ? "Cancelled because job is stopped" : "Cancelled due to newer version of job"
      deployment.modifyIndex = index
      deployments[id] = deployment
      tables[.deployments] = index
      note(deployment, "PlanResult")
    }
  }

  /// A deployment of which all is healthy, and nothing is left to do, is successful.
  mutating func completeDeployment(of key: FakeKey) {
    guard let job = job(key), var deployment = activeDeployment(of: key), deployment.status == "running"
    else {
      return
    }
    let isComplete = deployment.groups.allSatisfy { name, group in
      guard group.desiredCanaries == 0 || group.promoted else { return false }
      let live = allocations.values.filter {
        $0.job == key && $0.group == name && $0.desired == "run" && !$0.isTerminal
      }
      let count = job.elements("TaskGroups").first { $0.text("Name") == name }?.number("Count") ?? 0
      return group.healthy >= max(group.desiredTotal, group.desiredCanaries) && live.count == count
        && live.allSatisfy { $0.version == deployment.version }
    }
    guard isComplete, !deployment.groups.isEmpty else { return }
    deployment.status = "successful"
    deployment.statusDescription = "Deployment completed successfully"
    deployment.modifyIndex = index
    deployments[deployment.id] = deployment
    tables[.deployments] = index
    markStable(key, version: deployment.version)
    note(deployment, "PlanResult")
  }
}
