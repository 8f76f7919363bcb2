import Planning
import TestSupport
import Testing
import Values
import WorkloadSpec

@testable import DockerProvider

@Suite struct LedgerStateTests {
  private func run(_ name: String) -> Run {
    Run(
      id: RunID(name), key: WorkloadKey(name: "shop"), intent: .rollback(to: 2),
      startedAt: Timestamp(milliseconds: 5), by: "ada", summary: "create 1")
  }

  private func release(_ run: String) -> Release {
    Release(
      number: 0, key: WorkloadKey(name: "shop"), snapshot: .of(.idle("api")),
      recordedAt: Timestamp(milliseconds: 7), by: "ada", run: RunID(run),
      provenance: ["api": Provenance(commit: "0123", isDirty: true, author: "Ada")], restoredFrom: 1,
      setName: "prod")
  }

  /// A history as runs make it, and the records that the archive gets of it.
  private func story() throws -> (state: LedgerState, records: [RunRecord]) {
    var state = LedgerState()
    func next(
      _ name: String, _ outcome: RunOutcome?, _ release: Release? = nil, _ asked: OperatorState? = nil
    ) throws {
      try state.begin(run(name))
      guard let outcome else { return }
      try state.finish(
        RunID(name), outcome: outcome, failure: nil, at: Timestamp(milliseconds: 9), release: release,
        operatorState: asked)
    }
    try next("run-1", .failed)
    try next("run-2", .succeeded, release("run-2"))
    try next("run-3", nil)
    try next("run-4", .succeeded, nil, OperatorState(stopped: [.all]))
    try next("run-5", .failed)
    return (state, state.unarchived)
  }

  @Test("Runs since the last release are incomplete") func runsSinceTheLastReleaseAreIncomplete() throws {
    let (state, records) = try story()
    #expect(state.incomplete == [RunID("run-3"), RunID("run-5")])
    #expect(state.release?.number == 1)
    #expect(state.operatorState == OperatorState(stopped: [.all]))
    #expect(records.map(\.run.outcome) == [.failed, .succeeded, .abandoned, .succeeded, .failed])
    #expect(records.map(\.release?.number) == [nil, 1, nil, nil, nil])
  }

  @Test("What is archived tells the same") func whatIsArchivedTellsTheSame() throws {
    let (state, records) = try story()
    var archived = state
    archived.unarchived = []
    #expect(LedgerState(archived: records.shuffled()) == archived)
    #expect(LedgerState(archived: []) == LedgerState())
  }

  @Test("What was written ahead counts unless its run is archived")
  func whatWasWrittenAheadCountsUnlessItsRunIsArchived() throws {
    let (state, records) = try story()
    var expected = state
    try expected.begin(run("run-6"))
    try expected.finish(
      RunID("run-6"), outcome: .succeeded, failure: nil, at: Timestamp(milliseconds: 9),
      release: release("run-6"), operatorState: nil)
    let ahead = try #require(expected.unarchived.last)
    expected.unarchived = [ahead]
    #expect(LedgerState(archived: records, ahead: ahead) == expected)
    var failed = ahead
    failed.run.outcome = .failed
    failed.release = nil
    #expect(LedgerState(archived: records + [failed], ahead: ahead).head.release?.number == 1)
    #expect(LedgerState(archived: [], ahead: ahead).head.release == ahead.release)
  }

  @Test("Both come back from JSON") func bothComeBackFromJSON() throws {
    let (state, records) = try story()
    let text = CanonicalJSON.compact(state.json)
    #expect(try LedgerState(json: try Value(json: text)) == state)
    for record in records {
      #expect(Archive.unseal(Archive.seal(record.json)).flatMap { try? RunRecord(json: $0) } == record)
    }
  }

  @Test("A release shares with the last one what is the same")
  func aReleaseSharesWithTheLastOneWhatIsTheSame() throws {
    var state = LedgerState()
    let snapshots: [Workload?] = [
      .of(.idle("api"), .idle("proxy", role: .sidecar)), nil,
      .of(.idle("old"), .idle("proxy", role: .sidecar)),
      .of(.idle("api") { $0.env = ["A": "1"] }, .idle("proxy", role: .sidecar)),
      .of(.idle("api") { $0.env = ["A": "2"] }, .idle("proxy", role: .sidecar)),
      .of(.idle("api") { $0.env = ["A": "2"] }, .idle("proxy", role: .sidecar)),
    ]
    for (index, snapshot) in snapshots.enumerated() {
      let id = RunID("run-\(index)")
      try state.begin(run(id.description))
      var release = release(id.description)
      release.snapshot = snapshot
      try state.finish(
        id, outcome: .succeeded, failure: nil, at: Timestamp(milliseconds: 9), release: release,
        operatorState: nil)
      let text = CanonicalJSON.compact(state.json)
      #expect(try LedgerState(json: try Value(json: text)) == state)
    }
    #expect(state.unarchived.map(\.release?.snapshot) == snapshots)
    let kept = try #require(state.json["unarchived"]?.list)
    func services(_ record: Value) -> [String]? {
      record["release"]?["snapshot"]?["services"]?.list?.compactMap { $0["name"]?.string }
    }
    #expect(kept.map(services) == [["api"], nil, ["old"], ["api"], ["api"], nil])
  }

  @Test("A torn file is ignored") func aTornFileIsIgnored() throws {
    let bytes = Archive.seal(["key": "value"])
    #expect(Archive.unseal(bytes)?["key"] == "value")
    for count in bytes.indices { #expect(Archive.unseal(Array(bytes[..<count])) == nil) }
    #expect(Archive.unseal(bytes + [UInt8(ascii: " ")]) == nil)
  }

  @Test("A run ends once") func aRunEndsOnce() throws {
    var state = LedgerState()
    func begins(_ name: String) -> Bool {
      do { try state.begin(run(name)) } catch { return false }
      return true
    }
    func ends(_ name: String) -> Bool {
      do {
        try state.finish(
          RunID(name), outcome: .succeeded, failure: nil, at: Timestamp(milliseconds: 1), release: nil,
          operatorState: nil)
      } catch { return false }
      return true
    }
    #expect(begins("run-1"))
    #expect(!begins("run-1"))
    #expect(!ends("run-2"))
    #expect(ends("run-1"))
    #expect(!ends("run-1"))
  }
}
