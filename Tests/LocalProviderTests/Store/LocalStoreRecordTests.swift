import Foundation
import GRDB
import Planning
import ProviderKit
import Testing
import Values
import WorkloadSpec

@testable import LocalProvider

/// What other versions of berth wrote, and what they read.
@Suite struct LocalStoreRecordTests {
  let folder = StoreFolder()

  /// A store as berth 0.1 left it.
  private func older() throws -> LocalStore {
    let sql = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Records/store-0.1.sql")
    try FileManager.default.createDirectory(atPath: folder.root + "/state", withIntermediateDirectories: true)
    try folder.tamper(try String(contentsOf: sql, encoding: .utf8))
    return folder.store()
  }

  @Test("What berth 01 wrote is read") func whatBerth01WroteIsRead() async throws {
    let store = try older()
    let releases = try await store.releases(of: shop, before: nil, limit: 10)
    #expect(releases.map(\.number) == [2, 1])
    #expect(releases.map(\.setName) == ["shop-prod", nil])
    let service = try #require(releases.last?.snapshot?.service("api"))
    #expect(service.image == "registry.example.com/shop/api:2.4.1")
    #expect(service.env["GREETING"] == "naïve \"quoted\"\n")
    #expect(service.configFiles.first?.content == "workers: 4\n")
    let runs = try await store.runs(of: shop, limit: 10)
    #expect(runs.map(\.intent) == [.suspend, .stop, .apply, .apply, .apply, .apply])
    #expect(runs.map(\.outcome) == [.succeeded, .succeeded, .succeeded, .failed, .succeeded, .succeeded])
    let head = try await store.head(of: shop)
    #expect(head.operatorState.stopped == [.all] && head.operatorState.suspension?.reason == "moving")
    let first = try #require(runs.last)
    #expect(try await store.journal(of: first.id).map(\.event).prefix(2) == [.intended, .succeeded])
    #expect(try await store.digestKey(in: "default")?.count == 32)
    // And it goes on.
    #expect(try await store.record("r7")?.number == 3)
  }

  /// Of the file: the migrations and tables, each with its columns. Of a row: what 0.1 reads of it.
  @Test("What is written today is read by berth 01") func whatIsWrittenTodayIsReadByBerth01() async throws {
    var draft = ReleaseDraft(snapshot: workload(), by: "ada@build-7")
    draft.provenance = ["api": Provenance(commit: "0123", isDirty: true, author: "Ada")]
    let written = folder.store()
    try await written.begin(run("r1"))
    _ = try await written.finish(
      RunID("r1"), of: shop, outcome: .succeeded, failure: nil, at: moment(5), release: draft)
    try await folder.store().fail("r2")
    func columns(of database: DatabaseQueue) throws -> [String] {
      try database.read { database in
        try String.fetchAll(
          database,
          sql: """
            SELECT t.name || '.' || c.name || ' ' || c.type FROM sqlite_master t, pragma_table_info(t.name) c
            WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' ORDER BY 1
            """) + String.fetchAll(database, sql: "SELECT identifier FROM grdb_migrations ORDER BY 1")
      }
    }
    let old = LocalStoreRecordTests()
    _ = try old.older()
    let today = try DatabaseQueue(path: folder.path)
    #expect(try columns(of: today) == columns(of: DatabaseQueue(path: old.folder.path)))
    let found = try today.read { try Row.fetchOne($0, sql: "SELECT * FROM releases") }
    let row = try #require(found)
    #expect(row["snapshotVersion"] == 1)
    let text: String = row["snapshot"]
    #expect(row["snapshotChecksum"] == BlobDigest.of(text))
    let provenance = try Value(json: row["provenance"])["api"]
    #expect(provenance?["commit"]?.string == "0123" && provenance?["dirty"]?.bool == true)
    #expect(provenance?["author"]?.string == "Ada")
  }

  private func withConfig(_ letter: Character, bytes: Int = 1 << 20, level: String) -> Workload {
    var file = ConfigFile()
    (file.name, file.path, file.content) = ("app", "/etc/app.conf", String(repeating: letter, count: bytes))
    var workload = workload(level: level)
    workload.services[0].configFiles = [file]
    return workload
  }

  private func contents() throws -> Int? {
    try DatabaseQueue(path: folder.path).read { try Int.fetchOne($0, sql: "SELECT count(*) FROM contents") }
  }

  @Test("Large content is kept once and as long as a release has it")
  func largeContentIsKeptOnceAndAsLongAsAReleaseHasIt() async throws {
    let store = LocalStore(path: folder.path, limits: HistoryLimits(releases: 50))
    for number in 1...50 { _ = try await store.record("r\(number)", withConfig("a", level: "\(number)")) }
    try folder.mergeLog()
    let size = try #require(
      try FileManager.default.attributesOfItem(atPath: folder.path)[.size] as? NSNumber)
    #expect((1 << 20..<3 << 19).contains(size.intValue), "\(size)")
    #expect(try await folder.store().release(7, of: shop)?.snapshot == withConfig("a", level: "7"))
    // What another workload has, too, stays when this one has it no more.
    let till = WorkloadKey(name: "till")
    let few = LocalStore(path: folder.path, limits: HistoryLimits(releases: 2))
    _ = try await few.record("t1", withConfig("a", level: "1"), of: till)
    for number in 1...2 { _ = try await few.record("s\(number)", withConfig("b", level: "\(number)")) }
    #expect(try contents() == 2)
    for number in 2...3 { _ = try await few.record("t\(number)", workload(), of: till) }
    #expect(try contents() == 1)
    #expect(try await few.lastRelease(of: shop)?.snapshot == withConfig("b", level: "2"))
  }

  @Test("A store of berth 01 takes large content") func aStoreOfBerth01TakesLargeContent() async throws {
    let store = try older()
    #expect(try await store.record("r7", withConfig("a", bytes: 5000, level: "1"))?.number == 3)
    let other = folder.store()
    #expect(try await other.releases(of: shop, before: nil, limit: 10).map(\.number) == [3, 2, 1])
    #expect(try await other.lastRelease(of: shop)?.snapshot == withConfig("a", bytes: 5000, level: "1"))
    #expect(try await other.record("r8")?.number == 4)
  }

  @Test("Content that is damaged is never read as something else")
  func contentThatIsDamagedIsNeverReadAsSomethingElse() async throws {
    _ = try await folder.store().record("r1", withConfig("a", level: "1"))
    for damage in [
      "UPDATE contents SET content = x'62'", "DELETE FROM contentReferences; DELETE FROM contents",
    ] {
      try folder.tamper(damage)
      let error = try await #require(throws: StoreError.self) {
        try await folder.store().release(1, of: shop)
      }
      #expect(error.message.contains("release 1") && error.message.contains("damaged"))
    }
  }

  @Test("A newer berth is named") func aNewerBerthIsNamed() async throws {
    _ = try await folder.store().record("r1")
    try folder.tamper(
      "INSERT INTO grdb_migrations VALUES ('9'); UPDATE keys SET bytes = CAST('7.1.0' AS BLOB) WHERE name = 'writer'"
    )
    let error = try await #require(throws: StoreError.self) { try await folder.store().lastRelease(of: shop) }
    #expect(error.code == .newerRecord)
    #expect(error.message.contains("berth 7.1.0") && error.help?.contains("7.1.0") == true)
    await #expect(throws: StoreError.self) { try await folder.store().begin(run("r2")) }
  }

  @Test("It keeps as much as the target says") func itKeepsAsMuchAsTheTargetSays() async throws {
    let store = LocalStore(path: folder.path, limits: HistoryLimits(releases: 2, runs: 3))
    for number in 1...4 {
      _ = try await store.record("r\(number)", workload(level: "\(number)"))
      try await store.append([
        JournalEntry(run: RunID("r\(number)"), action: ActionID("create 0"), event: .intended, at: moment(1))
      ])
    }
    #expect(try await store.releases(of: shop, before: nil, limit: 10).map(\.number) == [4, 3])
    #expect(try await store.runs(of: shop, limit: 10).map(\.id.description) == ["r4", "r3", "r2"])
    #expect(try await store.journal(of: RunID("r1")) == [])
    // Another workload keeps its own.
    let other = WorkloadKey(name: "till")
    _ = try await store.record("r5", workload("till"), of: other)
    for number in 6...9 { _ = try await store.record("r\(number)", nil) }
    try await store.begin(run("r10", intent: .rollback(to: 4)))
    _ = try await store.finish(
      RunID("r10"), of: shop, outcome: .failed, failure: "it broke", at: moment(5), release: nil)
    #expect(try await store.releases(of: shop, before: nil, limit: 10).map(\.number) == [8, 7, 4])
    #expect(try await store.runs(of: shop, limit: 10).map(\.id.description) == ["r10", "r9", "r8", "r4"])
    #expect(try await store.releases(of: other, before: nil, limit: 10).map(\.number) == [1])
    #expect(try await store.record("r11")?.number == 9)
  }
}

/// The digest that 0.1 makes of a snapshot.
private enum BlobDigest {
  static func of(_ text: String) -> String {
    String(decoding: SealedText.seal(Array(text.utf8)).prefix(64), as: UTF8.self)
  }
}
