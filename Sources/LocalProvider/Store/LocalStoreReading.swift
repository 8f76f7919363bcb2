import Foundation
import GRDB
import Planning
import ProviderKit

// MARK: ReleaseReader

extension LocalStore {
  /// The workloads that have runs, by namespace and name; without a run there is no release.
  public func workloads(in namespace: String?) async throws -> [WorkloadKey] {
    try await read(or: []) { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT DISTINCT namespace, workload FROM runs WHERE ?1 IS NULL OR namespace = ?1
          ORDER BY namespace, workload
          """, arguments: [namespace]
      ).map { WorkloadKey(namespace: try $0.value("namespace"), name: try $0.value("workload")) }
    }
  }

  /// What is true of the workloads' histories now, each read in one transaction.
  public func heads(of keys: [WorkloadKey]) async -> Answers<HistoryHead> {
    // The database is asked by one at a time anyway.
    await Answers(of: keys, atOnce: 1) { key in
      try await self.read(or: HistoryHead()) { database in
        HistoryHead(
          release: try Self.fetchReleases(of: key, before: nil, limit: 1, from: database).first,
          run: try Self.fetchRuns(of: key, limit: 1, from: database).first,
          incompleteRuns: try Self.fetchIncompleteRuns(of: key, from: database),
          operatorState: try OperatorStateRow.fetch(key, from: database))
      }
    }
  }

  /// The release with a number; `nil` if there was none, or if it is kept no longer.
  public func release(_ number: Int, of key: WorkloadKey) async throws -> Release? {
    try await read(or: nil) { database in
      try Row.fetchOne(
        database, sql: "SELECT * FROM releases WHERE namespace = ? AND workload = ? AND number = ?",
        arguments: [key.namespace, key.name, number]
      ).map { try ReleaseRow.release($0, from: database) }
    }
  }

  /// The releases of a workload, the newest first.
  public func releases(of key: WorkloadKey, before: Int?, limit: Int) async throws -> [Release] {
    try await read(or: []) { try Self.fetchReleases(of: key, before: before, limit: limit, from: $0) }
  }

  private static func fetchReleases(
    of key: WorkloadKey, before: Int?, limit: Int, from database: Database
  ) throws -> [Release] {
    try Row.fetchAll(
      database,
      sql: """
        SELECT * FROM releases WHERE namespace = ?1 AND workload = ?2 AND (?3 IS NULL OR number < ?3)
        ORDER BY number DESC LIMIT ?4
        """, arguments: [key.namespace, key.name, before, max(0, limit)]
    ).map { try ReleaseRow.release($0, from: database) }
  }

  /// The runs of a workload, the newest first.
  public func runs(of key: WorkloadKey, limit: Int) async throws -> [Run] {
    try await read(or: []) { try Self.fetchRuns(of: key, limit: limit, from: $0) }
  }

  private static func fetchRuns(of key: WorkloadKey, limit: Int, from database: Database) throws -> [Run] {
    try Row.fetchAll(
      database,
      sql: "SELECT * FROM runs WHERE namespace = ? AND workload = ? ORDER BY sequence DESC LIMIT ?",
      arguments: [key.namespace, key.name, max(0, limit)]
    ).map { try RunRow.run($0, from: database) }
  }

  /// The runs that began after the one which recorded the last release, and did not succeed.
  private static func fetchIncompleteRuns(
    of key: WorkloadKey, from database: Database
  ) throws -> Set<RunID> {
    Set(
      try Row.fetchAll(
        database,
        sql: """
          SELECT id FROM runs
          WHERE namespace = ?1 AND workload = ?2 AND outcome <> ?3 AND sequence > coalesce(
            (SELECT max(sequence) FROM runs
             WHERE namespace = ?1 AND workload = ?2 AND releaseNumber IS NOT NULL), 0)
          """, arguments: [key.namespace, key.name, RunOutcome.succeeded.rawValue]
      ).map { RunID(try $0.value("id")) })
  }

  /// What happened to the actions of a run, in order.
  public func journal(of run: RunID) async throws -> [JournalEntry] {
    try await read(or: []) { database in
      try Row.fetchAll(
        database, sql: "SELECT * FROM journal WHERE run = ? ORDER BY sequence", arguments: [run.description]
      ).map(JournalRow.entry)
    }
  }

  /// Who holds the lock, and whether that process is known to be gone.
  public func lock(of key: WorkloadKey) async throws -> LockRecord? {
    try await read(or: nil) { try LockRow.fetch(key, from: $0) }
  }

  /// The key of the digests of secrets, 32 random bytes.
  public func digestKey(in namespace: String) async throws -> [UInt8]? {
    try await read(or: nil) { try Self.fetchDigestKey(from: $0) }
  }

  static func fetchDigestKey(from database: Database) throws -> [UInt8]? {
    try Data.fetchOne(database, sql: "SELECT bytes FROM keys WHERE name = 'digest'").map { Array($0) }
  }
}
