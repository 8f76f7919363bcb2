import Values

/// Answers to requests for allocations. `command/agent/alloc_endpoint.go` and `fs_endpoint.go`.
extension Router {
  mutating func allocations(_ rest: String) -> FakeAnswer {
    guard request.method == "GET" else { return .text(405, "Invalid method") }
    guard allows("read-job") || namespace == "*" else { return Self.denied }
    let prefix = request["prefix"] ?? ""
    guard prefix.count.isMultiple(of: 2) || prefix.contains("-") else {
      return .text(500, "alloc lookup failed: index error: Input (without hyphens) must be even length")
    }
    let found = state.allocations.values.filter { isWanted($0.job.namespace) && $0.id.hasPrefix(prefix) }
    return list(
      found.map { ($0.id, $0.stub(state.clock, resources: request["resources"] == "true")) }, .allocations,
      "AllocationListStub")
  }

  mutating func allocation(_ rest: String) -> FakeAnswer {
    let parts = rest.split(separator: "/").map(String.init)
    let id = parts.first ?? ""
    guard parts.count == 2 else {
      guard request.method == "GET" else { return .text(405, "Invalid method") }
      guard let found = state.allocations[id] else { return absent("alloc not found", .allocations) }
      guard allows(.namespace(found.job.namespace, ["read-job"])) else { return Self.denied }
      return .json(found.whole(state.clock), index: found.modifyIndex, shape: .object("Allocation"))
    }
    guard parts[1] == "stop" else { return .text(404, "resource not found") }
    guard isWriting else { return .text(405, "Invalid method") }
    guard let found = state.allocations[id] else { return .text(404, "allocation not found") }
    guard allows(.namespace(found.job.namespace, ["alloc-lifecycle"])) else { return Self.denied }
    _ = state.commit(.allocations, .evaluations)
    state.stop(id, because: "alloc is being migrated")
    let evaluation = state.makeEvaluation(found.job, "alloc-stop")
    return .json(
      ["EvalID": .string(evaluation), "Index": .state(state.index)], index: state.index,
      shape: .object("AllocStopResponse"))
  }

  mutating func clientAllocation(_ rest: String) -> FakeAnswer {
    let parts = rest.split(separator: "/").map(String.init)
    guard parts.count == 2 else { return .text(404, "resource not found") }
    let (id, action) = (parts[0], parts[1])
    if action == "exec" { return exec(id) }
    guard let found = state.allocations[id] else { return .text(404, "Unknown allocation \"\(id)\"") }
    let namespace = found.job.namespace
    switch action {
    case "stats":
      guard allows(.namespace(namespace, ["read-job"])) else { return Self.denied }
      return .json(usage(found), index: 0)
    case "restart":
      guard allows(.namespace(namespace, ["alloc-lifecycle"])) else { return Self.denied }
      let task = request.json?.text("TaskName").nonEmpty
      if let task, found.tasks?[task] == nil {
        return .text(500, "Could not find task runner for task: \(task)")
      }
      if let task, found.tasks?[task]?.state != "running" { return .text(500, "Task not running") }
      state.restart(id, task: task)
      return .json(["Index": 0, "LastContact": 0, "KnownLeader": false], index: 0)
    case "signal":
      guard isWriting else { return .text(405, "Invalid method") }
      guard allows(.namespace(namespace, ["alloc-lifecycle"])) else { return Self.denied }
      let signal = request.json?.text("Signal") ?? ""
      guard SignalName(signal) != nil else { return .text(500, "Signal \"\(signal)\" is not supported") }
      state.signal(id, signal, task: request.json?.text("Task").nonEmpty)
      return .json(["Index": 0, "LastContact": 0, "KnownLeader": false], index: 0)
    default: return .text(404, "resource not found")
    }
  }

  private func usage(_ allocation: FakeAllocation) -> JSON {
    func resources(_ count: Int) -> JSON {
      [
        "MemoryStats": [
          "RSS": .number(count * 5_000_000), "Cache": 0, "Swap": 0, "Usage": 0, "MaxUsage": 0,
          "KernelUsage": 0,
          "KernelMaxUsage": 0, "Measured": ["RSS", "Swap"],
        ],
        "CpuStats": [
          "SystemMode": 0, "UserMode": .number("0.5"), "TotalTicks": .number("\(count * 12).5"),
          "ThrottledPeriods": 0, "ThrottledTime": 0, "Percent": .number("\(count).25"),
          "Measured": ["Percent"],
        ], "DeviceStats": .null,
      ]
    }
    let running = (allocation.tasks ?? [:]).filter { $0.value.state == "running" }
    return [
      "ResourceUsage": resources(running.count),
      "Tasks": .map(running) { _ in
        ["ResourceUsage": resources(1), "Timestamp": .int(state.clock.unix(state.now)), "Pids": .null]
      }, "Timestamp": .int(state.clock.unix(state.now)),
    ]
  }

  mutating func logs(_ id: String) -> FakeAnswer {
    guard let task = request["task"]?.nonEmpty else { return .text(400, "must provide task name") }
    guard let stream = request["type"], ["stdout", "stderr"].contains(stream) else {
      return .text(400, "must provide log type (stdout/stderr)")
    }
    let origin = request["origin"]?.nonEmpty ?? "start"
    guard ["start", "end"].contains(origin) else { return .text(400, "origin must be start or end") }
    guard let found = state.allocations[id] else { return .text(404, "Unknown allocation \"\(id)\"") }
    guard allows(.namespace(found.job.namespace, ["read-logs", "read-fs"])) else { return Self.denied }
    guard let known = found.tasks?[task] else { return .text(400, "unknown task name \"\(task)\"") }
    guard known.startedAt != nil else {
      return .text(404, "task \"\(task)\" not started yet. No logs available")
    }
    return .logs(
      LogFeed(
        allocation: id, task: task, stream: stream, follows: request["follow"] == "true",
        isPlain: request["plain"] == "true", fromEnd: origin == "end",
        offset: request["offset"].flatMap { Int($0) } ?? 0, log: found.logs["\(task).\(stream)"] ?? FakeLog())
    )
  }

  private mutating func exec(_ id: String) -> FakeAnswer {
    let command = request["command"].flatMap { try? JSON(parsing: $0.utf8) }?.array?.compactMap(\.string)
    guard let command else { return .text(500, "failed to marshal command into json") }
    var call = FakeExec(
      allocation: id, task: request["task"] ?? "", command: command, isTerminal: request["tty"] == "true")
    guard let found = state.allocations[id] else {
      return .exec(call.refused(1008, "Unknown allocation \"\(id)\""))
    }
    guard allows(.namespace(found.job.namespace, ["alloc-exec"])) else {
      return .exec(call.refused(1011, "Permission denied"))
    }
    if call.task.isEmpty { return .exec(call.refused(1008, "must provide task name")) }
    if command.isEmpty { return .exec(call.refused(1008, "command is not present")) }
    guard let task = found.tasks?[call.task] else {
      return .exec(call.refused(1008, "unknown task name \"\(call.task)\""))
    }
    guard task.startedAt != nil else {
      return .exec(call.refused(1008, "task \"\(call.task)\" not started yet."))
    }
    guard task.state == "running" else {
      return .exec(call.refused(1008, "task \"\(call.task)\" is not running."))
    }
    call.script = exec(call)
    return .exec(call)
  }
}

extension String {
  fileprivate var nonEmpty: String? { isEmpty ? nil : self }
}
