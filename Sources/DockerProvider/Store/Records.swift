import Planning
import ProviderKit
import WorkloadSpec

extension Archive {
  private static func folder(of key: WorkloadKey) -> String { "\(key.namespace)_\(key.name)" }

  private static func path(of record: RunRecord) -> String {
    let digits = String(record.sequence)
    let sequence = String(repeating: "0", count: max(0, 8 - digits.count)) + digits
    return "records/\(folder(of: record.run.key))/\(sequence)_\(record.run.id)"
  }

  private static func ahead(of key: WorkloadKey) -> String { "ahead/\(folder(of: key))" }

  /// Two files take turns, so that who was overtaken without knowing writes over its own.
  private static func ahead(of record: RunRecord) -> String {
    "\(ahead(of: record.run.key))/\(record.sequence % 2)"
  }

  private static func journal(of run: RunID) -> String { "journals/\(run)" }

  /// Whether a run is archived, whole. Its file may be there and hold only the beginning: an engine that is killed
  /// while it writes one leaves it so.
  func holds(_ record: RunRecord) async throws -> Bool {
    let path = Self.path(of: record)
    guard let size = try await size(of: path) else { return false }
    // It is written from the beginning to the end. Another length may be that of the same record, which another
    // version of berth wrote.
    if size == Self.seal(record.json).count { return true }
    return try await read(path) != nil
  }

  /// Archives runs that are over, with their journals.
  ///
  /// - Parameter ahead: what the run that goes on is to leave behind.
  func write(_ finished: [(record: RunRecord, journal: ArchivedJournal)], ahead: RunRecord?) async throws {
    var files: [(path: String, json: Value)] = []
    for key in Set((finished.map(\.record) + [ahead].compactMap(\.self)).map(\.run.key)) {
      files.append(("workloads/\(Self.folder(of: key))", key.json))
    }
    // The record comes last: where it is whole, the others are.
    for (record, journal) in finished {
      files.append((Self.journal(of: record.run.id), journal.json))
      files.append((Self.path(of: record), record.json))
    }
    if let ahead { files.append((Self.ahead(of: ahead), ahead.json)) }
    try await write(files)
  }

  /// What was written ahead of a workload's last run, or of the one before.
  func recordAhead(of key: WorkloadKey) async throws -> RunRecord? {
    try await files(in: Self.ahead(of: key)).compactMap { try? RunRecord(json: $0.json) }.max {
      $0.sequence < $1.sequence
    }
  }

  /// The runs of a workload that are archived.
  ///
  /// - Throws: `StoreError` if there are some that can't be read.
  func records(of key: WorkloadKey) async throws -> [RunRecord] {
    if try await isCutOff() {
      throw StoreError(
        "the history in the volume `\(names.archive)` can't be reached: its container was removed",
        help: "the next `berth apply` of any workload makes it again")
    }
    return try await files(in: "records/\(Self.folder(of: key))").map { file in
      do { return try RunRecord(json: file.json) } catch {
        throw StoreError(
          "the record \(file.name) of \(key) makes no sense",
          help: "nothing was changed; put a copy of the volume `\(names.archive)` back")
      }
    }
  }

  /// Empties the records and journals of runs that a target is to keep no more.
  func sweep(_ rest: [RunRecord]) async throws {
    guard !rest.isEmpty else { return }
    try await empty(rest.flatMap { [Self.path(of: $0), Self.journal(of: $0.run.id)] })
  }

  /// The journal of a run, if it is archived.
  func journal(of run: RunID) async throws -> ArchivedJournal? {
    try await read(Self.journal(of: run)).flatMap { try? ArchivedJournal(json: $0) }
  }

  /// The workloads that have archived runs.
  func workloads() async throws -> Set<WorkloadKey> {
    Set(try await files(in: "workloads").compactMap { try? WorkloadKey(json: $0.json) })
  }
}

/// The journal of a run that is over.
struct ArchivedJournal: Sendable, Equatable {
  /// The number of the last batch that is in it.
  var lastBatch: Int
  /// The entries, in order.
  var entries: [JournalEntry]
  /// Whether it is known that nothing is missing.
  var isWhole: Bool

  /// As it stands in the archive.
  var json: Value { ["lastBatch": Value(lastBatch), "entries": .list(entries.map(\.json))] }

  /// A journal.
  init(lastBatch: Int, entries: [JournalEntry], isWhole: Bool = false) {
    self.lastBatch = lastBatch
    self.entries = entries
    self.isWhole = isWhole
  }

  /// Reads what ``json`` wrote.
  init(json: Value) throws(MalformedRecord) {
    self.init(lastBatch: try RecordMembers(json).count("lastBatch"), entries: [])
    for entry in json["entries"]?.list ?? [] { entries.append(try JournalEntry(json: entry)) }
  }
}
