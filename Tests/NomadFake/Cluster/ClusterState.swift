import Values

/// What all servers and nodes of the fake know. A value: what would come of something is tried on a copy.
struct ClusterState: Sendable {
  let version: FakeVersion
  let clock: FakeClock
  var pace: FakePace
  /// The time since the fake began.
  var now: Duration = .zero
  /// The state of all, and of each table.
  var index: UInt64 = 10
  var tables: [Table: UInt64] = [:]
  var nodes: [FakeNode]
  var jobs: [FakeKey: [JSON]] = [:]
  var allocations: [String: FakeAllocation] = [:]
  var evaluations: [String: FakeEvaluation] = [:]
  var deployments: [String: FakeDeployment] = [:]
  var variables: [FakeKey: FakeVariable] = [:]
  /// The volumes of plugins that were registered, by ID.
  var pluginVolumes: Set<String> = []
  var namespaces: [String: String] = ["default": "Default shared namespace"]
  var scripts: [TaskScript] = []
  var agenda: [Appointment] = []
  var events = FakeEventBuffer()
  var access: FakeAccess
  private var appointments = 0

  enum Table: Hashable { case jobs, allocations, evaluations, deployments, nodes, variables, namespaces }

  /// What is to happen at a time.
  struct Appointment: Sendable {
    let due: Duration
    let number: Int
    let what: Happening
  }

  /// What happens by itself.
  enum Happening: Sendable {
    case evaluate(String)
    case receive(allocation: String)
    case start(allocation: String, task: String, life: Int)
    case end(allocation: String, task: String, life: Int, TaskEnd)
    case stopped(allocation: String)
    case healthy(allocation: String, lives: [String: Int])
    case unhealthy(allocation: String)
    case deadline(deployment: String, group: String, Duration)
  }

  /// How a task ends.
  enum TaskEnd: Sendable {
    case exit(Int, isOutOfMemory: Bool = false)
    case driver(String, mayPass: Bool)
  }

  init(version: FakeVersion, nodes: [FakeNode], pace: FakePace, access: FakeAccess, base: Int64) {
    self.version = version
    self.nodes = nodes
    self.pace = pace
    self.access = access
    clock = FakeClock(base: base)
    for table in [Table.jobs, .allocations, .evaluations, .deployments, .nodes, .variables, .namespaces] {
      tables[table] = 1
    }
    tables[.nodes] = index
  }

  // MARK: States

  /// The next state, which tables are changed in.
  mutating func commit(_ changed: Table...) -> UInt64 {
    index += 1
    for table in changed { tables[table] = index }
    return index
  }

  // MARK: Time

  mutating func plan(_ what: Happening, in delay: Duration) {
    appointments += 1
    agenda.append(Appointment(due: now + delay, number: appointments, what: what))
  }

  /// The time that a job names, as this fake keeps it.
  func scaled(_ nanoseconds: Int64) -> Duration { .nanoseconds(nanoseconds) / Int(pace.scale) }

  /// Lets happen what is due.
  mutating func advance(to time: Duration) {
    while let next = agenda.filter({ $0.due <= time }).min(by: { ($0.due, $0.number) < ($1.due, $1.number) })
    {
      agenda.removeAll { $0.number == next.number }
      now = max(now, next.due)
      happen(next.what)
    }
    now = max(now, time)
  }

  private mutating func happen(_ what: Happening) {
    switch what {
    case .evaluate(let id): process(evaluation: id)
    case .receive(let id): receive(id)
    case .start(let id, let task, let life): start(id, task, life)
    case .end(let id, let task, let life, let end): self.end(id, task, life, end)
    case .stopped(let id): finishStop(id)
    case .healthy(let id, let lives): becomeHealthy(id, lives)
    case .unhealthy(let id): becomeUnhealthy(id)
    case .deadline(let id, let group, let at): deadlineHit(id, group, at)
    }
  }
}

/// A variable.
struct FakeVariable: Sendable {
  var items: [String: String]
  let createIndex: UInt64
  var modifyIndex: UInt64
  let createTime: Duration
  var modifyTime: Duration
}

/// What happened lately, for event streams. `event_buffer_size` is 100 by default.
struct FakeEventBuffer: Sendable {
  private(set) var batches: [(index: UInt64, events: [JSON])] = []
  var size = 100

  mutating func add(_ index: UInt64, _ event: JSON) {
    if batches.last?.index == index {
      batches[batches.count - 1].events.append(event)
    } else {
      batches.append((index, [event]))
    }
    if batches.count > size { batches.removeFirst(batches.count - size) }
  }

  mutating func clear() { batches = [] }
}

extension ClusterState {
  /// Notes what happened for event streams.
  mutating func note(
    _ topic: String, _ type: String, key: String, namespace: String, filters: [String], payload: JSON
  ) {
    events.add(
      index,
      [
        "Topic": .string(topic), "Type": .string(type), "Key": .string(key), "Namespace": .string(namespace),
        "FilterKeys": .texts(filters), "Index": .state(index), "Payload": [topic: payload],
      ])
  }

  mutating func note(_ allocation: FakeAllocation, _ type: String) {
    var whole = allocation.whole(clock)
    // Events of allocations are without the job.
    whole["Job"] = nil
    note(
      "Allocation", type, key: allocation.id, namespace: allocation.job.namespace,
      filters: [allocation.job.id, allocation.deployment].filter { !$0.isEmpty }, payload: whole)
  }

  mutating func note(_ deployment: FakeDeployment, _ type: String) {
    note(
      "Deployment", type, key: deployment.id, namespace: deployment.job.namespace,
      filters: [deployment.job.id],
      payload: deployment.json(clock))
  }

  mutating func note(_ evaluation: FakeEvaluation, _ type: String) {
    note(
      "Evaluation", type, key: evaluation.id, namespace: evaluation.job.namespace,
      filters: [evaluation.job.id, evaluation.deployment].filter { !$0.isEmpty },
      payload: evaluation.json(clock))
  }
}
