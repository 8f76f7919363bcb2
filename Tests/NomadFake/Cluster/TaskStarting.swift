import Values

/// How tasks are started.
extension ClusterState {
  /// A node takes an allocation.
  mutating func receive(_ id: String) {
    guard let allocation = allocations[id], allocation.desired == "run", allocation.tasks == nil else {
      return
    }
    var tasks: [String: FakeTask] = [:]
    for spec in allocation.taskSpecs {
      var task = FakeTask()
      task.add(event("Received", "Task received by client"))
      let step = "Building Task Directory"
      task.add(event("Task Setup", step, details: ["message": step]))
      tasks[spec.text("Name")] = task
    }
    let made = tasks
    update(id) { $0.tasks = made }
    startNext(id)
    watchHealth(id, begins: true)
  }

  static func hook(_ task: JSON) -> String { (task["Lifecycle"] ?? .null).text("Hook") }
  static func isSidecar(_ task: JSON) -> Bool { (task["Lifecycle"] ?? .null).flag("Sidecar") }

  /// Starts the tasks whose turn it is: what runs before, then what it is for, then what comes after.
  mutating func startNext(_ id: String) {
    guard let allocation = allocations[id], allocation.desired == "run", let tasks = allocation.tasks,
      !allocation.failedTasks
    else { return }
    let specs = allocation.taskSpecs
    func waits(_ spec: JSON) -> Bool {
      tasks[spec.text("Name")].map { $0.state == "pending" && $0.life == 0 } ?? false
    }
    let before = specs.filter { Self.hook($0) == "prestart" }
    let main = specs.filter { Self.hook($0).isEmpty }
    let after = specs.filter { Self.hook($0) == "poststart" }
    let isReady = before.allSatisfy { spec in
      guard let task = tasks[spec.text("Name")] else { return false }
      return Self.isSidecar(spec) ? task.state == "running" : task.state == "dead" && !task.failed
    }
    let isUp = main.allSatisfy { tasks[$0.text("Name")]?.startedAt != nil }
    let due =
      before.filter(waits) + (isReady ? main.filter(waits) : [])
      + (isReady && isUp ? after.filter(waits) : [])
    for spec in due {
      let name = spec.text("Name")
      allocations[id]?.tasks?[name]?.life = 1
      plan(.start(allocation: id, task: name, life: 1), in: pace.start)
    }
  }

  /// What a script says of a task; the last one that fits.
  func behaviour(_ allocation: FakeAllocation, _ task: String) -> TaskBehaviour {
    let script = scripts.last {
      ($0.job ?? allocation.job.id) == allocation.job.id && ($0.task ?? task) == task
        && ($0.version ?? allocation.version) == allocation.version
    }
    if let script { return script.behaviour }
    let spec = allocation.taskSpecs.first { $0.text("Name") == task } ?? .null
    let isPassing = !Self.isSidecar(spec) && !Self.hook(spec).isEmpty
    return isPassing ? .exits(0) : .runs
  }

  /// A driver starts a task.
  mutating func start(_ id: String, _ name: String, _ life: Int) {
    guard let allocation = allocations[id], allocation.desired == "run", let task = allocation.tasks?[name],
      task.life == life, task.state == "pending"
    else { return }
    let behaviour = behaviour(allocation, name)
    let spec = allocation.taskSpecs.first { $0.text("Name") == name } ?? .null
    switch behaviour {
    case .hangs: return
    case .driverFailure(let text):
      plan(.end(allocation: id, task: name, life: life, .driver(text, mayPass: true)), in: .zero)
      return
    case .pullFailure(let text):
      plan(.end(allocation: id, task: name, life: life, .driver(text, mayPass: false)), in: .zero)
      return
    case .runs, .neverHealthy, .exits, .outOfMemory: break
    }
    let image = (spec["Config"] ?? .null).text("image")
    let started = event("Started", "Task started by client")
    let pulled = event("Driver", "Downloading image", details: ["image": image])
    let at = now
    let isDocker = spec.text("Driver") == "docker" && !image.isEmpty && task.restarts == 0
    update(id) { allocation in
      if isDocker { allocation.tasks?[name]?.add(pulled) }
      allocation.tasks?[name]?.add(started)
      allocation.tasks?[name]?.state = "running"
      allocation.tasks?[name]?.startedAt = at
      for stream in ["stdout", "stderr"] where allocation.logs["\(name).\(stream)"] == nil {
        allocation.logs["\(name).\(stream)"] = FakeLog()
      }
    }
    switch behaviour {
    case .exits(let code, let after):
      plan(.end(allocation: id, task: name, life: life, .exit(code)), in: after)
    case .outOfMemory:
      plan(.end(allocation: id, task: name, life: life, .exit(137, isOutOfMemory: true)), in: pace.start)
    default: break
    }
    startNext(id)
    watchHealth(id)
  }
}
