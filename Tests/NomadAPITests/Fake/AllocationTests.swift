import NomadFake
import Testing
import Values

@testable import NomadAPI

@Suite struct AllocationTests {
  @Test("An allocation's life is told", arguments: [FakeVersion.v1_1, .v1_10]) func itsLife(
    _ version: FakeVersion
  ) async throws {
    let scene = try await Scene(version)
    defer { scene.stop() }
    var job = Scene.job()
    var group = job.groups[0]
    group["Networks"] = [
      [
        "Mode": "host", "DynamicPorts": [["Label": "http"]],
        "ReservedPorts": [["Label": "admin", "Value": 9000]],
      ]
    ]
    job.groups = [group]
    _ = try await scene.client.jobs.register(job)
    let live = try await inTime { try await scene.allocations { $0.first?.isHealthy == true } }[0]
    #expect(live.name == "web.main[0]" && live.number == 0 && live.group == "main" && live.jobVersion == 0)
    #expect(live.isMeantToRun && !live.isTerminal && live.nodeName == "node-1" && live.createTime != nil)
    let task = try #require(live.tasks["web"])
    #expect(task.state == "running" && task.startedAt != nil && task.finishedAt == nil && task.restarts == 0)
    #expect(task.events.map(\.type) == ["Received", "Task Setup", "Driver", "Started"])
    let read = try #require(try await scene.client.allocations.read(live.id).value)
    #expect(read.job?.id == "web" && read.jobVersion == 0 && read.metrics?.evaluated == 1)
    #expect(Set(read.ports.map(\.label)) == ["http", "admin"])
    #expect(read.ports.first { $0.label == "admin" }?.value == 9000)
    #expect(!read.deploymentID.isEmpty)
    let listed = try await scene.client.allocations.list(prefix: String(live.id.prefix(8)), resources: true)
      .value
    #expect(listed.map(\.id) == [live.id] && listed[0].ports.count == 2)
    #expect(try await scene.client.allocations.list().value[0].ports.isEmpty)
    #expect(try await scene.client.allocations.read("00000000-0000-0000-0000-000000000000").value == nil)
    let usage = try await scene.client.allocations.usage(live.id)
    #expect(
      usage.tasks["web"]?.memory == 5_000_000 && usage.tasks["web"]?.cpuPercent == 1.25 && usage.time != nil)
    let node = try #require(try await scene.client.nodes.read(live.nodeID).value)
    #expect(node.memory == 8192 && node.cpu == 4000 && node.attributes["kernel.name"] == "linux")
    #expect(scene.cluster.breaches.isEmpty, "\(scene.cluster.breaches)")
  }

  @Test("An allocation is stopped, and its tasks restarted and signaled") func byHand() async throws {
    let scene = try await Scene()
    defer { scene.stop() }
    _ = try await scene.client.jobs.register(Scene.job())
    let live = try await inTime { try await scene.allocations { $0.first?.isHealthy == true } }[0]
    try await scene.client.allocations.signal(live.id, "SIGHUP")
    try await scene.client.allocations.restart(live.id, task: "web")
    let again = try await inTime {
      try await scene.allocations {
        $0.first?.tasks["web"]?.restarts == 1 && $0.first?.tasks["web"]?.state == "running"
      }
    }[0]
    #expect(again.tasks["web"]?.events.contains { $0.type == "Signaling" } == true)
    #expect(again.tasks["web"]?.lastRestart != nil)
    let wrong = await #expect(throws: NomadError.self) {
      try await scene.client.allocations.signal(live.id, "SIGNONE")
    }
    #expect(wrong?.isInvalid == true)
    let other = await #expect(throws: NomadError.self) {
      try await scene.client.allocations.restart(live.id, task: "none")
    }
    #expect(other?.message.contains("Could not find task runner") == true)
    let missing = await #expect(throws: NomadError.self) {
      try await scene.client.allocations.restart("00000000-0000-0000-0000-000000000000")
    }
    #expect(missing?.isNotFound == true)
    #expect(try await scene.client.allocations.stop(live.id) != nil)
    let after = try await inTime {
      try await scene.allocations { $0.contains { $0.id != live.id && $0.clientStatus == "running" } }
    }
    #expect(after.first { $0.id == live.id }?.desiredStatus == "stop")
  }

  @Test(
    "Why a task can't be started is told",
    arguments: [
      (
        TaskBehaviour.pullFailure("Failed to pull `nginx:1`: API error (404): not found"), "Driver Failure",
        "Not Restarting"
      ),
      (.exits(3), "Terminated", "Restarting"), (.outOfMemory, "Terminated", "Restarting"),
      (.driverFailure("no such device"), "Driver Failure", "Restarting"),
    ])
  func whyATaskCantBeStarted(_ behaviour: TaskBehaviour, _ type: String, _ then: String) async throws {
    let scene = try await Scene()
    defer { scene.stop() }
    scene.cluster.script(task: "web", behaviour)
    _ = try await scene.client.jobs.register(Scene.job())
    let failed = try await inTime {
      try await scene.allocations { $0.contains { $0.clientStatus == "failed" } }
    }
    let task = try #require(failed.first { $0.clientStatus == "failed" }?.tasks["web"])
    #expect(task.failed && task.state == "dead" && task.finishedAt != nil)
    let types = task.events.map(\.type)
    #expect(types.contains(type) && types.contains(then))
    #expect(Array(types.suffix(2)) == ["Not Restarting", "Alloc Unhealthy"])
    let event = try #require(task.events.first { $0.type == type })
    switch behaviour {
    case .exits: #expect(event.exitCode == 3 && event.signal == nil && task.restarts == 2)
    case .outOfMemory: #expect(event.isOutOfMemory && event.signal == 9)
    case .pullFailure: #expect(event.displayMessage.contains("404") && task.restarts == 0)
    default: #expect(event.displayMessage == "no such device")
    }
    #expect(task.events.last { $0.type == "Not Restarting" }?.failsTask == true)
  }

  @Test("What finds no place waits for room, and says why") func noPlace() async throws {
    let scene = try await Scene(nodes: [FakeNode("small", memory: 256)])
    defer { scene.stop() }
    let made = try await scene.client.jobs.register(Scene.job(count: 2))
    let id = try #require(made.evaluation)
    let done = try await inTime {
      while true {
        if let found = try await scene.client.evaluations.read(id).value, found.isDone { return found }
      }
    }
    #expect(done.failures["main"]?.sentence == "memory exhausted on 1 node")
    #expect(done.failures["main"]?.coalescedFailures == 1 && done.queued["main"] == 2)
    let blocked = try #require(try await scene.client.evaluations.read(done.blockedEval).value)
    #expect(blocked.isBlocked && blocked.previousEval == id)
    #expect(try await scene.client.jobs.read("web").value?.status == "pending")
    scene.cluster.changeNodes { $0[0].memory = 4096 }
    _ = try await inTime { try await scene.deployment { $0.status == "successful" } }
    #expect(scene.cluster.breaches.isEmpty, "\(scene.cluster.breaches)")
  }

  @Test("Tasks that come first end before the others begin") func theOrder() async throws {
    let scene = try await Scene()
    defer { scene.stop() }
    var job = Scene.job()
    var group = job.groups[0]
    var tasks = group["Tasks"]?.array ?? []
    tasks.append([
      "Name": "init", "Driver": "docker", "Config": ["image": "i"],
      "Lifecycle": ["Hook": "prestart", "Sidecar": false],
    ])
    tasks.append([
      "Name": "side", "Driver": "docker", "Config": ["image": "s"],
      "Lifecycle": ["Hook": "poststart", "Sidecar": true],
    ])
    group["Tasks"] = .array(tasks)
    job.groups = [group]
    _ = try await scene.client.jobs.register(job)
    let live = try await inTime { try await scene.allocations { $0.first?.isHealthy == true } }[0]
    let (first, main, side) = (live.tasks["init"], live.tasks["web"], live.tasks["side"])
    #expect(first?.state == "dead" && first?.failed == false)
    let (ended, started, after) = (
      try #require(first?.finishedAt), try #require(main?.startedAt), try #require(side?.startedAt)
    )
    #expect(ended <= started && started <= after)
  }
}
