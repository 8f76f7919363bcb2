import Planning
import Rendering
import Values

@testable import DockerProvider
@testable import LocalProvider
@testable import Supervisor

extension FuzzTarget {
  /// What stores keep: runs, releases, journals, ledgers, what operators asked, what instances and volumes are.
  static let records = FuzzTarget(name: "records", maximumLength: 16384) { bytes in
    if let members = Archive.unseal(bytes)?.members {
      // A seal adds what wrote it.
      let again = Archive.unseal(Archive.seal(.map(members)))?.members ?? []
      try promise(again.starts(with: members), "an archived file is read as another")
    }
    guard let json = try? Value(json: String(decoding: bytes, as: UTF8.self)) else { return }
    try checkPair(json, { try WorkloadKey(json: $0) }, \.json)
    try checkPair(json, { try JournalEntry(json: $0) }, \.json)
    try checkPair(json, { try ArchivedJournal(json: $0) }, \.json)
    try checkPair(json, { OperatorState(json: $0) }, \.json)
    try checkPair(json, { Provenance(plain: $0) }, \.plain)
    try checkPair(json, { try InstanceRecord(json: $0) }, \.json)
    try checkPair(json, { try VolumeRecord(json: $0) }, \.json)
    if let state = try checkPair(json, { OperatorState(json: $0) }, \.json) {
      try checkHistory([], runs: [], state)
    }
    if let run = try checkPair(json, { try Run(json: $0) }, \.json) { try checkHistory([], runs: [run]) }
    if let release = try checkPair(json, { try Release(json: $0) }, \.json) {
      try checkHistory([release], runs: [])
    }
    if let record = try checkPair(json, { try RunRecord(json: $0) }, \.json) {
      var state = LedgerState(archived: [record])
      try goOn(&state, record.run.key)
    }
    if var state = try checkPair(json, { try LedgerState(json: $0) }, \.json) {
      try goOn(&state, state.run?.key ?? WorkloadKey(namespace: "default", name: "shop"))
    }
  }

  /// What goes to and fro between berth and a supervisor, and lines of log files.
  static let supervisor = FuzzTarget(name: "supervisor") { bytes in
    if let line = LogRecord(line: bytes) {
      var written: [UInt8] = []
      LogRecord.write(
        line.bytes, at: line.at, isError: line.isError, goesOn: line.goesOn, into: &written)
      try promise(LogRecord(line: written.dropLast()) == line, "a line of a log is read as another")
    }
    guard let json = try? Value(json: String(decoding: bytes, as: UTF8.self)) else { return }
    try checkPair(json, { try SupervisorRequest(json: $0).json }, \.self)
    try checkPair(json, { try SupervisorReply(json: $0).json }, \.self)
  }

  /// Checks that what is read is written so that it is read again.
  @discardableResult
  private static func checkPair<Record: Equatable>(
    _ json: Value, _ read: (Value) throws -> Record?, _ write: (Record) -> Value
  ) throws -> Record? {
    guard let record = try? read(json) else { return nil }
    let written = write(record)
    let again = try? read(Value(json: CanonicalJSON.compact(written)))
    try promise(again == record, "a \(Record.self) is read as another: \(CanonicalJSON.compact(written))")
    return record
  }

  /// Lets a history go on, whatever it holds.
  private static func goOn(_ state: inout LedgerState, _ key: WorkloadKey) throws {
    let id = RunID("new")
    let now = Timestamp(milliseconds: 1_795_661_220_000)
    let run = Run(id: id, key: key, intent: .apply, startedAt: now, by: "ada", summary: "")
    guard (try? state.begin(run)) != nil else { return }
    let release = Release(number: 0, key: key, snapshot: nil, recordedAt: now, by: "ada", run: id)
    try state.finish(
      id, outcome: .succeeded, failure: nil, at: now, release: release, operatorState: nil)
    try promise(state.release?.run == id, "the last release is not the one that was made last")
  }

  /// Shows a history, whatever it holds.
  private static func checkHistory(
    _ releases: [Release], runs: [Run], _ state: OperatorState = OperatorState()
  ) throws {
    let now = Timestamp(milliseconds: 1_795_661_220_000)
    try checkShown(
      HistoryText.render(
        releases, older: nil, runs: runs, active: 1, operatorState: state, now: now, style: TextStyle()))
    _ = HistoryJSON.render(releases, older: nil, active: 1)
    let key = WorkloadKey(namespace: "default", name: "shop")
    let status = WorkloadStatus(
      key: key, target: "local", observation: Observation(engine: EngineIdentity(provider: "local", id: "x")),
      release: releases.first, lastRun: runs.first, operatorState: state)
    try checkShown(StatusText.render(status, now: now, style: TextStyle()))
    _ = StatusJSON.render(status)
  }
}
