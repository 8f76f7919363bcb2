import NomadFake
import Testing
import Values

@testable import NomadAPI

@Suite struct JobTests {
  @Test("A job is made, read, listed and stopped", arguments: [FakeVersion.v1_1, .v1_10])
  func aJobsLife(_ version: FakeVersion) async throws {
    let scene = try await Scene(version)
    defer { scene.stop() }
    let jobs = scene.client.jobs
    #expect(try await jobs.read("web").value == nil)
    #expect(try await jobs.versions(of: "web").value.isEmpty)
    #expect(try await jobs.latestDeployment(of: "web").value == nil)
    var job = Scene.job()
    job.meta = ["berth.run": "r1"]
    job["Strange"] = "it is dropped"
    let made = try await jobs.register(job, check: .absent)
    let evaluation = try #require(made.evaluation)
    let read = try #require(try await jobs.read("web").value)
    #expect(read.jobModifyIndex == made.jobModifyIndex && read.version == 0 && read.type == "service")
    #expect(read.meta == ["berth.run": "r1"] && read["Strange"] == nil)
    #expect(read.group("main")?["Update"]?["MaxParallel"] == 1)
    #expect(try await jobs.list(prefix: "w").value.map(\.id) == ["web"])
    #expect(try await jobs.list(prefix: "x").value.isEmpty)
    let listed = try await jobs.list(meta: true).value.first
    #expect(listed?.meta == (version == .v1_1 ? nil : ["berth.run": "r1"]))
    _ = try await inTime { try await scene.deployment { $0.status == "successful" } }
    #expect(try await scene.client.evaluations.read(evaluation).value?.status == "complete")
    #expect(try await scene.client.evaluations.allocations(of: evaluation).value.count == 1)
    #expect(try await scene.client.evaluations.list().value.contains { $0.id == evaluation })
    #expect(try await jobs.list().value.first?.summary["main"]?.running == 1)
    #expect(try await jobs.read("web").value?.isStable == true)
    _ = try await jobs.stop("web")
    _ = try await inTime { try await scene.allocations { $0.allSatisfy(\.isTerminal) } }
    let stopped = try #require(try await jobs.read("web").value)
    #expect(stopped.isStopped && stopped.status == "dead")
    #expect(try await jobs.versions(of: "web").value.map(\.version) == [1, 0])
    _ = try await jobs.stop("web", purge: true)
    #expect(try await jobs.read("web").value == nil)
    _ = try await jobs.stop("web", purge: true)
    #expect(scene.cluster.breaches.isEmpty, "\(scene.cluster.breaches)")
  }

  @Test("The same job once more stays what it is") func theSameJob() async throws {
    let scene = try await Scene()
    defer { scene.stop() }
    let made = try await scene.client.jobs.register(Scene.job())
    let again = try await scene.client.jobs.register(Scene.job())
    #expect(again.jobModifyIndex == made.jobModifyIndex && again.evaluation != made.evaluation)
    let read = try #require(try await scene.client.jobs.read("web").value)
    let resent = try await scene.client.jobs.register(
      read.resendable, check: .unchanged(since: read.jobModifyIndex))
    #expect(resent.jobModifyIndex == made.jobModifyIndex)
  }

  @Test("A job that is another one by now is not overwritten") func aConflict() async throws {
    let scene = try await Scene(.v1_1)
    defer { scene.stop() }
    let made = try await scene.client.jobs.register(Scene.job())
    _ = try await scene.client.jobs.register(Scene.job(env: ["A": "theirs"]))
    let error = await #expect(throws: NomadError.self) {
      try await scene.client.jobs.register(
        Scene.job(env: ["A": "ours"]), check: .unchanged(since: made.jobModifyIndex))
    }
    #expect(error?.isConflict == true && error?.status == 500 && error?.mayHaveBeenDone == false)
    #expect(error?.conflictingIndex == UInt64(scene.cluster.job("web")?["JobModifyIndex"]?.int ?? 0))
    let second = await #expect(throws: NomadError.self) {
      try await scene.client.jobs.register(Scene.job(), check: .absent)
    }
    #expect(second?.isConflict == true)
    let third = await #expect(throws: NomadError.self) {
      try await scene.client.jobs.register(Scene.job("other"), check: .unchanged(since: 7))
    }
    #expect(third?.isConflict == true)
  }

  @Test("A plan says what would be done, and what finds no place") func aPlan() async throws {
    let scene = try await Scene()
    defer { scene.stop() }
    let before = scene.cluster.index
    let plan = try await scene.client.jobs.plan(Scene.job(count: 2))
    #expect(plan.updates["main"]?.place == 2 && plan.failures.isEmpty && plan.jobModifyIndex == 0)
    #expect(plan.diff?["Type"] == "Added")
    #expect(scene.cluster.index == before && scene.cluster.job("web") == nil)
    _ = try await scene.client.jobs.register(Scene.job(count: 2))
    _ = try await inTime { try await scene.deployment { $0.status == "successful" } }
    let same = try await scene.client.jobs.plan(Scene.job(count: 2))
    #expect(same.updates["main"]?.ignore == 2 && same.diff?["Type"] == "None")
    let other = try await scene.client.jobs.plan(Scene.job(count: 2, env: ["A": "1"]))
    #expect(other.updates["main"]?.destructive == 1 && other.updates["main"]?.ignore == 1)
    #expect(other.jobModifyIndex > 0)
    var large = Scene.job("large")
    var group = large.groups[0]
    group["Tasks"] = [["Name": "web", "Driver": "docker", "Resources": ["MemoryMB": 100_000]]]
    large.groups = [group]
    let failed = try await scene.client.jobs.plan(large, diff: false)
    #expect(failed.failures["main"]?.sentence == "memory exhausted on 1 node" && failed.diff == nil)
    group["Tasks"] = [["Name": "web", "Driver": "podman"]]
    large.groups = [group]
    let missing = try await scene.client.jobs.plan(large)
    #expect(missing.failures["main"]?.sentence == "constraint \"missing drivers\" filtered 1 node")
    #expect(scene.cluster.breaches.isEmpty, "\(scene.cluster.breaches)")
  }

  @Test("What a job breaks is told without registering it") func aValidation() async throws {
    let scene = try await Scene()
    defer { scene.stop() }
    #expect(try await scene.client.jobs.validate(Scene.job()).errors.isEmpty)
    var job = Scene.job()
    job["TaskGroups"] = [["Name": "main"]]
    let found = try await scene.client.jobs.validate(job)
    #expect(found.errors.joined().contains("Missing tasks for task group"))
    #expect(scene.cluster.job("web") == nil)
  }

  @Test("A version is gone back to") func aRevert() async throws {
    let scene = try await Scene()
    defer { scene.stop() }
    _ = try await scene.client.jobs.register(Scene.job(env: ["A": "1"]))
    _ = try await scene.client.jobs.register(Scene.job(env: ["A": "2"]))
    let current = await #expect(throws: NomadError.self) { try await scene.client.jobs.revert("web", to: 1) }
    #expect(current?.isInvalid == true)
    let wrong = await #expect(throws: NomadError.self) {
      try await scene.client.jobs.revert("web", to: 0, prior: 7)
    }
    #expect(wrong?.message.contains("enforcing version 7") == true)
    _ = try await scene.client.jobs.revert("web", to: 0, prior: 1)
    let read = try #require(try await scene.client.jobs.read("web").value)
    #expect(read.version == 2)
    #expect(read.group("main")?["Tasks"]?.array?.first?["Env"] == ["A": "1"])
  }

  @Test(
    "Lists come in pages, or all at once from agents that have none", arguments: [FakeVersion.v1_1, .v1_10])
  func pages(_ version: FakeVersion) async throws {
    let scene = try await Scene(version, nodes: [])
    defer { scene.stop() }
    for number in 0..<620 { _ = try await scene.client.jobs.register(Scene.job("job-\(number)")) }
    let all = try await scene.client.jobs.list()
    #expect(Set(all.value.map(\.id)).count == 620 && all.value.count == 620)
    let questions = scene.questions.filter { $0.method == "GET" && $0.path == "/v1/jobs" }
    #expect(questions.count == (version == .v1_1 ? 1 : 2))
  }

  @Test("A job of another namespace is another job") func namespaces() async throws {
    let scene = try await Scene()
    defer { scene.stop() }
    scene.cluster.addNamespace("team")
    _ = try await scene.client.jobs.register(Scene.job())
    _ = try await scene.client.jobs.register(Scene.job(env: ["A": "1"]), in: "team")
    #expect(try await scene.client.jobs.read("web").value?.namespace == "default")
    #expect(try await scene.client.jobs.read("web", .in("team")).value?.namespace == "team")
    #expect(
      try await scene.client.jobs.list(.in("*")).value.map(\.namespace).sorted() == ["default", "team"])
    let error = await #expect(throws: NomadError.self) {
      try await scene.client.jobs.register(Scene.job(), in: "nowhere")
    }
    #expect(error?.message.contains("nonexistent namespace") == true)
  }

  @Test("Names that would lead elsewhere are refused", arguments: ["", "a/../b", "a b", "../x", "a//b"])
  func names(_ name: String) async throws {
    let scene = try await Scene()
    defer { scene.stop() }
    let error = await #expect(throws: NomadError.self) { try await scene.client.jobs.read(name) }
    #expect(error?.isInvalid == true)
    #expect(scene.questions.isEmpty)
  }

  @Test("An ID may have slashes") func slashes() async throws {
    let scene = try await Scene()
    defer { scene.stop() }
    _ = try await scene.client.jobs.register(Scene.job("team/web"))
    #expect(try await scene.client.jobs.read("team/web").value?.id == "team/web")
    #expect(try await scene.client.jobs.evaluations(of: "team/web").value.isEmpty == false)
  }

  @Test("A job is looked at once more") func anEvaluation() async throws {
    let scene = try await Scene()
    defer { scene.stop() }
    _ = try await scene.client.jobs.register(Scene.job())
    let id = try #require(try await scene.client.jobs.evaluate("web", forcingReschedule: true))
    #expect(try await scene.client.evaluations.read(id).value?.jobID == "web")
    #expect(try await scene.client.evaluations.read("00000000-0000-0000-0000-000000000000").value == nil)
  }
}
