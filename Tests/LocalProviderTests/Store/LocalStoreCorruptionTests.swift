import Foundation
import Planning
import ProviderKit
import TestSupport
import Testing
import WorkloadSpec

@testable import LocalProvider

/// Damages the store's files everywhere. What is read is either right or refused with a clear error; what is
/// refused to be written leaves the file as it is, byte for byte.
@Suite struct LocalStoreCorruptionTests {
  /// A good file, and the releases in it.
  struct Original {
    let bytes: Data
    let releases: [Release]

    init() async throws {
      let folder = StoreFolder()
      let store = folder.store()
      for number in 1...40 {
        _ = try await store.record("r\(number)", workload(level: "\(number)"))
        try await store.append([
          JournalEntry(
            run: RunID("r\(number)"), action: ActionID("create 0.api"), event: .succeeded, at: moment(1))
        ])
      }
      _ = try await store.makeDigestKey(in: "default")
      try folder.mergeLog()
      bytes = try Data(contentsOf: URL(fileURLWithPath: folder.path))
      releases = try await store.releases(of: shop, before: nil, limit: 1000)
    }
  }

  /// What is wrong with how a damaged file is dealt with.
  private func problems(
    _ damaged: Data, _ original: Original
  ) async throws -> (found: [String], refused: Bool) {
    let folder = StoreFolder()
    try FileManager.default.createDirectory(atPath: folder.root + "/state", withIntermediateDirectories: true)
    let file = URL(fileURLWithPath: folder.path)
    try damaged.write(to: file)
    var (problems, refused) = ([String](), false)
    func attempt(_ what: String, _ body: () async throws -> String?) async {
      do { if let problem = try await body() { problems.append("\(what): \(problem)") } } catch let error
        as StoreError
      {
        refused = true
        if !error.message.contains(folder.path), !error.message.contains("release") || error.help == nil {
          problems.append("\(what): it says \(error.message), \(error.help ?? "and no help")")
        }
      } catch { problems.append("\(what): \(error)") }
    }
    let store = folder.store()
    await attempt("releases") {
      let read = try await store.releases(of: shop, before: nil, limit: 1000)
      return read == original.releases ? nil : "\(read.count) releases, or wrong ones"
    }
    await attempt("runs") { try await store.runs(of: shop, limit: 1000).count == 40 ? nil : "not all runs" }
    await attempt("lock") { try await store.lock(of: shop) == nil ? nil : "a lock" }
    await attempt("journal") {
      _ = try await store.journal(of: RunID("r7")); return nil
    }
    await attempt("digest key") { try await store.digestKey(in: "default") == nil ? "no key" : nil }
    if try Data(contentsOf: file) != damaged { problems.append("reading changed the file") }

    var wasWritten = false
    await attempt("writing") {
      let number = try await folder.store().record("new")?.number
      wasWritten = true
      return number == 41 ? nil : "the next release is \(number ?? 0)"
    }
    if !wasWritten, try Data(contentsOf: file) != damaged { problems.append("what was refused is changed") }
    return (problems, refused)
  }

  @Test("A file that is torn anywhere") func aFileThatIsTornAnywhere() async throws {
    let original = try await Original()
    let step = Thoroughness.isFull ? 512 : 4096
    var tried = 0
    for length in stride(from: 1, to: original.bytes.count, by: step) {
      // A file of one byte is as good as an empty one to SQLite, which makes such files on some systems.
      for length in [length, length - 1] where length > 1 {
        let (problems, refused) = try await problems(original.bytes.prefix(length), original)
        #expect(problems.isEmpty && refused, "\(length) of \(original.bytes.count) bytes: \(problems)")
        tried += 1
      }
    }
    print("torn stores: \(tried) tried")
  }

  @Test("A file with garbage anywhere") func aFileWithGarbageAnywhere() async throws {
    let original = try await Original()
    var random = SystemRandomNumberGenerator()
    let step = Thoroughness.isFull ? 1024 : 4096
    var (tried, refusals) = (0, 0)
    for offset in stride(from: 0, to: original.bytes.count, by: step) {
      var damaged = original.bytes
      let end = min(damaged.count, offset + step)
      damaged.replaceSubrange(
        offset..<end, with: (offset..<end).map { _ in UInt8.random(in: .min ... .max, using: &random) })
      let (problems, refused) = try await problems(damaged, original)
      #expect(problems.isEmpty, "garbage from \(offset) to \(end) of \(damaged.count): \(problems)")
      tried += 1
      if refused { refusals += 1 }
    }
    // Only what lies in the unused part of a page may go unseen.
    #expect(refusals * 2 > tried)
    print("stores with garbage: \(tried) tried, \(refusals) refused")
  }

  // MARK: The log

  /// A folder as a killed process leaves it: a file with a release, and in the log a run that did not end.
  private func killed() async throws -> (folder: StoreFolder, logSize: Int) {
    let folder = StoreFolder()
    let store = folder.store()
    _ = try await store.record("r1")
    try folder.mergeLog()
    try await store.begin(run("r2"))
    for number in 1...5 {
      let entry = JournalEntry(
        run: RunID("r2"), action: ActionID("create \(number).api"), event: .intended, at: moment(1))
      try await store.append([entry])
    }
    let copy = StoreFolder()
    try FileManager.default.createDirectory(atPath: copy.root + "/state", withIntermediateDirectories: true)
    for suffix in ["", "-wal"] {
      try FileManager.default.copyItem(atPath: folder.path + suffix, toPath: copy.path + suffix)
    }
    let size = try Data(contentsOf: URL(fileURLWithPath: copy.path + "-wal")).count
    withExtendedLifetime(store) {}
    return (copy, size)
  }

  /// Whatever is left of the log, the history is one that there was, and goes on without a gap.
  private func expectHistory(_ folder: StoreFolder, _ what: String) async throws {
    let reader = folder.store()
    #expect(try await reader.releases(of: shop, before: nil, limit: 10).map(\.number) == [1], "\(what)")
    let runs = try await reader.runs(of: shop, limit: 10).map(\.id.description)
    #expect(runs == ["r2", "r1"] || runs == ["r1"], "\(what): \(runs)")
    #expect(try await folder.store().record("r3")?.number == 2, "\(what)")
    #expect(try await folder.store().runs(of: shop, limit: 10).map(\.outcome).contains(.unfinished) == false)
  }

  @Test("A log that is torn anywhere") func aLogThatIsTornAnywhere() async throws {
    let size = try await killed().logSize
    #expect(size > 4096)
    for length in stride(from: 0, through: size, by: Thoroughness.isFull ? 512 : 4096) {
      let (folder, _) = try await killed()
      let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: folder.path + "-wal"))
      try handle.truncate(atOffset: UInt64(length))
      try handle.close()
      try await expectHistory(folder, "\(length) bytes of the log")
    }
  }

  @Test("A log with garbage anywhere") func aLogWithGarbageAnywhere() async throws {
    let size = try await killed().logSize
    for offset in stride(from: 0, to: size, by: Thoroughness.isFull ? 512 : 4096) {
      let (folder, _) = try await killed()
      let log = URL(fileURLWithPath: folder.path + "-wal")
      var bytes = try Data(contentsOf: log)
      for index in offset..<min(offset + 64, bytes.count) { bytes[index] ^= 0x5A }
      try bytes.write(to: log)
      try await expectHistory(folder, "garbage at \(offset) of the log")
    }
  }

  @Test("A log that is gone") func aLogThatIsGone() async throws {
    let (folder, _) = try await killed()
    try FileManager.default.removeItem(atPath: folder.path + "-wal")
    try await expectHistory(folder, "no log")
  }

  @Test("An index of the log that is garbage") func anIndexOfTheLogThatIsGarbage() async throws {
    let (folder, _) = try await killed()
    try Data(repeating: 0xA5, count: 32_768).write(to: URL(fileURLWithPath: folder.path + "-shm"))
    try await expectHistory(folder, "garbage in the index of the log")
  }

  @Test("A folder in place of the log") func aFolderInPlaceOfTheLog() async throws {
    let (folder, _) = try await killed()
    try FileManager.default.removeItem(atPath: folder.path + "-wal")
    try FileManager.default.createDirectory(atPath: folder.path + "-wal", withIntermediateDirectories: true)
    let before = try Data(contentsOf: URL(fileURLWithPath: folder.path))
    let error = await #expect(throws: StoreError.self) { try await folder.store().begin(run("r9")) }
    #expect(error?.message.contains(folder.path) == true)
    #expect(error?.help != nil)
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.path)) == before)
  }
}
