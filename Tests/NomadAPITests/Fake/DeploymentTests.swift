import NomadFake
import Testing
import Values

@testable import NomadAPI

@Suite struct DeploymentTests {
  private func update(_ members: (String, JSON)...) -> JSON {
    var update: JSON = ["MinHealthyTime": 2_000_000_000, "HealthyDeadline": 300_000_000_000]
    for (key, value) in members { update[key] = value }
    return update
  }

  @Test("A change replaces one after the other") func oneAfterTheOther() async throws {
    let scene = try await Scene()
    defer { scene.stop() }
    _ = try await scene.client.jobs.register(Scene.job(count: 3))
    let first = try await inTime { try await scene.deployment { $0.status == "successful" } }
    #expect(first.groups["main"]?.healthy == 3 && first.groups["main"]?.desiredTotal == 3)
    _ = try await scene.client.jobs.register(Scene.job(count: 3, env: ["A": "1"]))
    let second = try await inTime {
      try await scene.deployment { $0.jobVersion == 1 && $0.status == "successful" }
    }
    #expect(second.groups["main"]?.healthy == 3)
    let live = try await scene.client.deployments.allocations(of: second.id).value
    #expect(live.filter(\.isMeantToRun).map(\.jobVersion) == [1, 1, 1])
    #expect(live.allSatisfy { $0.isHealthy == true })
    #expect(try await scene.client.jobs.deployments(of: "web").value.count == 2)
    #expect(try await scene.client.deployments.list().value.count == 2)
    #expect(scene.cluster.breaches.isEmpty, "\(scene.cluster.breaches)")
  }

  @Test("What needs no new task is changed in its place") func inItsPlace() async throws {
    let scene = try await Scene()
    defer { scene.stop() }
    _ = try await scene.client.jobs.register(Scene.job())
    _ = try await inTime { try await scene.deployment { $0.status == "successful" } }
    let before = try await scene.client.jobs.allocations(of: "web").value.map(\.id)
    var job = Scene.job()
    var group = job.groups[0]
    group["Tasks"] = .array(
      group["Tasks"]?.array.map { tasks in
        tasks.map { task in
          var task = task
          task["KillTimeout"] = 9_000_000_000
          return task
        }
      } ?? [])
    job.groups = [group]
    _ = try await scene.client.jobs.register(job)
    _ = try await inTime { try await scene.deployment { $0.jobVersion == 1 && $0.status == "successful" } }
    #expect(try await scene.client.jobs.allocations(of: "web").value.map(\.id) == before)
  }

  @Test("Canaries wait to be promoted") func canaries() async throws {
    let scene = try await Scene()
    defer { scene.stop() }
    let update = update(("Canary", 1))
    _ = try await scene.client.jobs.register(Scene.job(count: 2, update: update))
    _ = try await inTime { try await scene.deployment { $0.status == "successful" } }
    scene.cluster.setPace(FakePace(start: .milliseconds(3), scale: 2))
    _ = try await scene.client.jobs.register(Scene.job(count: 2, env: ["A": "1"], update: update))
    let waiting = try await inTime { try await scene.deployment { $0.jobVersion == 1 && $0.needsPromotion } }
    #expect(waiting.statusDescription == "Deployment is running but requires manual promotion")
    let early = await #expect(throws: NomadError.self) {
      try await scene.client.deployments.promote(waiting.id)
    }
    #expect(early?.isInvalid == true && early?.message.contains("0/1 healthy allocations") == true)
    _ = try await inTime { try await scene.deployment { $0.groups["main"]?.healthy == 1 } }
    let found = try await scene.client.deployments.read(waiting.id).value
    #expect(found?.groups["main"]?.placedCanaries.count == 1)
    let live = try await scene.client.jobs.allocations(of: "web").value.filter(\.isMeantToRun)
    #expect(live.count == 3 && live.filter(\.isCanary).count == 1)
    scene.cluster.fail(.loseReply) { $0.path.contains("/promote/") }
    _ = try await scene.client.deployments.promote(waiting.id)
    let done = try await inTime { try await scene.deployment { $0.status == "successful" } }
    #expect(done.groups["main"]?.promoted == true)
    let after = try await scene.client.jobs.allocations(of: "web").value.filter(\.isMeantToRun)
    #expect(after.count == 2 && after.allSatisfy { $0.jobVersion == 1 })
    let ended = await #expect(throws: NomadError.self) {
      try await scene.client.deployments.promote(waiting.id)
    }
    #expect(ended?.message.contains("can't promote terminal deployment") == true)
  }

  @Test("A deployment is paused, goes on, and is failed by hand") func byHand() async throws {
    let scene = try await Scene()
    defer { scene.stop() }
    scene.cluster.script(job: "web", version: 1, .neverHealthy)
    _ = try await scene.client.jobs.register(Scene.job(count: 2))
    _ = try await inTime { try await scene.deployment { $0.status == "successful" } }
    let update = update(("HealthyDeadline", 300_000_000_000_000), ("ProgressDeadline", 600_000_000_000_000))
    _ = try await scene.client.jobs.register(Scene.job(count: 2, env: ["A": "1"], update: update))
    let running = try await inTime {
      try await scene.deployment { $0.jobVersion == 1 && $0.status == "running" }
    }
    _ = try await scene.client.deployments.pause(running.id)
    #expect(try await scene.client.deployments.read(running.id).value?.status == "paused")
    _ = try await scene.client.deployments.pause(running.id, false)
    #expect(try await scene.client.deployments.read(running.id).value?.status == "running")
    scene.cluster.fail(.loseReply) { $0.path.contains("/fail/") }
    _ = try await scene.client.deployments.fail(running.id)
    let failed = try #require(try await scene.client.deployments.read(running.id).value)
    #expect(failed.status == "failed" && failed.statusDescription == "Deployment marked as failed")
    let again = await #expect(throws: NomadError.self) { try await scene.client.deployments.fail(running.id) }
    #expect(again?.isInvalid == true)
    let missing = await #expect(throws: NomadError.self) {
      try await scene.client.deployments.fail("00000000-0000-0000-0000-000000000000")
    }
    #expect(missing?.isNotFound == true)
    #expect(try await scene.client.deployments.read("00000000-0000-0000-0000-000000000000").value == nil)
  }

  @Test("A deployment that can't work fails at its deadline, and goes back where it is asked to")
  func atItsDeadline() async throws {
    let scene = try await Scene()
    defer { scene.stop() }
    let update = update(
      ("HealthyDeadline", 30_000_000_000), ("ProgressDeadline", 90_000_000_000), ("AutoRevert", true))
    _ = try await scene.client.jobs.register(Scene.job(update: update))
    _ = try await inTime { try await scene.deployment { $0.status == "successful" } }
    scene.cluster.script(job: "web", version: 1, .exits(3))
    _ = try await scene.client.jobs.register(Scene.job(env: ["A": "1"], update: update))
    let failed = try await inTime { try await scene.failed(version: 1) }
    #expect(failed.statusDescription == "Failed due to progress deadline - rolling back to job version 0")
    _ = try await inTime { try await scene.deployment { $0.jobVersion == 2 && $0.status == "successful" } }
  }

  @Test("Health is said by hand") func health() async throws {
    let scene = try await Scene()
    defer { scene.stop() }
    scene.cluster.script(.neverHealthy)
    let update = update(("HealthyDeadline", 300_000_000_000_000), ("ProgressDeadline", 600_000_000_000_000))
    _ = try await scene.client.jobs.register(Scene.job(update: update))
    let live = try await inTime { try await scene.allocations { $0.first?.clientStatus == "running" } }
    let deployment = try #require(try await scene.client.jobs.latestDeployment(of: "web").value)
    _ = try await scene.client.deployments.setHealth(deployment.id, healthy: [live[0].id], unhealthy: [])
    _ = try await inTime { try await scene.deployment { $0.status == "successful" } }
  }
}

extension Scene {
  func failed(version: Int) async throws -> Deployment {
    while true {
      let found = try await client.jobs.deployments(of: "web").value
      if let failed = found.first(where: { $0.jobVersion == version && $0.status == "failed" }) {
        return failed
      }
      try await Task.sleep(for: .milliseconds(5))
    }
  }
}
