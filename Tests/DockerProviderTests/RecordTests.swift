import Foundation
import Planning
import ProviderKit
import Testing
import Values

@testable import DockerProvider

/// What berth 0.1 wrote on an engine is read; and what is written today is what 0.1 wrote, but for members that it does
/// not look at.
@Suite struct RecordTests {
  private func bytes(_ name: String) throws -> [UInt8] {
    Array(
      try Data(
        contentsOf: URL(fileURLWithPath: #filePath).deletingLastPathComponent()
          .appendingPathComponent("Records/\(name)")))
  }

  @Test("A run in the archive") func aRunInTheArchive() throws {
    let json = try #require(Archive.unseal(try bytes("record-0.1.txt")))
    let record = try RunRecord(json: json)
    #expect(record.sequence == 1 && record.run.outcome == .succeeded && record.release?.number == 1)
    #expect(record.release?.snapshot?.service("api")?.image == "registry.example.com/shop/api:2.4.1")
    #expect(record.release?.provenance["api"]?.isDirty == true)
    #expect(CanonicalJSON.compact(record.json) == CanonicalJSON.compact(json))
    let written = try #require(Archive.unseal(Archive.seal(record.json)))
    #expect(written.members?.dropLast(2).map(\.key) == json.members?.map(\.key))
    #expect(written["format"]?.int == 1 && written["berth"]?.string == BerthVersion.text)
  }

  @Test("A run whose config is large") func aRunWhoseConfigIsLarge() throws {
    let older = try RunRecord(json: try #require(Archive.unseal(try bytes("record-0.1.txt"))))
    var state = LedgerState()
    var release = try #require(older.release)
    release.snapshot?.services[0].configFiles[0].content = String(repeating: "é", count: 4096)
    for name in ["run-1", "run-2"] {
      var run = older.run
      (run.id, run.outcome, run.release) = (RunID(name), .unfinished, nil)
      try state.begin(run)
      try state.finish(
        run.id, outcome: .succeeded, failure: nil, at: run.startedAt, release: release, operatorState: nil)
    }
    // Both have the content that the first one brought, also when the ledger is read anew.
    let read = try LedgerState(json: state.json)
    #expect(read == state && state.contents.map(\.key.run) == [RunID("run-1")])
    for record in read.unarchived {
      let archived = ArchivedRecord(record)
      #expect(
        archived.contents.keys.map(\.run) == [RunID("run-1")] && archived.contents.values.first?.count == 8192
      )
      let written = try #require(Archive.unseal(Archive.seal(archived.json)))
      #expect(written["format"]?.int == 2 && Archive.seal(archived.json).count < 4096)
      #expect(throws: MalformedRecord.self) { try RunRecord(json: written) }
      #expect(try ArchivedRecord.read(written) { try #require(archived.contents[$0]) } == record)
    }
    state.forgetContents(notOfLast: 1)
    #expect(state.contents.count == 1)
    state.release?.number = 4
    state.forgetContents(notOfLast: 1)
    #expect(state.contents.isEmpty)
  }

  @Test("A journal in the archive") func aJournalInTheArchive() throws {
    let json = try #require(Archive.unseal(try bytes("journal-0.1.txt")))
    let journal = try ArchivedJournal(json: json)
    #expect(journal.entries.map(\.event) == [.intended, .failed] && journal.lastBatch == 1)
    #expect(CanonicalJSON.compact(journal.json) == CanonicalJSON.compact(json))
  }

  @Test("A ledger") func aLedger() throws {
    let json = try Value(json: String(decoding: try bytes("ledger-0.1.json"), as: UTF8.self))
    let state = try LedgerState(json: json)
    #expect(state.sequence == 4 && state.release?.number == 2 && state.run?.outcome == .unfinished)
    #expect(state.operatorState.stopped == [.all] && state.incomplete.count == 2)
    #expect(state.unarchived.map(\.release?.number) == [1, 2, nil])
    #expect(state.unarchived[0].release?.snapshot?.service("api")?.command == ["/bin/sleep", "300"])
    #expect(state.unarchived[1].release == state.release)
    var members = try #require(state.json.members)
    #expect(members.removeLast() == .init("berth", .string(BerthVersion.text)))
    #expect(CanonicalJSON.compact(.map(members)) == CanonicalJSON.compact(json))
  }
}
