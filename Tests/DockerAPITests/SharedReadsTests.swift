import Testing

@testable import DockerAPI

@Suite struct SharedReadsTests {
  /// Something that is read, each time with another answer.
  private actor Source {
    private(set) var asked = 0
    private(set) var most = 0
    private var current = 0

    func read() async throws -> Int {
      asked += 1
      current += 1
      most = max(most, current)
      let answer = asked
      try await Task.sleep(for: .milliseconds(20))
      current -= 1
      return answer
    }
  }

  @Test("Many share an answer that is no older than their question")
  func manyShareAnAnswerThatIsNoOlderThanTheirQuestion() async throws {
    let (source, reads) = (Source(), SharedReads<String, Int>())
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<100 {
        group.addTask {
          let before = await source.asked
          let answer = try await reads.read("a") { try await source.read() }
          #expect(answer > before)
        }
      }
      try await group.waitForAll()
    }
    #expect(await source.asked < 100)
    #expect(await source.most == 1)
  }

  @Test("A reader that is cancelled waits no longer, and the others get their answer")
  func aReaderThatIsCancelledWaitsNoLonger() async throws {
    let reads = SharedReads<String, Int>()
    let (released, release) = AsyncStream.makeStream(of: Int.self)
    let read = { @Sendable in
      try await reads.read("a") {
        for await answer in released { return answer }
        return 0
      }
    }
    let (cancelled, other) = (Task { try await read() }, Task { try await read() })
    cancelled.cancel()
    await #expect(throws: CancellationError.self) { try await cancelled.value }
    release.yield(7)
    release.finish()
    _ = try await other.value
  }

  @Test("After a failure it is asked again") func afterAFailureItIsAskedAgain() async throws {
    struct Failure: Error {}
    let reads = SharedReads<String, Int>()
    await #expect(throws: Failure.self) { try await reads.read("a") { throw Failure() } }
    #expect(try await reads.read("a") { 1 } == 1)
    #expect(try await reads.read("b") { 2 } == 2)
  }
}
