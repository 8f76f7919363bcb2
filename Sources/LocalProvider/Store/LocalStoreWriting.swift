import Foundation
import GRDB
import Planning
import ProviderKit
import Values

// MARK: ReleaseStore

extension LocalStore {
  /// Writes down that a run starts.
  ///
  /// - Throws: `StoreError` if there is a run with this identity already.
  public func begin(_ run: Run, recording: RunRecording?) async throws {
    try await write { database in
      try database.execute(
        sql: "UPDATE runs SET outcome = ? WHERE namespace = ? AND workload = ? AND outcome = ?",
        arguments: [
          RunOutcome.abandoned.rawValue, run.key.namespace, run.key.name, RunOutcome.unfinished.rawValue,
        ])
      try RunRow.insert(run, into: database)
    }
  }

  /// Adds to the journal.
  ///
  /// - Throws: `StoreError` if the run of an entry did not begin.
  public func append(_ entries: [JournalEntry]) async throws {
    guard !entries.isEmpty else { return }
    try await write { database in
      for entry in entries { try JournalRow.insert(entry, into: database) }
    }
  }

  /// Writes down how a run ended, the release that it made, and what operators asked. The file then holds the whole history by
  /// itself, unless another process reads it at that moment.
  ///
  /// - Throws: `StoreError` if the run did not begin, has ended, or was taken over by a later one.
  public func finish(
    _ run: RunID, of key: WorkloadKey, outcome: RunOutcome, failure: String?, at: Timestamp,
    release: ReleaseDraft?, operatorState: OperatorState?
  ) async throws -> Release? {
    let recorded = try await write { [limits] database in
      let recorded = try release.map { draft in
        let last = try Int.fetchOne(
          database, sql: "SELECT max(number) FROM releases WHERE namespace = ? AND workload = ?",
          arguments: [key.namespace, key.name])
        return Release(
          number: (last ?? 0) + 1, key: key, snapshot: draft.snapshot, recordedAt: at, by: draft.by, run: run,
          provenance: draft.provenance, restoredFrom: draft.restoredFrom, setName: draft.setName,
          policyOverride: draft.policyOverride)
      }
      try database.execute(
        sql: """
          UPDATE runs SET outcome = ?, failure = ?, endedAt = ?, releaseNumber = ?
          WHERE id = ? AND namespace = ? AND workload = ? AND outcome = ?
          """,
        arguments: [
          outcome.rawValue, failure, at.milliseconds, recorded?.number, run.description, key.namespace,
          key.name,
          RunOutcome.unfinished.rawValue,
        ])
      guard database.changesCount == 1 else {
        throw StoreError(
          "run \(run) of \(key) can't be ended: it is not under way",
          help: "another apply may have taken over; look at `berth history \(key.name)`")
      }
      if let recorded { try ReleaseRow.insert(recorded, into: database) }
      if let operatorState { try OperatorStateRow.replace(operatorState, of: key, in: database) }
      try HistorySweep(key: key, limits: limits).sweep(database)
      return recorded
    }
    await mergeLog()
    return recorded
  }

  /// Takes the lock, if it is free. Asking again with the same token changes nothing.
  public func tryLock(_ key: WorkloadKey, as holder: LockHolder) async throws -> LockAttempt {
    try await write { database in
      if let record = try LockRow.fetch(key, from: database) {
        return record.holder.token == holder.token ? .acquired : .held(record)
      }
      try LockRow.insert(holder, of: key, into: database)
      return .acquired
    }
  }

  /// Says that the holder is alive.
  public func beat(_ key: WorkloadKey, token: String) async throws -> Bool {
    try await write(or: false) { database in
      try database.execute(
        sql: "UPDATE locks SET beat = beat + 1 WHERE namespace = ? AND workload = ? AND token = ?",
        arguments: [key.namespace, key.name, token])
      return database.changesCount == 1
    }
  }

  /// Takes the lock away, if it is as it was seen.
  public func breakLock(_ key: WorkloadKey, seen: LockRecord) async throws -> Bool {
    try await write(or: false) { database in
      try database.execute(
        sql: "DELETE FROM locks WHERE namespace = ? AND workload = ? AND token = ? AND beat = ?",
        arguments: [key.namespace, key.name, seen.holder.token, seen.beat])
      return database.changesCount == 1
    }
  }

  /// Gives the lock back.
  public func unlock(_ key: WorkloadKey, token: String) async throws {
    try await write(or: ()) { database in
      try database.execute(
        sql: "DELETE FROM locks WHERE namespace = ? AND workload = ? AND token = ?",
        arguments: [key.namespace, key.name, token])
    }
  }

  /// The key of the digests of secrets: 32 random bytes, made at the first call.
  public func makeDigestKey(in namespace: String) async throws -> [UInt8] {
    try await write { database in
      if let key = try Self.fetchDigestKey(from: database) { return key }
      var generator = SystemRandomNumberGenerator()
      let key = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
      try database.execute(
        sql: "INSERT INTO keys (name, bytes) VALUES ('digest', ?)", arguments: [Data(key)])
      return key
    }
  }
}
