import Values

/// How tasks end by themselves.
extension ClusterState {
  /// A task ended, or could not be started.
  mutating func end(_ id: String, _ name: String, _ life: Int, _ end: TaskEnd) {
    guard let allocation = allocations[id], let task = allocation.tasks?[name], task.life == life,
      allocation.desired == "run", task.state != "dead"
    else { return }
    let spec = allocation.taskSpecs.first { $0.text("Name") == name } ?? .null
    let isPassing = !Self.isSidecar(spec) && !Self.hook(spec).isEmpty
    let isBatch = ["batch", "sysbatch"].contains(allocation.spec.text("Type"))
    var what: JSON
    var mayRestart = true
    switch end {
    case .exit(let code, let isOutOfMemory):
      var message = "Exit Code: \(code)"
      if isOutOfMemory { message += ", Exit Message: \"OOM Killed\"" }
      what = event(
        "Terminated", message,
        details: [
          "exit_code": "\(code)", "signal": isOutOfMemory ? "9" : "0",
          "oom_killed": isOutOfMemory ? "true" : "false",
        ])
      what["Signal"] = .number(isOutOfMemory ? 9 : 0)
      if code == 0, isPassing || isBatch { return finish(id, name, [what], failed: false) }
    case .driver(let text, let mayPass):
      what = event("Driver Failure", text, details: ["driver_error": text])
      mayRestart = mayPass
    }
    guard mayRestart else {
      let ending = event(
        "Not Restarting", "Error was unrecoverable",
        details: ["restart_reason": "Error was unrecoverable", "fails_task": "true"],
        fails: true)
      return finish(id, name, [what, ending], failed: true)
    }
    let policy = spec["RestartPolicy"] ?? .null
    let window = scaled(policy["Interval"]?.int ?? 0)
    let recent = task.recentRestarts.filter { now - $0 < window }
    guard recent.count < policy.number("Attempts") || policy.text("Mode") == "delay" else {
      let interval = TimeSpan.text(milliseconds: (policy["Interval"]?.int ?? 0) / 1_000_000)
      let reason =
        policy.number("Attempts") == 0
        ? "Policy allows no restarts"
        : "Exceeded allowed attempts \(policy.number("Attempts")) in interval \(interval) and mode is \"fail\""
      let ending = event(
        "Not Restarting", reason, details: ["restart_reason": reason, "fails_task": "true"], fails: true)
      return finish(id, name, [what, ending], failed: true)
    }
    let delay = scaled(policy["Delay"]?.int ?? 0)
    let again = event(
      "Restarting",
      "Task restarting in \(TimeSpan.text(milliseconds: (policy["Delay"]?.int ?? 0) / 1_000_000))",
      details: ["restart_reason": "Restart within policy", "start_delay": "\(policy["Delay"]?.int ?? 0)"])
    let at = now
    let first = what
    update(id) { allocation in
      allocation.tasks?[name]?.add(first)
      allocation.tasks?[name]?.add(again)
      allocation.tasks?[name]?.state = "pending"
      allocation.tasks?[name]?.restarts += 1
      allocation.tasks?[name]?.lastRestart = at
      allocation.tasks?[name]?.recentRestarts = recent + [at]
      allocation.tasks?[name]?.life = life + 1
    }
    plan(.start(allocation: id, task: name, life: life + 1), in: delay)
  }

  /// A task is dead, and stays so.
  mutating func finish(_ id: String, _ name: String, _ events: [JSON], failed: Bool) {
    let at = now
    guard let allocation = allocations[id] else { return }
    let sibling = event(
      "Sibling Task Failed", "Task \"\(name)\" failed", details: ["failed_sibling": name])
    let endings = self.endings
    let main = allocation.taskSpecs.filter { Self.hook($0).isEmpty }.map { $0.text("Name") }
    update(id) { allocation in
      for event in events { allocation.tasks?[name]?.add(event) }
      allocation.tasks?[name]?.state = "dead"
      allocation.tasks?[name]?.failed = failed
      allocation.tasks?[name]?.finishedAt = at
      // A task that fails takes the others with it; when the main ones have ended, what stands beside them is ended.
      let isOver = main.allSatisfy { allocation.tasks?[$0]?.state == "dead" }
      guard failed || isOver else { return }
      for (other, task) in allocation.tasks ?? [:] where task.state != "dead" {
        if failed { allocation.tasks?[other]?.add(sibling) }
        for event in endings where task.state == "running" || event.text("Type") != "Terminated" {
          allocation.tasks?[other]?.add(event)
        }
        allocation.tasks?[other]?.state = "dead"
        allocation.tasks?[other]?.finishedAt = at
        allocation.tasks?[other]?.life += 1
      }
    }
    startNext(id)
    watchHealth(id)
  }
}
