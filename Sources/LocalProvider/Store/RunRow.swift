import GRDB
import Planning
import ProviderKit
import Values

/// A run as a row of the table `runs`.
enum RunRow {
  static func run(_ row: Row, from database: Database) throws -> Run {
    let id: String = try row.value("id")
    return Run(
      id: RunID(id),
      key: WorkloadKey(namespace: try row.value("namespace"), name: try row.value("workload")),
      intent: try row.value("intent", RunIntent.init(text:)),
      startedAt: Timestamp(milliseconds: try row.value("startedAt")),
      endedAt: try row.optional("endedAt").map(Timestamp.init(milliseconds:)),
      outcome: try row.value("outcome", RunOutcome.init(rawValue:)),
      by: try row.value("startedBy"), summary: try row.value("summary"), failure: try row.optional("failure"),
      release: try row.optional("releaseNumber"), savedPlan: try row.optional("savedPlan"),
      policyOverride: try OverrideRow.fetch(id, from: database))
  }

  static func insert(_ run: Run, into database: Database) throws {
    try database.execute(
      sql: """
        INSERT INTO runs
          (id, namespace, workload, intent, startedAt, endedAt, outcome, startedBy, summary, failure,
           releaseNumber, savedPlan)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        run.id.description, run.key.namespace, run.key.name, run.intent.text, run.startedAt.milliseconds,
        run.endedAt?.milliseconds, run.outcome.rawValue, run.by, run.summary, run.failure, run.release,
        run.savedPlan,
      ])
    if let override = run.policyOverride { try OverrideRow.insert(override, of: run.id, into: database) }
  }
}

/// What happened to an action, as a row of the table `journal`.
enum JournalRow {
  static func entry(_ row: Row) throws -> JournalEntry {
    JournalEntry(
      run: RunID(try row.value("run")), action: ActionID(try row.value("action")),
      event: try row.value("event", JournalEvent.init(rawValue:)),
      at: Timestamp(milliseconds: try row.value("at")), message: try row.optional("message"))
  }

  static func insert(_ entry: JournalEntry, into database: Database) throws {
    try database.execute(
      sql: "INSERT INTO journal (run, action, event, at, message) VALUES (?, ?, ?, ?, ?)",
      arguments: [
        entry.run.description, entry.action.description, entry.event.rawValue, entry.at.milliseconds,
        entry.message,
      ])
  }
}
