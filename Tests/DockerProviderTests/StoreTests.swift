import DockerAPI
import Planning
import ProviderKit
import TestSupport
import Testing
import Values
import WorkloadSpec

@testable import DockerProvider

/// What the release store survives.
@Suite(.serialized, TestEngine.isThere) struct StoreTests {
  private func run(_ name: String, of key: WorkloadKey) -> Run {
    Run(
      id: RunID(name), key: key, intent: .apply, startedAt: Timestamp(milliseconds: 1), by: "ada", summary: ""
    )
  }

  private func record(_ name: String, in store: DockerStore, of key: WorkloadKey) async throws {
    let run = run(name, of: key)
    try await store.begin(run)
    try await store.append([
      JournalEntry(
        run: run.id, action: ActionID("create 0"), event: .intended, at: Timestamp(milliseconds: 2))
    ])
    _ = try await store.finish(
      run.id, of: key, outcome: .succeeded, failure: nil, at: Timestamp(milliseconds: 3),
      release: ReleaseDraft(snapshot: .of(.idle("api")), by: "ada"))
    // As a run ends: what nobody needs any more is deleted with it.
    try await store.unlock(key, token: "none")
  }

  @Test("Who takes the lock sees what was recorded until then")
  func whoTakesTheLockSeesWhatWasRecordedUntilThen() async throws {
    try await withDocker { world in
      let (store, other) = (world.openStore(), world.openStore())
      try await record("run-1", in: store, of: world.key)
      #expect(try await store.head(of: world.key).release?.number == 1)
      try await record("run-2", in: other, of: world.key)
      let holder = LockHolder(token: "a", description: "ada", since: Timestamp(milliseconds: 1))
      #expect(try await store.tryLock(world.key, as: holder) == .acquired)
      let head = try await store.head(of: world.key)
      #expect(head.release?.number == 2 && head.run?.id == RunID("run-2"))
      // Another may still have taken the lock away.
      try await record("run-3", in: other, of: world.key)
      #expect(try await store.head(of: world.key).release?.number == 3)
      try await store.unlock(world.key, token: "a")
    }
  }

  @Test("Reading makes nothing") func readingMakesNothing() async throws {
    try await withDocker { world in
      let store = world.openStore()
      #expect(try await store.lastRelease(of: world.key) == nil)
      #expect(try await store.releases(of: world.key, before: nil, limit: 10).isEmpty)
      #expect(try await store.runs(of: world.key, limit: 10).isEmpty)
      #expect(try await store.workloads(in: nil).isEmpty)
      #expect(try await store.lock(of: world.key) == nil)
      #expect(try await store.digestKey(in: "default") == nil)
      let leftovers = try await world.leftovers()
      #expect(leftovers == [])
    }
  }

  @Test("A pruned ledger is told by the archive") func aPrunedLedgerIsToldByTheArchive() async throws {
    try await withDocker { world in
      let store = world.openStore()
      for number in 1...3 { try await record("run-\(number)", in: store, of: world.key) }
      let before = try await store.lastRelease(of: world.key)
      try await pruneLedger(of: world)
      #expect(try await store.lastRelease(of: world.key) == before)
      #expect(
        try await store.runs(of: world.key, limit: 9).map(\.id.description) == ["run-3", "run-2", "run-1"])
      #expect(try await store.journal(of: RunID("run-1")).count == 1)
      try await record("run-4", in: store, of: world.key)
      #expect(try await store.releases(of: world.key, before: nil, limit: 9).map(\.number) == [4, 3, 2, 1])
    }
  }

  @Test("It keeps as much as the target says") func itKeepsAsMuchAsTheTargetSays() async throws {
    try await withDocker { world in
      let limits = HistoryLimits(releases: 2, runs: 3)
      let store = world.openStore(limits: limits)
      for number in 1...DockerStore.sweepInterval {
        try await record("run-\(number)", in: store, of: world.key)
      }
      let other = world.openStore(limits: limits)
      #expect(try await other.releases(of: world.key, before: nil, limit: 9).map(\.number) == [16, 15])
      #expect(
        try await other.runs(of: world.key, limit: 9).map(\.id.description) == ["run-16", "run-15", "run-14"])
      #expect(try await other.release(14, of: world.key) == nil)
      // The archive is swept, and what is kept is whole.
      let archive = Archive(client: try await world.connection.client(), names: world.storeNames)
      #expect(try await archive.records(of: world.key).count <= 3)
      #expect(try await other.journal(of: RunID("run-1")).isEmpty)
      #expect(try await other.journal(of: RunID("run-16")).count == 1)
      try await record("run-17", in: other, of: world.key)
      #expect(try await store.releases(of: world.key, before: nil, limit: 9).map(\.number) == [17, 16])
    }
  }

  // MARK: Large content

  private func withConfig(_ letter: Character, _ version: Int) -> Workload {
    .of(
      .idle("api") { service in
        service.env = ["VERSION": "\(version)"]
        service.configFiles = [.at("/etc/app.conf", String(repeating: letter, count: 1 << 20))]
      })
  }

  /// How many bytes the archive has below a path.
  private func bytes(_ path: String, of world: DockerWorld) async throws -> Int {
    let client = try await world.connection.client()
    let archive = try await client.containers.archive(world.storeNames.archive, path: "/store/\(path)")
    return try TarReader.entries(of: try await archive.collect(upTo: 64 << 20)).reduce(0) {
      $0 + ($1.contents?.count ?? 0)
    }
  }

  @Test("Large content is archived once and as long as a record has it")
  func largeContentIsArchivedOnceAndAsLongAsARecordHasIt() async throws {
    try await withDocker { world in
      func perform(_ number: Int, _ workload: Workload) async throws {
        let store = DockerStore(
          connection: TestEngine.connection(), names: world.storeNames,
          limits: HistoryLimits(releases: 50, runs: 20), patience: .zero, sweepInterval: 4)
        let run = run("run-\(number)", of: world.key)
        let draft = ReleaseDraft(snapshot: workload, by: "ada")
        // Every other one comes as it was anticipated.
        try await store.begin(run, recording: number.isMultiple(of: 2) ? recording(draft) : nil)
        _ = try await store.finish(
          run.id, of: world.key, outcome: .succeeded, failure: nil, at: Timestamp(milliseconds: 3),
          release: draft)
        try await store.unlock(world.key, token: "none")
      }
      let last = Thoroughness.isFull ? 50 : 11
      for number in 1...last { try await perform(number, withConfig("a", number)) }
      #expect(try await (1 << 20..<3 << 19).contains(bytes("", of: world)))
      for isPruned in [false, true] {
        if isPruned { try await pruneLedger(of: world) }
        let releases = try await world.openStore().releases(of: world.key, before: nil, limit: 100)
        #expect(releases.map(\.snapshot) == (1...last).reversed().map { withConfig("a", $0) })
      }
      for number in last + 1...last + 2 { try await perform(number, withConfig("b", number)) }
      #expect(try await bytes("contents", of: world) >> 20 == 2)
      #expect(try await world.openStore().release(last, of: world.key)?.snapshot == withConfig("a", last))
    }
  }

  // MARK: What is written ahead

  private func recording(_ release: ReleaseDraft?, _ operatorState: OperatorState? = nil) -> RunRecording {
    RunRecording { RunRecording.Content(release: release, operatorState: operatorState) }
  }

  /// A run that says ahead what it is going to record.
  private func anticipate(
    _ name: String, _ outcome: RunOutcome?, in store: DockerStore, of key: WorkloadKey
  ) async throws {
    let run = run(name, of: key)
    let draft = ReleaseDraft(snapshot: .of(.idle("api")), by: "ada")
    let asked = OperatorState(stopped: [.all])
    try await store.begin(run, recording: recording(draft, asked))
    try await store.append([
      JournalEntry(
        run: run.id, action: ActionID("create 0"), event: .intended, at: Timestamp(milliseconds: 2))
    ])
    guard let outcome else { return }
    let hasSucceeded = outcome == .succeeded
    _ = try await store.finish(
      run.id, of: key, outcome: outcome, failure: hasSucceeded ? nil : "it broke",
      at: Timestamp(milliseconds: 4),
      release: hasSucceeded ? draft : nil, operatorState: hasSucceeded ? asked : nil)
    try await store.unlock(key, token: "none")
  }

  private func pruneLedger(of world: DockerWorld) async throws {
    let client = try await world.connection.client()
    for volume in try await client.volumes.list(filters: ["name": [world.storeNames.ledger(of: world.key)]]) {
      // A version that a newer one took the place of may be deleted by the store meanwhile.
      _ = try await ifFound { try await client.volumes.remove(volume.name) }
    }
  }

  @Test("What was written ahead outlives the ledger") func whatWasWrittenAheadOutlivesTheLedger() async throws
  {
    try await withDocker { world in
      for number in 1...3 {
        try await anticipate("run-\(number)", .succeeded, in: world.openStore(), of: world.key)
      }
      let client = try await world.connection.client()
      let archive = Archive(client: client, names: world.storeNames)
      #expect(try await archive.records(of: world.key).map(\.sequence) == [1, 2])
      #expect(try await archive.recordAhead(of: world.key)?.sequence == 3)
      #expect(try await world.ledger(on: client).read().unarchived.map(\.sequence) == [2, 3])
      let journals = try await world.leftovers().filter {
        $0.hasPrefix("\(world.storeNames.prefix).journal_")
      }
      #expect(journals == ["\(world.storeNames.journal(of: RunID("run-3")))1"])

      for isPruned in [false, true] {
        if isPruned { try await pruneLedger(of: world) }
        let store = world.openStore()
        let head = try await store.head(of: world.key)
        #expect(head.release?.number == 3 && head.release?.run == RunID("run-3"))
        // What was written ahead has the time at which the run began.
        #expect(head.release?.recordedAt == Timestamp(milliseconds: isPruned ? 1 : 4))
        #expect(head.run?.outcome == .succeeded && head.incompleteRuns.isEmpty)
        #expect(head.operatorState == OperatorState(stopped: [.all]))
        #expect(try await store.releases(of: world.key, before: nil, limit: 9).map(\.number) == [3, 2, 1])
        #expect(
          try await store.runs(of: world.key, limit: 9).map(\.id.description) == ["run-3", "run-2", "run-1"])
        for number in 1...3 { #expect(try await store.journal(of: RunID("run-\(number)")).count == 1) }
      }
      // What only was written ahead is archived for good by the next run.
      try await anticipate("run-4", .succeeded, in: world.openStore(), of: world.key)
      #expect(try await archive.records(of: world.key).map(\.sequence) == [1, 2, 3])
      #expect(
        try await world.openStore().releases(of: world.key, before: nil, limit: 9).map(\.number)
          == [4, 3, 2, 1])
    }
  }

  @Test("What failed is not what was written ahead") func whatFailedIsNotWhatWasWrittenAhead() async throws {
    try await withDocker { world in
      try await anticipate("run-1", .succeeded, in: world.openStore(), of: world.key)
      try await anticipate("run-2", .failed, in: world.openStore(), of: world.key)
      for isPruned in [false, true] {
        if isPruned { try await pruneLedger(of: world) }
        let head = try await world.openStore().head(of: world.key)
        #expect(head.release?.number == 1 && head.run?.outcome == .failed)
        #expect(head.incompleteRuns == [RunID("run-2")])
        #expect(
          try await world.openStore().releases(of: world.key, before: nil, limit: 9).map(\.number) == [1])
      }
    }
  }

  @Test("What is under way is not history yet") func whatIsUnderWayIsNotHistoryYet() async throws {
    try await withDocker { world in
      try await anticipate("run-1", .succeeded, in: world.openStore(), of: world.key)
      let client = try await world.connection.client()
      let archive = Archive(client: client, names: world.storeNames)
      let killed = world.openStore()
      try await anticipate("run-2", nil, in: killed, of: world.key)
      while try await archive.recordAhead(of: world.key)?.sequence != 2 {
        try await Task.sleep(for: .milliseconds(20))
      }
      let store = world.openStore()
      #expect(try await store.releases(of: world.key, before: nil, limit: 9).map(\.number) == [1])
      #expect(try await store.head(of: world.key).run?.outcome == .unfinished)
      try await anticipate("run-3", .succeeded, in: store, of: world.key)
      #expect(try await archive.records(of: world.key).map(\.run.outcome) == [.succeeded, .abandoned])
      #expect(try await store.releases(of: world.key, before: nil, limit: 9).map(\.number) == [2, 1])
      #expect(try await store.journal(of: RunID("run-2")).count == 1)
    }
  }

  @Test("A ledger that is pruned meanwhile changes no end") func aLedgerThatIsPrunedMeanwhileChangesNoEnd()
    async throws
  {
    try await withDocker { world in
      for outcome in [RunOutcome.failed, .succeeded] {
        let store = world.openStore()
        let run = run("run-\(outcome.rawValue)", of: world.key)
        let draft = ReleaseDraft(snapshot: .of(.idle("api")), by: "ada")
        try await store.begin(run, recording: recording(draft))
        try await pruneLedger(of: world)
        let release = try await store.finish(
          run.id, of: world.key, outcome: outcome, failure: nil, at: Timestamp(milliseconds: 4),
          release: outcome == .failed ? nil : draft)
        #expect(release?.number == (outcome == .failed ? nil : 1))
        let head = try await world.openStore().head(of: world.key)
        #expect(head.run?.outcome == outcome && head.release?.number == release?.number)
      }
    }
  }

  @Test("An archive that was cut off still has the history") func anArchiveThatWasCutOffStillHasTheHistory()
    async throws
  {
    try await withDocker { world in
      for number in 1...2 { try await record("run-\(number)", in: world.openStore(), of: world.key) }
      try await pruneLedger(of: world)
      let client = try await world.connection.client()
      try await client.containers.remove(world.storeNames.archive)
      try await record("run-3", in: world.openStore(), of: world.key)
      #expect(
        try await world.openStore().releases(of: world.key, before: nil, limit: 9).map(\.number) == [3, 2, 1])
    }
  }

  @Test("Nothing of a journal stays after the last run") func nothingOfAJournalStaysAfterTheLastRun()
    async throws
  {
    try await withDocker { world in
      try await anticipate("run-1", .succeeded, in: world.openStore(), of: world.key)
      let store = world.openStore()
      let last = run("run-2", of: world.key)
      let tombstone = ReleaseDraft(snapshot: nil, by: "ada")
      try await store.begin(last, recording: recording(tombstone))
      try await store.append([
        JournalEntry(
          run: last.id, action: ActionID("delete 0"), event: .intended, at: Timestamp(milliseconds: 2))
      ])
      _ = try await store.finish(
        last.id, of: world.key, outcome: .succeeded, failure: nil, at: Timestamp(milliseconds: 4),
        release: tombstone)
      try await store.unlock(world.key, token: "none")
      let journals = try await world.leftovers().filter {
        $0.hasPrefix("\(world.storeNames.prefix).journal_")
      }
      #expect(journals == [])
      for name in ["run-1", "run-2"] {
        #expect(try await world.openStore().journal(of: RunID(name)).count == 1)
      }
    }
  }

  @Test("Runs that are killed one after the other do not pile up")
  func runsThatAreKilledOneAfterTheOtherDoNotPileUp() async throws {
    try await withDocker { world in
      let client = try await world.connection.client()
      let archive = Archive(client: client, names: world.storeNames)
      for number in 1...8 {
        try await anticipate("run-\(number)", nil, in: world.openStore(), of: world.key)
        while try await archive.recordAhead(of: world.key)?.sequence != number {
          try await Task.sleep(for: .milliseconds(20))
        }
      }
      #expect(try await world.ledger(on: client).read().unarchived.count <= 3)
      #expect(try await archive.records(of: world.key).count == 7)
      #expect(try await world.openStore().runs(of: world.key, limit: 9).count == 8)
    }
  }

  // MARK: Runs that are over soon

  /// Longer than any test: every run is over before the archive is told of it.
  private static let long = Duration.seconds(600)

  @Test("What is over soon is left to later runs") func whatIsOverSoonIsLeftToLaterRuns() async throws {
    try await withDocker { world in
      let client = try await world.connection.client()
      let archive = Archive(client: client, names: world.storeNames)
      func perform(_ number: Int) async throws {
        try await anticipate(
          "run-\(number)", .succeeded, in: world.openStore(patience: Self.long), of: world.key)
      }
      func unarchived() async throws -> [Int] {
        try await world.ledger(on: client).read().unarchived.map(\.sequence)
      }
      for number in 1...4 { try await perform(number) }
      #expect(try await archive.records(of: world.key).isEmpty)
      #expect(try await unarchived() == [1, 2, 3, 4])
      try await perform(5)
      #expect(try await archive.records(of: world.key).map(\.sequence) == [1, 2, 3, 4])
      #expect(try await archive.recordAhead(of: world.key)?.sequence == 5)
      // It finds what the fifth has written, and lacks too little to write itself.
      try await perform(6)
      #expect(try await unarchived() == [5, 6])
      #expect(try await archive.recordAhead(of: world.key)?.sequence == 5)
      let store = world.openStore()
      #expect(
        try await store.releases(of: world.key, before: nil, limit: 9).map(\.number) == [6, 5, 4, 3, 2, 1])
      #expect(try await store.runs(of: world.key, limit: 9).count == 6)
      for number in 1...6 { #expect(try await store.journal(of: RunID("run-\(number)")).count == 1) }
      let journals = try await world.leftovers().filter {
        $0.hasPrefix("\(world.storeNames.prefix).journal_")
      }
      #expect(
        Set(journals) == Set([5, 6].map { "\(world.storeNames.journal(of: RunID("run-\($0)")))1" }))
      for number in 7...8 { try await perform(number) }
      #expect(try await archive.records(of: world.key).map(\.sequence) == [1, 2, 3, 4])
      try await perform(9)
      #expect(try await archive.records(of: world.key).map(\.sequence) == Array(1...8))
    }
  }

  @Test("What ends otherwise takes along what was left", arguments: [RunOutcome.failed, .succeeded])
  func whatEndsOtherwiseTakesAlongWhatWasLeft(outcome: RunOutcome) async throws {
    try await withDocker { world in
      let client = try await world.connection.client()
      for number in 1...2 {
        try await anticipate(
          "run-\(number)", .succeeded, in: world.openStore(patience: Self.long), of: world.key)
      }
      let store = world.openStore(patience: Self.long)
      let last = run("run-3", of: world.key)
      // What fails, and what leaves nothing else behind: nobody might come after it.
      let tombstone = outcome == .succeeded ? ReleaseDraft(snapshot: nil, by: "ada") : nil
      try await store.begin(
        last, recording: recording(tombstone ?? ReleaseDraft(snapshot: .of(.idle("api")), by: "ada")))
      _ = try await store.finish(
        last.id, of: world.key, outcome: outcome, failure: nil, at: Timestamp(milliseconds: 4),
        release: tombstone)
      try await store.unlock(world.key, token: "none")
      let archive = Archive(client: client, names: world.storeNames)
      #expect(
        try await archive.records(of: world.key).map(\.run.outcome) == [.succeeded, .succeeded, outcome])
      // The first run's: what was going to be written of the last one is not, once that is over.
      #expect(try await archive.recordAhead(of: world.key)?.sequence == 1)
      let journals = try await world.leftovers().filter {
        $0.hasPrefix("\(world.storeNames.prefix).journal_")
      }
      #expect(journals == [])
      try await pruneLedger(of: world)
      let head = try await world.openStore().head(of: world.key)
      #expect(head.run?.outcome == outcome && head.release?.number == (tombstone == nil ? 2 : 3))
    }
  }

  @Test("A run that comes otherwise is archived as it came") func aRunThatComesOtherwiseIsArchivedAsItCame()
    async throws
  {
    try await withDocker { world in
      let store = world.openStore()
      let run = run("run-1", of: world.key)
      try await store.begin(
        run, recording: recording(ReleaseDraft(snapshot: .of(.idle("api")), by: "ada")))
      _ = try await store.finish(
        run.id, of: world.key, outcome: .succeeded, failure: nil, at: Timestamp(milliseconds: 4),
        release: ReleaseDraft(snapshot: .of(.idle("api")), by: "bob"), operatorState: nil)
      try await pruneLedger(of: world)
      #expect(try await world.openStore().lastRelease(of: world.key)?.by == "bob")
    }
  }

  @Test("A pruned container is made again") func aPrunedContainerIsMadeAgain() async throws {
    try await withDocker { world in
      let store = world.openStore()
      for number in 1...2 { try await record("run-\(number)", in: store, of: world.key) }
      let client = try await world.connection.client()
      try await client.containers.remove(world.storeNames.archive)
      // What a plan needs is there; what it does not need says why it is not.
      #expect(try await store.lastRelease(of: world.key)?.number == 2)
      let error = try await #require(throws: StoreError.self) {
        try await store.releases(of: world.key, before: nil, limit: 9)
      }
      #expect(error.message.contains(world.storeNames.archive))
      #expect(try await ifFound { try await client.containers.inspect(world.storeNames.archive) } == nil)
      try await record("run-3", in: store, of: world.key)
      #expect(try await store.releases(of: world.key, before: nil, limit: 9).map(\.number) == [3, 2, 1])
    }
  }

  @Test("A ledger is one volume and a journal none") func aLedgerIsOneVolumeAndAJournalNone() async throws {
    try await withDocker { world in
      let store = world.openStore()
      for number in 1...3 { try await record("run-\(number)", in: store, of: world.key) }
      let names = try await world.leftovers()
      #expect(names.filter { $0.hasPrefix(world.storeNames.ledger(of: world.key)) }.count == 1)
      #expect(names.filter { $0.hasPrefix("\(world.storeNames.prefix).journal_") }.isEmpty)
    }
  }

  /// Where the file of the first run lies in the archive, and what it holds.
  private func firstRecord(of world: DockerWorld, on client: DockerClient) async throws -> TarEntry {
    let folder = "records/\(world.namespace)_shop"
    let bytes = try await client.containers.archive(world.storeNames.archive, path: "/store/\(folder)")
      .collect(upTo: 1 << 20)
    let file = try #require(
      try TarReader.entries(of: bytes).first { $0.contents != nil && $0.path.hasSuffix("_run-1") })
    let name = try #require(file.path.split(separator: "/").last)
    return .file("\(folder)/\(name)", file.contents ?? [], mode: 0o600)
  }

  @Test("A torn record is archived again") func aTornRecordIsArchivedAgain() async throws {
    try await withDocker { world in
      let store = world.openStore()
      try await record("run-1", in: store, of: world.key)
      let release = try await store.lastRelease(of: world.key)
      let client = try await world.connection.client()
      let whole = try await firstRecord(of: world, on: client)
      let contents = whole.contents ?? []
      for length in [0, contents.count / 2, contents.count - 1] {
        let torn = TarEntry.file(whole.path, Array(contents[..<length]), mode: 0o600)
        try await client.containers.putArchive(
          TarWriter.archive([torn]), in: world.storeNames.archive, path: "/store")
        // Another process: all it knows is on the engine.
        let later = world.openStore()
        try await record("run-2-\(length)", in: later, of: world.key)
        #expect(try await firstRecord(of: world, on: client).contents == contents)
        #expect(try await later.release(1, of: world.key) == release)
        #expect(try await later.journal(of: RunID("run-1")).count == 1)
        // As it was, for the next length.
        try await world.ledger(on: client).update { state in
          let record = try await Archive(client: client, names: world.storeNames).records(of: world.key)
            .first { $0.run.id == RunID("run-1") }
          state.unarchived = [try #require(record)]
        }
      }
    }
  }

  @Test("The ledger keeps a record until it was seen in the archive")
  func theLedgerKeepsARecordUntilItWasSeenInTheArchive() async throws {
    try await withDocker { world in
      let client = try await world.connection.client()
      let ledger = world.ledger(on: client)
      func kept() async throws -> [String] { try await ledger.read().unarchived.map(\.run.id.description) }
      try await record("run-1", in: world.openStore(), of: world.key)
      #expect(try await kept() == ["run-1"])
      try await record("run-2", in: world.openStore(), of: world.key)
      #expect(try await kept() == ["run-2"])
      // What is gone with the volume and its container is given to the next ones.
      try await client.containers.remove(world.storeNames.archive)
      try await client.volumes.remove(world.storeNames.archive)
      try await record("run-3", in: world.openStore(), of: world.key)
      #expect(
        try await world.openStore().releases(of: world.key, before: nil, limit: 9).map(\.number) == [3, 2])
    }
  }

  @Test("A key outlives the container that reaches it") func aKeyOutlivesTheContainerThatReachesIt()
    async throws
  {
    try await withDocker { world in
      try await record("run-1", in: world.openStore(), of: world.key)
      let key = try #require(try await world.openStore().digestKey(in: "default"))
      let client = try await world.connection.client()
      try await client.containers.remove(world.storeNames.archive)
      #expect(try await world.openStore().makeDigestKey(in: "default") == key)
      #expect(try await world.openStore().digestKey(in: "default") == key)
      try await client.containers.remove(world.storeNames.archive)
      try await record("run-2", in: world.openStore(), of: world.key)
      #expect(try await world.openStore().digestKey(in: "default") == key)
    }
  }

  @Test("A key that was half made is made by the next run") func aKeyThatWasHalfMadeIsMadeByTheNextRun()
    async throws
  {
    try await withDocker { world in
      let client = try await world.connection.client()
      let key = [UInt8](repeating: 7, count: 32)
      // Killed after the archive was made, and before the key was in it.
      try await client.volumes.create(
        VolumeCreation(
          name: world.storeNames.key, labels: [Label.prefix + "key": String(repeating: "07", count: 32)]))
      try await Archive(client: client, names: world.storeNames).make()
      try await record("run-1", in: world.openStore(), of: world.key)
      #expect(try await world.openStore().digestKey(in: "default") == key)
      let leftovers = try await world.leftovers()
      #expect(!leftovers.contains(world.storeNames.key))
    }
  }

  @Test("Successes wait for what comes next") func successesWaitForWhatComesNext() async throws {
    try await withDocker { world in
      let store = world.openStore()
      try await store.begin(run("run-1", of: world.key))
      func entry(_ action: String, _ event: JournalEvent) -> JournalEntry {
        JournalEntry(
          run: RunID("run-1"), action: ActionID(action), event: event, at: Timestamp(milliseconds: 2))
      }
      func written() async throws -> [ActionID] {
        try await world.openStore().journal(of: RunID("run-1")).map(\.action)
      }
      try await store.append([entry("create 0", .intended)])
      #expect(try await written() == [ActionID("create 0")])
      for number in 1...5 { try await store.append([entry("create \(number)", .succeeded)]) }
      #expect(try await store.journal(of: RunID("run-1")).count == 6)
      try await store.append([entry("create 6", .intended)])
      #expect(try await written() == (0...6).map { ActionID("create \($0)") })
      let batches = try await world.leftovers().filter {
        $0.hasPrefix(world.storeNames.journal(of: RunID("run-1")))
      }
      #expect(batches.count <= 3)
      // And without anything that comes next, it is not for long.
      try await store.append([entry("create 7", .succeeded)])
      while try await written().count < 8 { try await Task.sleep(for: .milliseconds(50)) }
      try await store.append([entry("create 8", .succeeded)])
      _ = try await store.finish(
        RunID("run-1"), of: world.key, outcome: .succeeded, failure: nil, at: Timestamp(milliseconds: 3),
        release: nil)
      #expect(try await written() == (0...8).map { ActionID("create \($0)") })
    }
  }

  @Test("Who looked long ago changes nothing") func whoLookedLongAgoChangesNothing() async throws {
    try await withDocker { world in
      let client = try await world.connection.client()
      let ledger = world.ledger(on: client)
      try await ledger.update { $0.sequence = 1 }
      // While one looks, the others make five versions and delete four of them.
      let late = try await ledger.update { state in
        if state.sequence == 1 {
          for sequence in 2...6 { try await ledger.update { $0.sequence = sequence } }
        }
        state.sequence += 100
      }
      #expect(late.sequence == 106)
      #expect(try await ledger.read().sequence == 106)
    }
  }

  @Test("Something else on the stores name is not touched") func somethingElseOnTheStoresNameIsNotTouched()
    async throws
  {
    try await withDocker { world in
      let client = try await world.connection.client()
      var config = ContainerConfig()
      config.image = TestEngine.image
      try await client.containers.create(
        named: world.storeNames.archive, ContainerCreation(config: config))
      try await client.volumes.create(
        VolumeCreation(name: world.storeNames.lock(of: world.key) + "1", labels: ["team": "checkout"]))
      let store = world.openStore()
      await #expect(throws: StoreError.self) { try await record("run-1", in: store, of: world.key) }
      await #expect(throws: StoreError.self) {
        try await store.tryLock(
          world.key, as: LockHolder(token: "a", description: "ada", since: Timestamp(milliseconds: 1)))
      }
    }
  }
}
