import Planning
import ProviderContract
import ProviderKit
import Testing
import Values
import WorkloadSpec

/// What a store over registers keeps, and how.
@Suite struct RegisterStoreTests {
  let key = WorkloadKey(name: "shop")
  let registers = MemoryRegisters(capacity: 16 << 10)

  func store(_ limits: HistoryLimits = HistoryLimits()) -> RegisterStore<MemoryRegisters> {
    RegisterStore(registers, limits: limits)
  }

  func workload(_ version: Int, content: String = "level: info\n", variables: Int = 0) -> Workload {
    var file = ConfigFile()
    file.name = "app"
    file.path = "/etc/app.conf"
    file.content = content
    var service = Service()
    service.name = "api"
    service.command = ["/bin/api", "v\(version)"]
    service.configFiles = [file]
    service.env = StringMap((0..<variables).map { ("NAME_\($0)", String(repeating: "x", count: 50)) })
    var workload = Workload()
    workload.name = key.name
    workload.services = [service]
    return workload
  }

  @discardableResult
  func record(
    _ name: String, _ snapshot: Workload?, _ outcome: RunOutcome = .succeeded, intent: RunIntent = .apply,
    in store: some ReleaseStore
  ) async throws -> Release? {
    try await store.begin(
      Run(
        id: RunID(name), key: key, intent: intent, startedAt: Timestamp(milliseconds: 1), by: "ada@build",
        summary: "create 1"))
    try await store.append([
      JournalEntry(
        run: RunID(name), action: ActionID("create 0"), event: .intended, at: Timestamp(milliseconds: 2))
    ])
    try await store.append([
      JournalEntry(
        run: RunID(name), action: ActionID("create 0"), event: .succeeded, at: Timestamp(milliseconds: 3))
    ])
    return try await store.finish(
      RunID(name), of: key, outcome: outcome, failure: nil, at: Timestamp(milliseconds: 4),
      release: outcome == .succeeded ? ReleaseDraft(snapshot: snapshot, by: "ada@build") : nil)
  }

  func names(_ part: String) -> [String] { registers.names.filter { $0.contains(part) } }

  @Test("Keeps large content once") func keepsLargeContentOnce() async throws {
    let content = String(repeating: "workers: 4 # naïve\n", count: 3000)
    for version in 1...3 {
      try await record("run-\(version)", workload(version, content: content), in: store())
    }
    // The content, in as many registers as it needs, and nothing else of it anywhere.
    #expect(names("/blobs/").count == (content.utf8.count + registers.capacity - 1) / registers.capacity)
    for version in 1...3 {
      let release = try await store().release(version, of: key)
      #expect(release?.snapshot?.isSameSnapshot(as: workload(version, content: content)) == true)
    }
    // What no release refers to any more goes.
    let short = store(HistoryLimits(releases: 2, runs: 2))
    for version in 4...5 { try await record("run-\(version)", workload(version), in: short) }
    #expect(names("/blobs/") == [])
  }

  @Test("Keeps a large snapshot whole") func keepsALargeSnapshotWhole() async throws {
    let large = workload(1, content: String(repeating: "a", count: 5000), variables: 400)
    try await record("run-1", large, in: store())
    let release = try #require(try await store().lastRelease(of: key))
    #expect(release.snapshot?.isSameSnapshot(as: large) == true)
    #expect(names("/blobs/").count >= 3)
  }

  @Test("Keeps as much as the target says") func keepsAsMuchAsTheTargetSays() async throws {
    let store = store(HistoryLimits(releases: 2, runs: 3))
    for number in 1...4 { try await record("run-\(number)", workload(number), in: store) }
    #expect(try await store.releases(of: key, before: nil, limit: 10).map(\.number) == [4, 3])
    #expect(try await store.release(2, of: key) == nil)
    #expect(try await store.runs(of: key, limit: 10).map(\.id.description) == ["run-4", "run-3", "run-2"])
    // However many fail and are destroyed: the last release that is no tombstone stays, and its run.
    for number in 5...9 { try await record("run-\(number)", nil, in: store) }
    try await record("run-10", nil, .failed, intent: .rollback(to: 4), in: store)
    #expect(try await store.releases(of: key, before: nil, limit: 10).map(\.number) == [9, 8, 4])
    #expect(
      try await store.runs(of: key, limit: 10).map(\.id.description) == ["run-10", "run-9", "run-8", "run-4"])
    #expect(try await record("run-11", workload(11), in: store)?.number == 10)
    #expect(try await store.unreferred(of: key) == [])
  }

  @Test("Merges the journal of a run that is over") func mergesTheJournalOfARunThatIsOver() async throws {
    let first = store()
    try await record("run-1", workload(1), in: first)
    #expect(names("/journals/").count == 1)
    #expect(try await store().journal(of: RunID("run-1")).map(\.event) == [.intended, .succeeded])
  }

  @Test("A store that is opened anew goes on with a run") func aStoreThatIsOpenedAnewGoesOnWithARun()
    async throws
  {
    let run = Run(
      id: RunID("run-1"), key: key, intent: .apply, startedAt: Timestamp(milliseconds: 1), by: "ada",
      summary: "")
    try await store().begin(run)
    let entry = JournalEntry(
      run: run.id, action: ActionID("create 0"), event: .intended, at: Timestamp(milliseconds: 2))
    for _ in 1...2 { try await store().append([entry]) }
    #expect(try await store().journal(of: run.id) == [entry, entry])
    await #expect(throws: StoreError.self) {
      try await store().append([
        JournalEntry(run: RunID("stray"), action: entry.action, event: .intended, at: entry.at)
      ])
    }
    await #expect(throws: StoreError.self) { try await store().begin(run) }
  }

  /// All that is read of the store; what it refuses is an error that a person can use.
  private func reading() async throws -> [String] {
    var answers: [String] = []
    func ask<Answer>(_ question: () async throws -> Answer) async throws {
      do {
        answers.append("\(try await question())")
      } catch let error as StoreError {
        #expect(error.message.contains("damaged") || error.message.contains("gone"), "\(error)")
        answers.append("refused")
      }
    }
    try await ask { try await store().workloads(in: nil) }
    try await ask { try await store().head(of: key) }
    try await ask { try await store().releases(of: key, before: nil, limit: 10) }
    try await ask { try await store().runs(of: key, limit: 10) }
    try await ask { try await store().journal(of: RunID("run-1")) }
    try await ask { try await store().lock(of: key) }
    try await ask { try await store().digestKey(in: "default") }
    return answers
  }

  @Test("What is torn is never read as something else") func whatIsTornIsNeverReadAsSomethingElse()
    async throws
  {
    for version in 1...3 {
      let content = String(repeating: "\(version)", count: 20_000)
      try await record("run-\(version)", workload(version, content: content), in: store())
    }
    _ = try await store().makeDigestKey(in: "default")
    _ = try await store().tryLock(
      key, as: LockHolder(token: "a", description: "ada", since: Timestamp(milliseconds: 1)))
    let whole = try await reading()
    var (tried, refused) = (0, 0)
    for name in registers.names {
      let contents = try #require(try await registers.get(name)).contents
      var flipped = contents
      flipped[contents.count / 2] ^= 1
      let torn = [
        [], Array(contents.prefix(contents.count / 2)), Array(contents.dropLast()), flipped, contents + [0],
      ]
      for bytes in torn {
        registers.tamper(name, bytes)
        for (question, (now, before)) in zip(try await reading(), whole).enumerated() where now != before {
          #expect(now == "refused", "question \(question), `\(name)`")
          refused += 1
        }
        tried += 1
      }
      registers.tamper(name, contents)
    }
    #expect(try await reading() == whole)
    #expect(tried > 50 && refused >= tried)
  }

  @Test("What a newer berth wrote is refused by its name") func whatANewerBerthWroteIsRefusedByItsName()
    async throws
  {
    try await record("run-1", workload(1), in: store())
    let name = try #require(names("heads/").first)
    let text = #"{"format":3,"berth":"7.1.0","more":[]}"# + "\n{}"
    registers.tamper(name, SealedText.seal(Array(text.utf8)))
    let error = try await #require(throws: StoreError.self) { try await store().head(of: key) }
    #expect(error.code == .newerRecord)
    #expect(error.message.contains("berth 7.1.0") && error.help?.contains("7.1.0") == true)
    await #expect(throws: StoreError.self) { try await record("run-2", workload(2), in: store()) }
    #expect(try await registers.get(name)?.contents == SealedText.seal(Array(text.utf8)))
  }

  @Test("Of many workloads it lists the heads once") func ofManyWorkloadsItListsTheHeadsOnce() async throws {
    let keys = (0..<20).map { WorkloadKey(name: "shop-\($0)") }
    for key in keys {
      try await store().begin(
        Run(
          id: RunID("run-\(key.name)"), key: key, intent: .apply, startedAt: Timestamp(milliseconds: 1),
          by: "ada",
          summary: ""))
    }
    let gate = FaultSwitch()
    let counted = RegisterStore(GatedRegisters(registers, gate: gate))
    let heads = await counted.heads(of: keys)
    for key in keys { #expect(try heads.answer(for: key).run?.key == key) }
    #expect(gate.count == 1)
  }
}
