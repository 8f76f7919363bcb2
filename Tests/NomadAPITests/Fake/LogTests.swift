import NomadFake
import Synchronization
import Testing
import Values

@testable import NomadAPI

@Suite struct LogTests {
  /// A task that runs.
  private func task() async throws -> (scene: Scene, id: String) {
    let scene = try await Scene()
    _ = try await scene.client.jobs.register(Scene.job())
    let live = try await inTime { try await scene.allocations { $0.first?.clientStatus == "running" } }[0]
    return (scene, live.id)
  }

  private func read(_ scene: Scene, _ id: String, _ query: TaskLogQuery) async throws -> String {
    let client = scene.client
    return try await inTime {
      let bytes = try await client.allocations.logs(id, query).reduce(into: [UInt8]()) { $0 += $1.bytes }
      return String(decoding: bytes, as: UTF8.self)
    }
  }

  @Test("What is kept is read, over several files") func whatIsKept() async throws {
    let (scene, id) = try await task()
    defer { scene.stop() }
    scene.cluster.write("one\n", allocation: id, task: "web")
    scene.cluster.rotate(allocation: id, task: "web")
    scene.cluster.write("two\n", allocation: id, task: "web")
    scene.cluster.write("wrong\n", allocation: id, task: "web", stream: "stderr")
    #expect(try await read(scene, id, TaskLogQuery(task: "web")) == "one\ntwo\n")
    #expect(try await read(scene, id, TaskLogQuery(task: "web", stream: .error)) == "wrong\n")
    #expect(try await read(scene, id, TaskLogQuery(task: "web", start: .last(bytes: 5))) == "\ntwo\n")
    #expect(try await read(scene, id, TaskLogQuery(task: "web", start: .last(bytes: 500))) == "one\ntwo\n")
    #expect(try await read(scene, id, TaskLogQuery(task: "web", start: .last(bytes: 0))) == "")
  }

  @Test("What can't be read is an error") func whatCantBeRead() async throws {
    let (scene, id) = try await task()
    defer { scene.stop() }
    let unknown = await #expect(throws: NomadError.self) {
      try await read(scene, id, TaskLogQuery(task: "none"))
    }
    #expect(unknown?.isInvalid == true && unknown?.message.contains("unknown task name") == true)
    let missing = await #expect(throws: NomadError.self) {
      try await read(scene, "00000000-0000-0000-0000-000000000000", TaskLogQuery(task: "web"))
    }
    #expect(missing?.isNotFound == true)
    scene.cluster.script(job: "late", .hangs)
    _ = try await scene.client.jobs.register(Scene.job("late"))
    let late = try await inTime {
      try await scene.allocations(of: "late") { $0.first?.tasks.isEmpty == false }
    }[0]
    let early = await #expect(throws: NomadError.self) {
      try await read(scene, late.id, TaskLogQuery(task: "web"))
    }
    #expect(early?.isNotFound == true && early?.message.contains("not started yet") == true)
  }

  @Test("A log is followed until its task is dead") func following() async throws {
    let (scene, id) = try await task()
    defer { scene.stop() }
    scene.cluster.write("one\n", allocation: id, task: "web")
    let client = scene.client
    async let all = read(scene, id, TaskLogQuery(task: "web", follows: true))
    try await Task.sleep(for: .milliseconds(50))
    scene.cluster.write("two\n", allocation: id, task: "web")
    scene.cluster.rotate(allocation: id, task: "web")
    scene.cluster.write("three\n", allocation: id, task: "web")
    try await Task.sleep(for: .milliseconds(50))
    _ = try await client.jobs.stop("web")
    #expect(try await all == "one\ntwo\nthree\n")
  }

  @Test("Answers that break lose nothing and repeat nothing", arguments: [1, 37, 100, 1000, 70_000, 200_000])
  func answersThatBreak(_ count: Int) async throws {
    let (scene, id) = try await task()
    defer { scene.stop() }
    var expected = ""
    for file in 0..<4 {
      for line in 0..<2500 { expected += "file \(file) line \(line)\n" }
      scene.cluster.write(
        (0..<2500).map { "file \(file) line \($0)\n" }.joined(), allocation: id, task: "web")
      if file < 3 { scene.cluster.rotate(allocation: id, task: "web") }
    }
    scene.cluster.fail(.cutReply(after: count), times: 5) { $0.path.contains("/fs/logs/") }
    let found = try await read(scene, id, TaskLogQuery(task: "web"))
    #expect(found == expected)
    #expect(scene.questions.filter { $0.path.contains("/fs/logs/") }.count >= 2)
  }

  @Test("A tail that breaks goes on where it was", arguments: [1, 50, 400]) func aTail(
    _ count: Int
  ) async throws {
    let (scene, id) = try await task()
    defer { scene.stop() }
    scene.cluster.write((0..<1000).map { "old \($0)\n" }.joined(), allocation: id, task: "web")
    scene.cluster.fail(.cutReply(after: count), times: 3) { $0.path.contains("/fs/logs/") }
    let client = scene.client
    let read = Mutex<[UInt8]>([])
    let reading = Task {
      for try await piece in client.allocations.logs(
        id, TaskLogQuery(task: "web", follows: true, start: .last(bytes: 8)))
      {
        read.withLock { $0 += piece.bytes }
      }
    }
    // Where the end is, is said by the first answer that brings something.
    try await inTime { while read.withLock({ $0.count < 8 }) { try await Task.sleep(for: .milliseconds(2)) } }
    for number in 0..<40 {
      scene.cluster.write("new \(number)\n", allocation: id, task: "web")
      if number == 20 { scene.cluster.rotate(allocation: id, task: "web") }
      try await Task.sleep(for: .milliseconds(4))
    }
    _ = try await client.jobs.stop("web")
    try await inTime { try await reading.value }
    let text = String(decoding: read.withLock { $0 }, as: UTF8.self)
    #expect(text == "old 999\n" + (0..<40).map { "new \($0)\n" }.joined())
  }

  @Test("What a node threw away is said to be missing") func thrownAway() async throws {
    let (scene, id) = try await task()
    defer { scene.stop() }
    scene.cluster.write("one\n", allocation: id, task: "web")
    scene.cluster.fail(.cutReply(after: 90)) { $0.path.contains("/fs/logs/") }
    let client = scene.client
    let cluster = scene.cluster
    let pieces = try await inTime {
      var pieces: [LogPiece] = []
      for try await piece in client.allocations.logs(id, TaskLogQuery(task: "web", follows: true)) {
        pieces.append(piece)
        if pieces.count == 1 {
          for number in 0..<4 {
            cluster.rotate(allocation: id, task: "web", keep: 2)
            cluster.write("file \(number)\n", allocation: id, task: "web")
          }
        }
        if String(decoding: pieces.flatMap(\.bytes), as: UTF8.self).hasSuffix("file 3\n") { break }
      }
      return pieces
    }
    #expect(pieces.contains { $0.followsGap })
  }
}
