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

  /// A node has ended an allocation.
  mutating func finishStop(_ id: String) {
    guard let allocation = allocations[id], !allocation.isTerminal else { return }
    let at = now
    let (killing, killed) = (
      event("Killing", "Sent interrupt. Waiting 5s before force killing"),
      event("Killed", "Task successfully killed")
    )
    update(id) { allocation in
      for (name, task) in allocation.tasks ?? [:] where task.state != "dead" {
        allocation.tasks?[name]?.add(killing)
        allocation.tasks?[name]?.add(killed)
        allocation.tasks?[name]?.state = "dead"
        allocation.tasks?[name]?.finishedAt = at
      }
      if allocation.tasks == nil { allocation.client = "complete" }
    }
    if allocation.tasks == nil { unblock() }
  }

  /// Someone restarts tasks.
  mutating func restart(_ id: String, task: String?) {
    let asked = event("Restart Signaled", "User requested running tasks to restart")
    let (ended, again) = (
      event("Terminated", "Exit Code: 0", details: ["exit_code": "0", "signal": "0"]),
      event("Restarting", "Task restarting in 0s")
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
    let sent = event(
      "Signaling", "User requested task to be signaled: \(signal)", details: ["signal": signal])
    for name in (allocations[id]?.tasks ?? [:]).keys where (task ?? name) == name {
      update(id) { $0.tasks?[name]?.add(sent) }
    }
  }
}
