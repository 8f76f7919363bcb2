import Foundation
import GRDB
import Planning
import ProviderKit
import Testing
import WorkloadSpec

@testable import LocalProvider

@Suite struct LocalStoreTests {
  let folder = StoreFolder()

  // MARK: What is on the disk

  @Test("Reading touches nothing") func readingTouchesNothing() async throws {
    let store = folder.store()
    #expect(try await store.workloads(in: nil) == [])
    #expect(try await store.lastRelease(of: shop) == nil)
    #expect(try await store.release(1, of: shop) == nil)
    #expect(try await store.releases(of: shop, before: nil, limit: 10) == [])
    #expect(try await store.runs(of: shop, limit: 10) == [])
    #expect(try await store.head(of: shop).incompleteRuns == [])
    #expect(try await store.journal(of: RunID("r1")) == [])
    #expect(try await store.lock(of: shop) == nil)
    #expect(try await store.digestKey(in: "default") == nil)
    #expect(try await !store.beat(shop, token: "a"))
    #expect(try await !store.breakLock(shop, seen: LockRecord(holder: holder("a"), beat: 0)))
    try await store.unlock(shop, token: "a")
    try await store.append([])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.root) == [])
  }

  @Test("Only the owner may look") func onlyTheOwnerMayLook() async throws {
    let store = folder.store()
    _ = try await store.record("r1")
    #expect(try folder.mode("state") == 0o700)
    for name in ["berth.db", "berth.db-wal", "berth.db-shm"] {
      #expect(try folder.mode("state/" + name) == 0o600, "\(name)")
    }
  }

  @Test("Writing takes reading from others") func writingTakesReadingFromOthers() async throws {
    _ = try await folder.store().record("r1")
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: folder.path)
    _ = try await folder.store().record("r2")
    #expect(try folder.mode("state/berth.db") == 0o600)
  }

  @Test("Every write is on the disk when it returns") func everyWriteIsOnTheDiskWhenItReturns() async throws {
    let store = folder.store()
    _ = try await store.record("r1")
    let settings = try await store.write { database in
      [
        try String.fetchOne(database, sql: "PRAGMA journal_mode"),
        try String.fetchOne(database, sql: "PRAGMA synchronous"),
        try String.fetchOne(database, sql: "PRAGMA foreign_keys"),
      ]
    }
    #expect(settings == ["wal", "3", "1"])
  }

  // MARK: Releases

  @Test("A release is read back whole") func aReleaseIsReadBackWhole() async throws {
    var draft = ReleaseDraft(snapshot: workload(), by: "ada@build-7", restoredFrom: 3)
    draft.provenance = [
      "api": Provenance(
        commit: "0123456789abcdef0123456789abcdef01234567", isDirty: true,
        author: "Ada \"A\" <ada@example.com>",
        repository: "https://example.com/shop.git"),
      "envoy": Provenance(commit: "fedcba", isDirty: false, author: "Bob <bob@example.com>"),
    ]
    let store = folder.store()
    try await store.begin(run("r1", intent: .rollback(to: 3)))
    let recorded = try await store.finish(
      RunID("r1"), of: shop, outcome: .succeeded, failure: nil, at: moment(9), release: draft)

    let release = Release(
      number: 1, key: shop, snapshot: workload(), recordedAt: moment(9), by: "ada@build-7", run: RunID("r1"),
      provenance: draft.provenance, restoredFrom: 3)
    #expect(recorded == release)
    let other = folder.store()
    #expect(try await other.lastRelease(of: shop) == release)
    #expect(try await other.release(1, of: shop) == release)
    #expect(try await other.release(2, of: shop) == nil)
    var ended = run("r1", intent: .rollback(to: 3))
    (ended.endedAt, ended.outcome, ended.release) = (moment(9), .succeeded, 1)
    #expect(try await other.runs(of: shop, limit: 10) == [ended])
  }

  @Test("Numbers have no gaps and go on after a tombstone") func numbersHaveNoGapsAndGoOnAfterATombstone()
    async throws
  {
    let store = folder.store()
    #expect(try await store.record("r1")?.number == 1)
    try await store.fail("r2")
    #expect(try await store.record("r3")?.number == 2)
    #expect(try await store.record("r4", nil)?.number == 3)
    #expect(try await store.lastRelease(of: shop)?.snapshot == nil)
    #expect(try await folder.store().record("r5")?.number == 4)
  }

  @Test("Workloads do not know of each other") func workloadsDoNotKnowOfEachOther() async throws {
    let store = folder.store()
    let cart = WorkloadKey(name: "cart")
    let theirs = WorkloadKey(namespace: "team-b", name: "shop")
    _ = try await store.record("r1")
    try await store.begin(run("r2", of: cart))
    #expect(try await store.record("r3", of: theirs)?.number == 1)
    try await store.fail("r4", of: theirs)
    #expect(try await store.workloads(in: nil) == [cart, shop, theirs])
    #expect(try await store.workloads(in: "team-b") == [theirs])
    #expect(try await store.workloads(in: "team-c") == [])
    #expect(try await store.releases(of: cart, before: nil, limit: 9) == [])
    #expect(try await store.head(of: shop).incompleteRuns == [])
    #expect(try await store.runs(of: shop, limit: 9).map(\.id) == [RunID("r1")])
    #expect(try await store.runs(of: cart, limit: 9).map(\.outcome) == [.unfinished])
  }

  @Test("Releases come in pages the newest first") func releasesComeInPagesTheNewestFirst() async throws {
    let store = folder.store()
    for number in 1...5 { _ = try await store.record("r\(number)") }
    func page(before: Int?, limit: Int) async throws -> [Int] {
      try await store.releases(of: shop, before: before, limit: limit).map(\.number)
    }
    #expect(try await page(before: nil, limit: 2) == [5, 4])
    #expect(try await page(before: 4, limit: 2) == [3, 2])
    #expect(try await page(before: 2, limit: 2) == [1])
    #expect(try await page(before: 1, limit: 2) == [])
    #expect(try await page(before: nil, limit: 0) == [])
    #expect(try await page(before: nil, limit: -1) == [])
  }

  @Test("A release cannot be changed") func aReleaseCanNotBeChanged() async throws {
    _ = try await folder.store().record("r1")
    #expect(throws: DatabaseError.self) { try folder.tamper("UPDATE releases SET recordedBy = 'eve'") }
  }

  // MARK: Runs

  @Test("A later run takes over") func aLaterRunTakesOver() async throws {
    let store = folder.store()
    try await store.begin(run("r1"))
    try await store.begin(run("r2"))
    #expect(try await store.runs(of: shop, limit: 9).map(\.outcome) == [.unfinished, .abandoned])
    await #expect(throws: StoreError.self) {
      try await store.finish(
        RunID("r1"), of: shop, outcome: .succeeded, failure: nil, at: moment(5),
        release: ReleaseDraft(snapshot: workload(), by: "ada"))
    }
    #expect(try await store.lastRelease(of: shop) == nil)
  }

  @Test("What is not under way cannot end", arguments: ["unknown", "ended", "of another workload"])
  func whatIsNotUnderWayCanNotEnd(what: String) async throws {
    let store = folder.store()
    _ = try await store.record("r1")
    if what == "of another workload" { try await store.begin(run("r2", of: WorkloadKey(name: "cart"))) }
    await #expect(throws: StoreError.self) {
      try await store.finish(
        RunID(what == "ended" ? "r1" : "r2"), of: shop, outcome: .succeeded, failure: nil, at: moment(6),
        release: ReleaseDraft(snapshot: nil, by: "ada"))
    }
    #expect(try await store.lastRelease(of: shop)?.number == 1)
  }

  @Test("A run begins once") func aRunBeginsOnce() async throws {
    let store = folder.store()
    try await store.begin(run("r1"))
    await #expect(throws: StoreError.self) { try await store.begin(run("r1")) }
    // The attempt left nothing behind: not even the run that it would have taken over from.
    #expect(try await store.runs(of: shop, limit: 9).map(\.outcome) == [.unfinished])
  }

  @Test("What did not succeed since the last release is incomplete")
  func whatDidNotSucceedSinceTheLastReleaseIsIncomplete() async throws {
    let store = folder.store()
    try await store.fail("r1")
    #expect(try await store.head(of: shop).incompleteRuns == [RunID("r1")])
    _ = try await store.record("r2")
    #expect(try await store.head(of: shop).incompleteRuns == [])
    try await store.fail("r3")
    try await store.begin(run("r4"))
    // A run that had nothing to record is complete, and what failed before it stays what it is.
    try await store.begin(run("r5"))
    _ = try await store.finish(
      RunID("r5"), of: shop, outcome: .succeeded, failure: nil, at: moment(5), release: nil)
    try await store.begin(run("r6"))
    #expect(try await store.head(of: shop).incompleteRuns == [RunID("r3"), RunID("r4"), RunID("r6")])
  }

  @Test("The journal keeps its order") func theJournalKeepsItsOrder() async throws {
    let store = folder.store()
    try await store.begin(run("r1"))
    func entry(_ action: String, _ event: JournalEvent, _ message: String? = nil) -> JournalEntry {
      JournalEntry(run: RunID("r1"), action: ActionID(action), event: event, at: moment(1), message: message)
    }
    let entries = [
      entry("create 0.b", .intended), entry("create 0.a", .intended), entry("create 0.b", .succeeded),
      entry("create 0.a", .failed, "exited with code 1"),
    ]
    try await store.append(Array(entries[..<1]))
    try await store.append(Array(entries[1...]))
    #expect(try await folder.store().journal(of: RunID("r1")) == entries)
    #expect(try await store.journal(of: RunID("r2")) == [])
    await #expect(throws: StoreError.self) {
      try await store.append([
        entry("create 0.c", .intended),
        JournalEntry(run: RunID("unknown"), action: ActionID("x"), event: .intended, at: moment(1)),
      ])
    }
    #expect(try await store.journal(of: RunID("r1")) == entries)
  }

  @Test("A cancelled task still writes") func aCancelledTaskStillWrites() async throws {
    let store = folder.store()
    try await store.begin(run("r1"))
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await store.finish(
        RunID("r1"), of: shop, outcome: .failed, failure: "interrupted", at: moment(5), release: nil)
    }
    #expect(try await task.value == nil)
    #expect(try await store.runs(of: shop, limit: 1).map(\.failure) == ["interrupted"])
  }

  // MARK: The key of digests

  @Test("The digest key stays what it is") func theDigestKeyStaysWhatItIs() async throws {
    let key = try await folder.store().makeDigestKey(in: "default")
    #expect(key.count == 32)
    #expect(Set(key).count > 8)
    #expect(try await folder.store().makeDigestKey(in: "default") == key)
    #expect(try await folder.store().digestKey(in: "default") == key)
    #expect(try await StoreFolder().store().makeDigestKey(in: "default") != key)
  }

  @Test("The file of an older berth is read as it is and brought up to date by the next write")
  func theFileOfAnOlderBerthIsReadAsItIsAndBroughtUpToDateByTheNextWrite() async throws {
    try await folder.store().begin(run("run-1"))
    try folder.tamper("DROP TABLE operatorStates; DELETE FROM grdb_migrations WHERE identifier <> '1'")
    let store = folder.store()
    #expect(try await store.runs(of: shop, limit: 1).map(\.id) == [RunID("run-1")])
    #expect(try await store.head(of: shop).operatorState == OperatorState())
    let state = OperatorState(stopped: [.all])
    _ = try await store.finish(
      RunID("run-1"), of: shop, outcome: .succeeded, failure: nil, at: moment(1), release: nil,
      operatorState: state)
    #expect(try await folder.store().head(of: shop).operatorState == state)
  }
}
