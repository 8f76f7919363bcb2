import GRDB
import Planning
import ProviderKit
import Values

/// What operators asked of a workload, as a row of the table `operatorStates`. Of whom nothing was asked,
/// there is none.
enum OperatorStateRow {
  static let table = "operatorStates"

  /// Nothing, where the database is an older berth's that knew of no such thing.
  static func fetch(_ key: WorkloadKey, from database: Database) throws -> OperatorState {
    guard try database.tableExists(table) else { return OperatorState() }
    let row = try Row.fetchOne(
      database, sql: "SELECT state FROM operatorStates WHERE namespace = ? AND workload = ?",
      arguments: [key.namespace, key.name])
    return try row?.value("state") { text in
      (try? Value(json: text)).flatMap(OperatorState.init(json:))
    } ?? OperatorState()
  }

  static func replace(_ state: OperatorState, of key: WorkloadKey, in database: Database) throws {
    if state.isEmpty {
      try database.execute(
        sql: "DELETE FROM operatorStates WHERE namespace = ? AND workload = ?",
        arguments: [key.namespace, key.name])
    } else {
      try database.execute(
        sql: "INSERT OR REPLACE INTO operatorStates (namespace, workload, state) VALUES (?, ?, ?)",
        arguments: [key.namespace, key.name, CanonicalJSON.compact(state.json)])
    }
  }
}
