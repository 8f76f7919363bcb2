import Values

/// How tasks are stopped, restarted and signaled.
extension ClusterState {
  /// The servers want an allocation no more.
  mutating func stop(_ id: String, because description: String) {
    guard let allocation = allocations[id], allocation.desired == "run" else { return }
    allocations[id]?.desired = "stop"
    allocations[id]?.desiredDescription = description
    touch(id, "PlanResult")
    if !allocation.isTerminal { plan(.stopped(allocation: id), in: pace.start) }
  }

  /// What a node tells of a task that it ends by a signal.
  var endings: [JSON] {
    var ended = event(
      "Terminated", "Exit Code: 143, Signal: 15",
      details: ["exit_code": "143", "signal": "15", "oom_killed": "false"])
    ended["Signal"] = 15
    return [
      event(
        "Killing", "Sent interrupt. Waiting 5s before force killing", details: ["kill_timeout": "5s"]), ended,
      event("Killed", "Task successfully killed"),
    ]
  }

  /// A node has ended an allocation.
  mutating func finishStop(_ id: String) {
    guard let allocation = allocations[id], !allocation.isTerminal else { return }
    let at = now
    let endings = self.endings
    update(id) { allocation in
      for (name, task) in allocation.tasks ?? [:] where task.state != "dead" {
        let wasRunning = task.state == "running"
        for event in endings where wasRunning || event.text("Type") != "Terminated" {
          allocation.tasks?[name]?.add(event)
        }
        allocation.tasks?[name]?.state = "dead"
        allocation.tasks?[name]?.finishedAt = at
      }
      if allocation.tasks == nil { allocation.client = "complete" }
    }
    if allocation.tasks == nil { unblock() }
  }

  /// Someone restarts tasks.
  mutating func restart(_ id: String, task: String?) {
    let reason =
      version.minor < 4
      ? "User requested restart" : "User requested \(task == nil ? "running tasks" : "task") to restart"
    let asked = event("Restart Signaled", reason, details: ["restart_reason": reason])
    let (ended, again) = (
      endings[1],
      event("Restarting", "Task restarting in 0s", details: ["restart_reason": "", "start_delay": "0"])
    )
    let names = (allocations[id]?.tasks ?? [:]).filter {
      $0.value.state == "running" && (task ?? $0.key) == $0.key
    }
    let at = now
    for (name, task) in names {
      update(id) { allocation in
        for event in [asked, ended, again] { allocation.tasks?[name]?.add(event) }
        allocation.tasks?[name]?.state = "pending"
        allocation.tasks?[name]?.restarts += 1
        allocation.tasks?[name]?.lastRestart = at
        allocation.tasks?[name]?.life = task.life + 1
      }
      plan(.start(allocation: id, task: name, life: task.life + 1), in: .zero)
    }
  }

  /// Someone sends a signal.
  mutating func signal(_ id: String, _ signal: String, task: String?) {
    let sent = event("Signaling", "Task being sent a signal", details: ["signal": signal])
    for name in (allocations[id]?.tasks ?? [:]).keys where (task ?? name) == name {
      update(id) { $0.tasks?[name]?.add(sent) }
    }
  }
}
