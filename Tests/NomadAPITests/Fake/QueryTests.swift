import NomadFake
import Testing
import Values

@testable import NomadAPI

@Suite struct QueryTests {
  @Test("A read waits for what is newer") func aReadWaits() async throws {
    let scene = try await Scene()
    defer { scene.stop() }
    let first = try await scene.client.jobs.list()
    let client = scene.client
    async let second = client.jobs.list(Query(index: first.index, wait: .seconds(10)))
    try await Task.sleep(for: .milliseconds(30))
    _ = try await scene.client.jobs.register(Scene.job())
    let found = try await second
    #expect(found.value.map(\.id) == ["web"] && found.index > first.index && found.knowsLeader)
    let question = try #require(scene.questions.first { $0["index"] != nil })
    #expect(question["wait"] == "10000ms" && question["index"] == "\(first.index)")
  }

  @Test("A read that waits too long tells what is there") func tooLong() async throws {
    let scene = try await Scene()
    defer { scene.stop() }
    let first = try await scene.client.jobs.list()
    let second = try await scene.client.jobs.list(Query(index: first.index, wait: .milliseconds(40)))
    #expect(second.index == first.index && second.value.isEmpty)
  }

  @Test("What is followed is given each time it is another one") func following() async throws {
    let scene = try await Scene()
    defer { scene.stop() }
    let client = scene.client
    let names = try await inTime {
      var names: [[String]] = []
      for try await list in client.follow(wait: .milliseconds(50), { try await client.jobs.list($0) }) {
        names.append(list.value.map(\.id))
        if names.count == 1 { _ = try await client.jobs.register(Scene.job("a")) }
        if list.value.count == 1, names.count < 40 { _ = try await client.jobs.register(Scene.job("b")) }
        if list.value.count == 2 { break }
      }
      return names
    }
    #expect(names.first == [] && names.last == ["a", "b"])
    for (one, other) in zip(names, names.dropFirst()) where one == other {
      // A job's status is news, too.
      #expect(one.count <= 2)
    }
  }

  @Test("An index that goes back is begun with anew") func goesBack() async throws {
    let scene = try await Scene()
    defer { scene.stop() }
    _ = try await scene.client.jobs.register(Scene.job("a"))
    _ = try await inTime { try await scene.deployment(of: "a") { $0.status == "successful" } }
    let client = scene.client
    let indices = try await inTime {
      var indices: [UInt64] = []
      for try await list in client.follow(wait: .milliseconds(50), { try await client.jobs.list($0) }) {
        indices.append(list.index)
        if indices.count == 1 { scene.cluster.restore(index: 3) }
        if indices.count == 2 { break }
      }
      return indices
    }
    #expect(indices[1] < indices[0] && indices[1] == 3)
  }

  @Test("What is not there is waited for, too") func whatIsNotThere() async throws {
    let scene = try await Scene()
    defer { scene.stop() }
    let client = scene.client
    let found = try await inTime {
      var found: [Bool] = []
      for try await job in client.follow(wait: .seconds(5), { try await client.jobs.read("web", $0) }) {
        found.append(job.value != nil)
        if found.count == 1 { _ = try await client.jobs.register(Scene.job()) }
        if job.value != nil { break }
      }
      return found
    }
    #expect(found == [false, true])
    #expect(scene.questions.filter { $0.path == "/v1/job/web" }.count == 2)
  }

  @Test("Asking ends with the task") func cancelling() async throws {
    let scene = try await Scene()
    defer { scene.stop() }
    let client = scene.client
    let first = try await client.jobs.list()
    let task = Task { try await client.jobs.list(Query(index: first.index, wait: .seconds(300))) }
    try await Task.sleep(for: .milliseconds(30))
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test("Events are told as they happen") func events() async throws {
    let scene = try await Scene()
    defer { scene.stop() }
    let client = scene.client
    let seen = try await inTime {
      var seen: [NomadEvent] = []
      _ = try await client.jobs.register(Scene.job("other"))
      _ = try await client.jobs.register(Scene.job())
      for try await news in client.events(EventTopic.job("web")) {
        guard case .events(let batch) = news else { continue }
        seen += batch.events
        if seen.contains(where: { $0.deployment?.status == "successful" }) { break }
      }
      return seen
    }
    #expect(Set(seen.map(\.topic)) == ["Job", "Allocation", "Deployment", "Evaluation"])
    #expect(seen.first { $0.topic == "Job" }?.job?.id == "web")
    #expect(seen.allSatisfy { $0.key == "web" || $0.filterKeys.contains("web") })
    let allocation = try #require(seen.last { $0.topic == "Allocation" }?.allocation)
    #expect(allocation.jobID == "web" && allocation.clientStatus == "running" && allocation.job == nil)
    let question = try #require(scene.questions.first { $0.path == "/v1/event/stream" })
    #expect(
      question.all("topic").sorted() == ["Allocation:web", "Deployment:web", "Evaluation:web", "Job:web"])
  }

  @Test("A stream that breaks goes on, says so, and tells nothing twice", arguments: [1, 3, 700, 2500])
  func aBrokenStream(_ count: Int) async throws {
    let scene = try await Scene()
    defer { scene.stop() }
    scene.cluster.fail(.cutReply(after: count), times: 2) { $0.path == "/v1/event/stream" }
    let client = scene.client
    let (indices, breaks) = try await inTime {
      var (indices, breaks): ([UInt64], Int) = ([], 0)
      for number in 0..<6 { _ = try await client.jobs.register(Scene.job("job-\(number)")) }
      for try await news in client.events([.jobs]) {
        switch news {
        case .interrupted: breaks += 1
        case .events(let batch): indices.append(batch.index)
        }
        if indices.count == 6 { break }
      }
      return (indices, breaks)
    }
    #expect(indices == indices.sorted() && Set(indices).count == 6)
    #expect(breaks == 2)
  }

  @Test("A stream is refused who may not read") func refused() async throws {
    let scene = try await Scene(acl: true)
    defer { scene.stop() }
    scene.cluster.addPolicy("none", #"namespace "other" { policy = "read" }"#)
    let client = try await scene.client(token: scene.cluster.addToken(["none"]))
    let error = await #expect(throws: NomadError.self) {
      for try await _ in client.events([.jobs]) { break }
    }
    #expect(error?.isForbidden == true)
  }
}
