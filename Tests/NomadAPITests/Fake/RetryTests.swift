import NomadFake
import Testing
import Values

@testable import NomadAPI

@Suite struct RetryTests {
  @Test("An agent that has too much to do is asked again") func tooMuch() async throws {
    let scene = try await Scene()
    defer { scene.stop() }
    scene.cluster.fail(.refuse(429, "Too Many Requests"), times: 2) { $0.path == "/v1/jobs" }
    #expect(try await scene.client.jobs.list().value.isEmpty)
    #expect(scene.questions.count == 3)
  }

  @Test("Servers without a leader are asked again, also to write") func noLeader() async throws {
    let scene = try await Scene()
    defer { scene.stop() }
    scene.cluster.fail(.refuse(500, "No cluster leader"), times: 3) { $0.path == "/v1/jobs" }
    let done = try await scene.client.jobs.register(Scene.job())
    #expect(done.evaluation != nil)
    #expect(scene.questions.count == 4)
  }

  @Test("What is wrong with a job is said once") func whatIsWrong() async throws {
    let scene = try await Scene(.v1_1)
    defer { scene.stop() }
    var job = Scene.job()
    job["Datacenters"] = []
    let error = await #expect(throws: NomadError.self) { try await scene.client.jobs.register(job) }
    #expect(error?.isInvalid == true && error?.status == 500)
    #expect(error?.message.contains("Missing job datacenters") == true)
    #expect(scene.questions.count == 1)
    job["Datacenters"] = ["dc1"]
    job["Priority"] = "high"
    let other = await #expect(throws: NomadError.self) { try await scene.client.jobs.register(job) }
    #expect(other?.isInvalid == true && other?.status == 400)
  }

  @Test("A read whose answer breaks is asked again", arguments: [10, 60, 200]) func aBrokenAnswer(
    _ count: Int
  ) async throws {
    let scene = try await Scene()
    defer { scene.stop() }
    scene.cluster.fail(.cutReply(after: count)) { $0.path == "/v1/nodes" }
    #expect(try await scene.client.nodes.list().value.count == 1)
  }

  @Test("What a lost answer did is found again, with a check") func aLostAnswer() async throws {
    let scene = try await Scene()
    defer { scene.stop() }
    scene.cluster.fail(.loseReply) { $0.method == "POST" && $0.path == "/v1/jobs" }
    let made = try await scene.client.jobs.register(Scene.job(), check: .absent)
    #expect(made.jobModifyIndex == UInt64(scene.cluster.job("web")?["JobModifyIndex"]?.int ?? 0))
    scene.cluster.fail(.loseReply) { $0.method == "POST" && $0.path == "/v1/jobs" }
    let changed = try await scene.client.jobs.register(
      Scene.job(env: ["A": "1"]), check: .unchanged(since: made.jobModifyIndex))
    #expect(changed.jobModifyIndex > made.jobModifyIndex)
    #expect(scene.cluster.job("web")?["Version"] == 1)
  }

  @Test("Another's job is not taken for ours after a loss") func anothersJob() async throws {
    let scene = try await Scene()
    defer { scene.stop() }
    _ = try await scene.client.jobs.register(Scene.job(env: ["BY": "them"]))
    scene.cluster.fail(.dropRequest) { $0.method == "POST" && $0.path == "/v1/jobs" }
    let error = await #expect(throws: NomadError.self) {
      try await scene.client.jobs.register(Scene.job(env: ["BY": "us"]), check: .absent)
    }
    #expect(error?.isConflict == true && error?.mayHaveBeenDone == true)
  }

  @Test("A lost restart is not asked for again") func aLostRestart() async throws {
    let scene = try await Scene()
    defer { scene.stop() }
    _ = try await scene.client.jobs.register(Scene.job())
    let found = try await inTime { try await scene.allocations { $0.first?.clientStatus == "running" } }
    scene.cluster.fail(.loseReply) { $0.path.hasSuffix("/restart") }
    let error = await #expect(throws: NomadError.self) {
      try await scene.client.allocations.restart(found[0].id)
    }
    #expect(error?.mayHaveBeenDone == true)
    #expect(error?.help?.contains("look before") == true)
    #expect(scene.questions.filter { $0.path.hasSuffix("/restart") }.count == 1)
  }

  @Test("A stop whose answer is lost is done once more, and a scale is found done") func stopAndScale()
    async throws
  {
    let scene = try await Scene()
    defer { scene.stop() }
    _ = try await scene.client.jobs.register(Scene.job())
    _ = try await inTime { try await scene.deployment { $0.status == "successful" } }
    scene.cluster.fail(.loseReply) { $0.path.hasSuffix("/scale") }
    let scaled = try await scene.client.jobs.scale("web", group: "main", to: 3, message: "more")
    #expect(scaled.jobModifyIndex > 0)
    #expect(scene.cluster.job("web")?["TaskGroups"]?.array?.first?["Count"] == 3)
    scene.cluster.fail(.loseReply) { $0.method == "DELETE" }
    _ = try await scene.client.jobs.stop("web")
    #expect(scene.cluster.job("web")?["Stop"] == true)
  }
}
