import Planning
import ProviderKit
import Values

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

  private static func contents(of key: WorkloadKey) -> String { "contents/\(folder(of: key))" }

  private static func path(of content: ArchivedContent, _ key: WorkloadKey) -> String {
    "\(contents(of: key))/\(content.fileName)"
  }

  private static func json(of content: [UInt8]) -> Value {
    ["content": .string(String(decoding: content, as: UTF8.self))]
  }

  private static func journal(of run: RunID) -> String { "journals/\(run)" }

  /// Whether a run is archived, whole. Its file may be there and hold only the beginning: an engine that is killed
  /// while it writes one leaves it so.
  func holds(_ record: RunRecord) async throws -> Bool {
    let path = Self.path(of: record)
    guard let size = try await size(of: path) else { return false }
    // It is written from the beginning to the end. Another length may be that of the same record, which another
    // version of berth wrote.
    if size == Self.seal(ArchivedRecord(record).json).count { return true }
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
    var written: Set<ArchivedContent> = []
    for (record, journal) in finished {
      let archived = ArchivedRecord(record)
      files += try await missing(archived.contents, of: record.run.key, besides: &written)
      files.append((Self.journal(of: record.run.id), journal.json))
      files.append((Self.path(of: record), archived.json))
    }
    if let ahead {
      let archived = ArchivedRecord(ahead)
      files += try await missing(archived.contents, of: ahead.run.key, besides: &written)
      files.append((Self.ahead(of: ahead), archived.json))
    }
    try await write(files)
  }

  /// The files of content that the archive has not got whole. What is whole is not written once more: an engine that is
  /// killed meanwhile would leave older records without it.
  private func missing(
    _ contents: [ArchivedContent: [UInt8]], of key: WorkloadKey, besides written: inout Set<ArchivedContent>
  ) async throws -> [(path: String, json: Value)] {
    var files: [(path: String, json: Value)] = []
    for (content, bytes) in contents.sorted(by: { $0.key.text < $1.key.text })
    where written.insert(content).inserted {
      let (path, json) = (Self.path(of: content, key), Self.json(of: bytes))
      if try await size(of: path) != Self.seal(json).count { files.append((path, json)) }
    }
    return files
  }

  /// What is known of large content by the names of its files.
  private func contents(of key: WorkloadKey) async throws -> [String: [UInt8]] {
    let files = try await files(in: Self.contents(of: key)).map { file in
      (file.name, Array((file.json["content"]?.string ?? "").utf8))
    }
    return Dictionary(files) { first, _ in first }
  }

  /// Puts records together. Their content is read at once, if there is any.
  private func records(
    _ files: [(name: String, json: Value)], of key: WorkloadKey
  ) async throws -> [RunRecord] {
    let isWhole = files.allSatisfy { $0.json["moved"] == nil }
    let contents = isWhole ? [:] : try await contents(of: key)
    return try files.map { file in
      do {
        return try ArchivedRecord.read(file.json) { name in
          guard let content = contents[name.fileName], ContentDigest(of: content).digest == name.digest else {
            throw MalformedRecord("its content")
          }
          return content
        }
      } catch {
        throw StoreError(
          "the record \(file.name) of \(key) makes no sense",
          help: "nothing was changed; put a copy of the volume `\(names.archive)` back")
      }
    }
  }

  /// The names of the files of large content, whole or not.
  func contentNames(of key: WorkloadKey) async throws -> [String] {
    try await names(in: Self.contents(of: key))
  }

  /// What was written ahead of a workload's last run, or of the one before.
  func recordAhead(of key: WorkloadKey) async throws -> RunRecord? {
    var found: [RunRecord] = []
    for file in try await files(in: Self.ahead(of: key)) {
      // Of what is not whole, nothing is known.
      if let record = try? await records([file], of: key).first { found.append(record) }
    }
    return found.max { $0.sequence < $1.sequence }
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
    return try await records(try await files(in: "records/\(Self.folder(of: key))"), of: key)
  }

  /// Empties the records and journals of runs that a target is to keep no more, and content.
  ///
  /// - Parameter contents: the names of the files of content that no record has.
  func sweep(_ rest: [RunRecord], contents: [String], of key: WorkloadKey) async throws {
    let records = rest.flatMap { [Self.path(of: $0), Self.journal(of: $0.run.id)] }
    let contents = contents.map { "\(Self.contents(of: key))/\($0)" }
    if !records.isEmpty || !contents.isEmpty { try await empty(records + contents) }
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
