import Values

/// What nodes do with allocations. `client/allocrunner` of Nomad.
extension ClusterState {
  // MARK: Changes

  /// An allocation changed: it gets the state, and streams are told.
  mutating func touch(_ id: String, _ type: String) {
    guard allocations[id] != nil else { return }
    allocations[id]?.modifyIndex = index
    allocations[id]?.modifyTime = now
    tables[.allocations] = index
    if let allocation = allocations[id] { note(allocation, type) }
  }

  mutating func update(_ id: String, _ change: (inout FakeAllocation) -> Void) {
    guard var allocation = allocations[id] else { return }
    _ = commit(.allocations)
    change(&allocation)
    allocations[id] = allocation
    let before = allocation.client
    refreshClient(id)
    touch(id, "AllocationUpdated")
    refreshStatus(allocation.job)
    if let after = allocations[id], after.client != before, after.isTerminal { ended(after) }
  }

  /// What a node says of an allocation follows its tasks. `client/allocrunner`, `getClientStatus`.
  mutating func refreshClient(_ id: String) {
    guard let tasks = allocations[id]?.tasks, !tasks.isEmpty else { return }
    let (status, description): (String, String)
    if tasks.values.contains(where: { $0.state == "dead" && $0.failed }) {
      (status, description) = ("failed", "Failed tasks")
    } else if tasks.values.allSatisfy({ $0.state == "dead" }) {
      (status, description) = ("complete", "All tasks have completed")
    } else if tasks.values.contains(where: { $0.state == "running" }) {
      (status, description) = ("running", "Tasks are running")
    } else {
      (status, description) = ("pending", "No tasks have started")
    }
    allocations[id]?.client = status
    allocations[id]?.clientDescription = description
  }

  /// An allocation does nothing more: there is room, and what failed is placed anew.
  mutating func ended(_ allocation: FakeAllocation) {
    if allocation.client == "failed", allocation.desired == "run" {
      if allocation.isHealthy == nil, !allocation.deployment.isEmpty { becomeUnhealthy(allocation.id) }
      _ = makeEvaluation(allocation.job, "alloc-failure")
    } else if allocation.client == "complete", allocation.desired == "run" {
      _ = makeEvaluation(allocation.job, "alloc-complete")
    }
    unblock()
  }

  func event(
    _ type: String, _ message: String, details: [String: String] = [:], fails: Bool = false
  ) -> JSON {
    var event: JSON = [
      "Type": .string(type), "Time": .int(clock.unix(now)), "Message": "", "DisplayMessage": .string(message),
      "Details": .strings(details), "FailsTask": .bool(fails), "RestartReason": "", "SetupError": "",
      "DriverError": "", "ExitCode": 0, "Signal": 0, "KillTimeout": 0, "KillError": "", "KillReason": "",
      "StartDelay": 0, "DownloadError": "", "ValidationError": "", "DiskLimit": 0, "FailedSibling": "",
      "VaultError": "", "TaskSignalReason": "", "TaskSignal": "", "DriverMessage": "", "GenericSource": "",
    ]
    if let message = details["message"] { event["Message"] = .string(message) }
    if let error = details["driver_error"] { event["DriverError"] = .string(error) }
    if let code = details["exit_code"].flatMap({ Int($0) }) { event["ExitCode"] = .number(code) }
    return event
  }
}
