import GRDB
import Planning
import ProviderKit

/// Deletes what a target is to keep no more of a workload's history.
struct HistorySweep {
  let key: WorkloadKey
  let limits: HistoryLimits

  /// Deletes the releases and runs that are too many, with the content that only those releases have, and the journals of
  /// those runs.
  func sweep(_ database: Database) throws {
    let releases = try Row.fetchAll(
      database,
      sql: """
        SELECT number, snapshot IS NULL AS isTombstone FROM releases
        WHERE namespace = ? AND workload = ? ORDER BY number
        """, arguments: [key.namespace, key.name]
    ).map { (number: try $0.value("number") as Int, isTombstone: try $0.value("isTombstone") as Bool) }
    let kept = limits.kept(releases, referred: try referred(database))
    for release in releases where !kept.contains(release.number) {
      try database.execute(
        sql: "DELETE FROM releases WHERE namespace = ? AND workload = ? AND number = ?",
        arguments: [key.namespace, key.name, release.number])
    }
    if releases.contains(where: { !kept.contains($0.number) }) { try ContentRow.sweep(database) }
    let runs = try String.fetchAll(
      database,
      sql: """
        SELECT id FROM runs WHERE namespace = ?1 AND workload = ?2 AND sequence NOT IN (
          SELECT sequence FROM runs WHERE namespace = ?1 AND workload = ?2 ORDER BY sequence DESC LIMIT ?3)
        AND id NOT IN (SELECT run FROM releases WHERE namespace = ?1 AND workload = ?2)
        """, arguments: [key.namespace, key.name, limits.runs])
    for run in runs {
      try database.execute(sql: "DELETE FROM journal WHERE run = ?", arguments: [run])
      try OverrideRow.delete(run, from: database)
      try database.execute(sql: "DELETE FROM runs WHERE id = ?", arguments: [run])
    }
  }

  /// The release that a rollback which has not succeeded is to restore.
  private func referred(_ database: Database) throws -> Set<Int> {
    let last = try Row.fetchOne(
      database,
      sql: "SELECT * FROM runs WHERE namespace = ? AND workload = ? ORDER BY sequence DESC LIMIT 1",
      arguments: [key.namespace, key.name]
    ).map { try RunRow.run($0, from: database) }
    return last?.referredRelease.map { [$0] } ?? []
  }
}
