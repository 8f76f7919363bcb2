import Values

/// One task of an allocation.
struct FakeTask: Sendable {
  var state = "pending"
  var failed = false
  var restarts = 0
  var lastRestart: Duration?
  var startedAt: Duration?
  var finishedAt: Duration?
  var events: [JSON] = []
  /// Counts its lives, so that what was planned for an earlier one is not done to a later one.
  var life = 0
  /// When it was started again, lately.
  var recentRestarts: [Duration] = []

  /// Nodes keep the last ten events.
  private static let keptEvents = 10

  mutating func add(_ event: JSON) { events = Array((events + [event]).suffix(Self.keptEvents)) }
}

/// What a task wrote, as its node keeps it.
struct FakeLog: Sendable {
  /// The files by number.
  var files: [Int: [UInt8]] = [0: []]
  var newest: Int { files.keys.max() ?? 0 }
}

/// An allocation.
struct FakeAllocation: Sendable {
  let id: String
  let name: String
  let number: Int
  let job: FakeKey
  /// The job as it was when it was placed, or updated in its place.
  var spec: JSON
  let group: String
  let nodeID: String
  let nodeName: String
  var evaluation: String
  var deployment = ""
  var desired = "run"
  var desiredDescription = ""
  var client = "pending"
  var clientDescription = ""
  var tasks: [String: FakeTask]?
  var isHealthy: Bool?
  var healthTime: Duration?
  var isCanary = false
  var mayBeRescheduled = false
  var previous = ""
  var next = ""
  var followup = ""
  var attempts = 0
  var ports: [JSON] = []
  var metrics: JSON
  var createIndex: UInt64
  var modifyIndex: UInt64
  var createTime: Duration
  var modifyTime: Duration
  /// By task and stream: `web.stdout`.
  var logs: [String: FakeLog] = [:]

  var version: Int { spec.number("Version") }
  var isTerminal: Bool { ["complete", "failed", "lost"].contains(client) }
  /// Whether it takes room on its node.
  var takesRoom: Bool { desired == "run" ? !isTerminal : !isTerminal }
  var groupSpec: JSON { spec.elements("TaskGroups").first { $0.text("Name") == group } ?? .null }
  var taskSpecs: [JSON] { groupSpec.elements("Tasks") }
  var failedTasks: Bool { tasks?.values.contains { $0.state == "dead" && $0.failed } ?? false }
}

extension FakeAllocation {
  private func common(_ clock: FakeClock) -> JSON {
    [
      "ID": .string(id), "EvalID": .string(evaluation), "Name": .string(name),
      "Namespace": .string(job.namespace), "NodeID": .string(nodeID), "NodeName": .string(nodeName),
      "JobID": .string(job.id), "TaskGroup": .string(group), "DesiredStatus": .string(desired),
      "DesiredDescription": .string(desiredDescription), "ClientStatus": .string(client),
      "ClientDescription": .string(clientDescription),
      "DesiredTransition": [
        "Migrate": .null, "Reschedule": mayBeRescheduled ? true : .null, "ForceReschedule": .null,
      ],
      "TaskStates": tasks.map { JSON.map($0) { $0.json(clock) } } ?? .null,
      "DeploymentStatus": deploymentStatus(clock), "FollowupEvalID": .string(followup),
      "RescheduleTracker": .null, "PreemptedAllocations": .null, "PreemptedByAllocation": "",
      "CreateIndex": .state(createIndex), "ModifyIndex": .state(modifyIndex),
      "CreateTime": .int(clock.unix(createTime)), "ModifyTime": .int(clock.unix(modifyTime)),
    ]
  }

  private func deploymentStatus(_ clock: FakeClock) -> JSON {
    guard isHealthy != nil || isCanary else { return .null }
    return [
      "Healthy": isHealthy.map(JSON.bool) ?? .null, "Timestamp": clock.json(healthTime),
      "Canary": .bool(isCanary), "ModifyIndex": .state(isHealthy == nil ? 0 : modifyIndex),
    ]
  }

  /// As lists tell it.
  func stub(_ clock: FakeClock, resources: Bool) -> JSON {
    var stub = common(clock)
    stub["JobType"] = .string(spec.text("Type"))
    stub["JobVersion"] = .number(version)
    if resources { stub["AllocatedResources"] = allocated }
    return stub
  }

  /// As it is read by itself: what is empty is left out.
  func whole(_ clock: FakeClock) -> JSON {
    var whole = common(clock)
    whole["Job"] = spec
    whole["Metrics"] = metrics
    whole["DeploymentID"] = .string(deployment)
    whole["PreviousAllocation"] = .string(previous)
    whole["NextAllocation"] = .string(next)
    whole["AllocModifyIndex"] = .state(createIndex)
    whole["AllocatedResources"] = allocated
    // Servers also tell it as clients of older versions read it.
    whole["Resources"] = resources(
      cpu: sum("CPU"), memory: sum("MemoryMB"), disk: disk, networks: groupSpec["Networks"] ?? .null,
      maximum: taskSpecs.reduce(0) { sum, task in
        let resources = task["Resources"] ?? .null
        return sum + max(resources.number("MemoryMB"), resources.number("MemoryMaxMB"))
      })
    whole["SharedResources"] = resources(
      cpu: 0, memory: 0, disk: disk, networks: groupSpec["Networks"] ?? .null)
    whole["TaskResources"] = .object(
      taskSpecs.map { task in
        let own = task["Resources"] ?? .null
        return JSON.Member(
          task.text("Name"),
          resources(
            cpu: own.number("CPU"), memory: own.number("MemoryMB"), disk: 0, networks: .null,
            maximum: own.number("MemoryMaxMB")))
      })
    if !mayBeRescheduled { whole["DesiredTransition"] = nil }
    return whole.withoutEmpty
  }

  private var disk: Int { groupSpec["EphemeralDisk"]?.number("SizeMB") ?? 0 }

  private func sum(_ key: String) -> Int {
    taskSpecs.reduce(0) { $0 + ($1["Resources"] ?? .null).number(key) }
  }

  private func resources(cpu: Int, memory: Int, disk: Int, networks: JSON, maximum: Int = 0) -> JSON {
    [
      "CPU": .number(cpu), "Cores": 0, "MemoryMB": .number(memory), "MemoryMaxMB": .number(maximum),
      "DiskMB": .number(disk), "IOPS": 0, "Networks": networks, "Devices": .null,
    ]
  }

  private var allocated: JSON {
    [
      "Tasks": .object(
        taskSpecs.map { task in
          let resources = task["Resources"] ?? .null
          return JSON.Member(
            task.text("Name"),
            [
              "Cpu": ["CpuShares": .number(resources.number("CPU")), "ReservedCores": .null],
              "Memory": [
                "MemoryMB": .number(resources.number("MemoryMB")),
                "MemoryMaxMB": .number(resources.number("MemoryMaxMB")),
              ], "Networks": .null, "Devices": .null,
            ])
        }),
      "TaskLifecycles": .object(
        taskSpecs.map { JSON.Member($0.text("Name"), $0["Lifecycle"] ?? .null) }),
      "Shared": [
        "Networks": groupSpec["Networks"] ?? .null, "DiskMB": .number(disk),
        "Ports": ports.isEmpty ? .null : .array(ports),
      ],
    ]
  }
}

extension FakeTask {
  func json(_ clock: FakeClock) -> JSON {
    [
      "State": .string(state), "Failed": .bool(failed), "Restarts": .number(restarts),
      "LastRestart": clock.json(lastRestart), "StartedAt": clock.json(startedAt),
      "FinishedAt": clock.json(finishedAt), "Events": .array(events), "TaskHandle": .null,
    ]
  }
}

/// What time it is in the fake.
struct FakeClock: Sendable {
  /// Nanoseconds since 1970 when it began.
  let base: Int64

  func unix(_ time: Duration) -> Int64 {
    let parts = time.components
    return base + parts.seconds * 1_000_000_000 + parts.attoseconds / 1_000_000_000
  }

  /// A time; what has not come is `null`.
  func json(_ time: Duration?) -> JSON {
    guard let time else { return .null }
    let unix = unix(time)
    return .string(
      ServerTime(seconds: unix / 1_000_000_000, nanoseconds: Int(unix % 1_000_000_000)).description)
  }
}
