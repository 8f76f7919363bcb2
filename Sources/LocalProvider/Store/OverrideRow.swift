import GRDB
import Planning
import ProviderKit
import Values

/// The policies that the user of a run overrode, as a row of the table `overrides`.
enum OverrideRow {
  static let table = "overrides"

  /// What a run overrode; `nil` if it overrode nothing.
  static func fetch(_ run: String, from database: Database) throws -> PolicyOverride? {
    guard try database.tableExists(table),
      let text = try String.fetchOne(
        database, sql: "SELECT override FROM overrides WHERE run = ?", arguments: [run])
    else { return nil }
    guard let json = try? Value(json: text), let override = PolicyOverride(plain: json) else {
      throw StoreError(
        "run \(run) is damaged: the policies that it overrode can't be read",
        help: "put a copy of the store's file back")
    }
    return override
  }

  /// Keeps what a run overrides.
  static func insert(_ override: PolicyOverride, of run: RunID, into database: Database) throws {
    try StoreSchema.makeOverrides(in: database)
    try database.execute(
      sql: "INSERT INTO overrides (run, override) VALUES (?, ?)",
      arguments: [run.description, CanonicalJSON.compact(override.plain)])
  }

  /// Deletes what a run overrode, with the run.
  static func delete(_ run: String, from database: Database) throws {
    guard try database.tableExists(table) else { return }
    try database.execute(sql: "DELETE FROM overrides WHERE run = ?", arguments: [run])
  }
}
