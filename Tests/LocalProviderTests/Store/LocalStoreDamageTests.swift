import Foundation
import GRDB
import Planning
import ProviderKit
import Testing
import WorkloadSpec

@testable import LocalProvider

/// Every file here must make both reading and writing fail with a clear error, and stay as it is.
@Suite struct LocalStoreDamageTests {
  let folder = StoreFolder()

  /// Whether reading and writing say what is wrong.
  private func expectRefusal(_ words: String) async throws {
    let before = try Data(contentsOf: URL(fileURLWithPath: folder.path))
    let readError = await #expect(throws: StoreError.self) { try await folder.store().lastRelease(of: shop) }
    let writeError = await #expect(throws: StoreError.self) { try await folder.store().begin(run("r9")) }
    for error in [readError, writeError] {
      let error = try #require(error)
      #expect(error.message.contains(words), "\(error.message)")
      #expect(error.message.contains(folder.path))
      #expect(error.help != nil)
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.path)) == before)
  }

  private func write(_ data: Data) throws {
    try FileManager.default.createDirectory(
      atPath: folder.root + "/state", withIntermediateDirectories: true)
    try data.write(to: URL(fileURLWithPath: folder.path))
  }

  /// The bytes of a good file, made in another folder.
  private func wholeFile() async throws -> Data {
    let folder = StoreFolder()
    let store = folder.store()
    for number in 1...20 { _ = try await store.record("r\(number)") }
    try folder.mergeLog()
    return try Data(contentsOf: URL(fileURLWithPath: folder.path))
  }

  @Test("Something else", arguments: ["hello", String(repeating: "not a database ", count: 1000)])
  func somethingElse(text: String) async throws {
    try write(Data(text.utf8))
    try await expectRefusal("is damaged")
  }

  @Test("A file that is torn") func aFileThatIsTorn() async throws {
    let whole = try await wholeFile()
    try write(whole.prefix(whole.count / 2))
    try await expectRefusal("is damaged")
  }

  @Test("A file with an overwritten head") func aFileWithAnOverwrittenHead() async throws {
    var whole = try await wholeFile()
    whole.replaceSubrange(0..<200, with: repeatElement(0xFF, count: 200))
    try write(whole)
    try await expectRefusal("is damaged")
  }

  @Test("An empty file is no history") func anEmptyFileIsNoHistory() async throws {
    try write(Data())
    #expect(try await folder.store().lastRelease(of: shop) == nil)
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.path)).isEmpty)
    #expect(try await folder.store().record("r1")?.number == 1)
  }

  @Test("The database of another program") func theDatabaseOfAnotherProgram() async throws {
    try write(Data())
    try folder.tamper("CREATE TABLE bookmarks (url TEXT)")
    try await expectRefusal("is a database of another program")
  }

  @Test("The database of a newer berth") func theDatabaseOfANewerBerth() async throws {
    _ = try await folder.store().record("r1")
    try folder.tamper("INSERT INTO grdb_migrations VALUES ('2')")
    try await expectRefusal("newer version of berth")
  }

  @Test("A folder in the way") func aFolderInTheWay() async throws {
    try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
    await #expect(throws: StoreError.self) { try await folder.store().lastRelease(of: shop) }
    await #expect(throws: StoreError.self) { try await folder.store().begin(run("r1")) }
  }

  @Test("A folder that cannot be made") func aFolderThatCanNotBeMade() async throws {
    try Data("a file".utf8).write(to: URL(fileURLWithPath: folder.root + "/state"))
    let error = await #expect(throws: StoreError.self) { try await folder.store().begin(run("r1")) }
    #expect(error?.message.contains("state/berth.db") == true)
    #expect(error?.help != nil)
  }

  @Test(
    "A file of another user is refused",
    .enabled(if: geteuid() == 0, "only the superuser can give files away"))
  func somebodyElsesFile() async throws {
    _ = try await folder.store().record("r1")
    try FileManager.default.setAttributes([.ownerAccountID: 12345], ofItemAtPath: folder.path)
    try await expectRefusal("belongs to the user with number 12345")
  }

  @Test(
    "A snapshot that is not what it was",
    arguments: [
      ("snapshot = replace(snapshot, 'info', 'debug')", "checksum"),
      ("snapshotChecksum = NULL", "snapshotChecksum"),
      ("snapshotVersion = 2", "makes no sense"), ("snapshotVersion = 3", "newer version"),
      ("provenance = 'x'", "where it comes from"),
      ("provenance = '{\"api\": {\"commit\": 5}}'", "where `api` comes from"),
    ])
  func aSnapshotThatIsNotWhatItWas(change: String, words: String) async throws {
    _ = try await folder.store().record("r1")
    try folder.tamper("DROP TRIGGER releasesAreImmutable; UPDATE releases SET \(change)")
    let error = await #expect(throws: StoreError.self) { try await folder.store().release(1, of: shop) }
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
  }

  @Test("A run that is not what it was") func aRunThatIsNotWhatItWas() async throws {
    _ = try await folder.store().record("r1")
    try folder.tamper("UPDATE runs SET outcome = 'perhaps'")
    let error = await #expect(throws: StoreError.self) { try await folder.store().runs(of: shop, limit: 1) }
    #expect(error?.message.contains("`outcome`") == true)
  }
}
