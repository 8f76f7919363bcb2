import GRDB
import Planning
import ProviderKit
import Values

/// A lock that is held, as a row of the table `locks`.
enum LockRow {
  static func fetch(_ key: WorkloadKey, from database: Database) throws -> LockRecord? {
    try Row.fetchOne(
      database, sql: "SELECT * FROM locks WHERE namespace = ? AND workload = ?",
      arguments: [key.namespace, key.name]
    ).map { row in
      LockRecord(
        holder: LockHolder(
          token: try row.value("token"), description: try row.value("holder"),
          since: Timestamp(milliseconds: try row.value("since"))),
        beat: try row.value("beat"), holderIsGone: try owner(row)?.isGone ?? false)
    }
  }

  static func insert(_ holder: LockHolder, of key: WorkloadKey, into database: Database) throws {
    let owner = LockOwner.current
    try database.execute(
      sql: """
        INSERT INTO locks
          (namespace, workload, token, holder, since, beat, processID, processStart, processNamespace, boot, machine)
        VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?)
        """,
      arguments: [
        key.namespace, key.name, holder.token, holder.description, holder.since.milliseconds,
        owner?.processID,
        owner?.processStart, owner?.processNamespace, owner?.boot, owner?.machine,
      ])
  }

  private static func owner(_ row: Row) throws -> LockOwner? {
    guard let processID: Int32 = try row.optional("processID"),
      let processStart: Int64 = try row.optional("processStart"),
      let processNamespace: String = try row.optional("processNamespace"),
      let boot: String = try row.optional("boot")
    else { return nil }
    return LockOwner(
      processID: processID, processStart: processStart, processNamespace: processNamespace, boot: boot,
      machine: try row.optional("machine"))
  }
}
