import Planning
import Values
import WorkloadSpec

/// A run that a store began.
struct OpenRun: Sendable {
  let key: WorkloadKey
  /// The entries of its journal, each as a line.
  var lines: [[UInt8]] = []
  /// How many batches they were written in.
  var batches = 0
}

/// The parts of runs' journals: batches as they came, `<run>_b<number>`, and what they were merged into when the run was
/// over, `<run>_m<last batch>-<piece>-<pieces>`.
struct JournalParts {
  /// The names of the parts that are read, in order.
  private(set) var areRead: [String] = []

  /// Chooses among names.
  ///
  /// - Parameter prefixes: what the names of the parts of each run start with.
  init(of prefixes: Set<String>, in names: [String]) {
    var runs: [String: [(name: String, part: Substring)]] = [:]
    for name in names {
      guard let end = name.lastIndex(of: "_") else { continue }
      let prefix = String(name[...end])
      if prefixes.contains(prefix) {
        runs[prefix, default: []].append((name, name[name.index(after: end)...]))
      }
    }
    for parts in runs.values {
      let merged = Dictionary(grouping: parts.filter { $0.part.first == "m" }) {
        $0.part.dropFirst().split(separator: "-").compactMap { Int($0) }.first ?? 0
      }
      let whole = merged.filter { group in
        group.value.first.flatMap { Int($0.part.split(separator: "-").last ?? "") } == group.value.count
      }.max { $0.key < $1.key }
      let pieces = (whole?.value ?? []).sorted { Self.piece($0.part) < Self.piece($1.part) }
      let batches = parts.compactMap { part in
        part.part.first == "b" ? Int(part.part.dropFirst()).map { (number: $0, name: part.name) } : nil
      }.filter { $0.number > whole?.key ?? 0 }.sorted { $0.number < $1.number }
      areRead += pieces.map(\.name) + batches.map(\.name)
    }
  }

  private static func piece(_ part: Substring) -> Int {
    let numbers = part.dropFirst().split(separator: "-").compactMap { Int($0) }
    return numbers.count == 3 ? numbers[1] : 0
  }
}

// MARK: The journal

extension RegisterStore {
  /// Adds to the journals of runs.
  ///
  /// - Throws: ``StoreError`` if the run of an entry did not begin.
  public func append(_ entries: [JournalEntry]) async throws {
    for run in Set(entries.map(\.run)).sorted() {
      let lines = entries.filter { $0.run == run }.map { CanonicalJSON.line($0.json) }
      try await append(lines, to: run)
    }
  }

  private func append(_ lines: [[UInt8]], to run: RunID) async throws {
    try await know(run)
    let contents = RegisterText.write(lines)
    for _ in 0..<Self.attempts {
      let batch = memory.withLock { memory -> (key: WorkloadKey, number: Int)? in
        guard var open = memory.openRuns[run] else { return nil }
        open.batches += 1
        memory.openRuns[run] = open
        return (open.key, open.batches)
      }
      guard let batch else { throw stray(run) }
      let name = "\(names.journal(of: run, of: batch.key))b\(batch.number)"
      if try await make(contents, as: name) {
        return memory.withLock { $0.openRuns[run]?.lines += lines }
      }
      // A number that is taken is another program's.
    }
    throw StoreError("too many others write the journal of run \(run)", help: "try again")
  }

  /// Finds out to which workload a run belongs that another store began.
  private func know(_ run: RunID) async throws {
    if openRun(run) != nil { return }
    guard let key = try await workload(of: run) else { throw stray(run) }
    memory.withLock { memory in
      if memory.openRuns[run] == nil { memory.openRuns[run] = OpenRun(key: key) }
    }
  }

  private func stray(_ run: RunID) -> StoreError {
    StoreError(
      "there is no run \(run)", help: "its record may have been deleted since; look at `berth history`")
  }

  func openRun(_ run: RunID) -> OpenRun? { memory.withLock { $0.openRuns[run] } }

  private func workload(of run: RunID) async throws -> WorkloadKey? {
    if let key = openRun(run)?.key { return key }
    for register in try await registers.list(names.heads, contents: true) {
      guard let key = names.workload(ofHead: register.name) else { continue }
      let head = try await head(in: register, of: key)
      if head.run?.id == run || head.runs.contains(where: { $0.run == run }) { return key }
    }
    return nil
  }

  /// What happened to the actions of a run, in order.
  public func journal(of run: RunID) async throws -> [JournalEntry] {
    guard let key = try await workload(of: run) else { return [] }
    let prefix = names.journal(of: run, of: key)
    let registers = Dictionary(
      try await registers.list(prefix, contents: true).map { ($0.name, $0) }
    ) { first, _ in first }
    let what = "the journal of run \(run)"
    return try JournalParts(of: [prefix], in: registers.keys.sorted()).areRead.flatMap { name in
      guard let register = registers[name] else { return [JournalEntry]() }
      return try RegisterText.lines(of: register, what).map { line in
        do {
          return try JournalEntry(json: try RegisterText.value(line, of: register, what))
        } catch is MalformedRecord {
          throw RegisterText.damaged(register, what, "it makes no sense")
        }
      }
    }
  }

  /// The whole journal of a run that is over, in as few registers as hold it; nothing where it is in one already, or where
  /// another store wrote a part of it.
  func mergedJournal(of run: RunID, of key: WorkloadKey) -> [(name: String, contents: [UInt8])] {
    guard let open = openRun(run), open.batches > 1 else { return [] }
    var pieces: [[[UInt8]]] = [[]]
    var size = 0
    for line in open.lines {
      if size + line.count > registers.capacity / 2, size > 0 {
        pieces.append([])
        size = 0
      }
      pieces[pieces.count - 1].append(line)
      size += line.count + 1
    }
    let prefix = names.journal(of: run, of: key)
    return pieces.enumerated().map { index, lines in
      ("\(prefix)m\(open.batches)-\(index + 1)-\(pieces.count)", RegisterText.write(lines))
    }
  }
}
