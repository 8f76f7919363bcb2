import Planning
import ProviderKit
import Values

/// What is true of a workload's history now: all that a plan needs of it.
struct LedgerState: Sendable, Equatable {
  /// How many runs there were.
  var sequence = 0
  /// The last run.
  var run: Run?
  /// The last release.
  var release: Release?
  /// The runs since the last release that did not succeed.
  var incomplete: Set<RunID> = []
  /// What operators asked and still holds.
  var operatorState = OperatorState()
  /// The runs that are over and may not be in the archive yet, or not whole.
  var unarchived: [RunRecord] = []
  /// By which names the archive has, or is going to have, the large content of the last releases.
  var contents: [ArchivedContent: Int] = [:]

  /// The version of the format that this berth writes.
  static let formatVersion = 1

  /// The history of a workload that has none.
  init() {}

  /// What a plan needs of it.
  var head: HistoryHead {
    HistoryHead(release: release, run: run, incompleteRuns: incomplete, operatorState: operatorState)
  }

  // MARK: What happens

  /// A run begins. One that is still under way is abandoned.
  ///
  /// - Throws: ``LedgerRefusal`` if it began already.
  mutating func begin(_ run: Run) throws(LedgerRefusal) {
    if self.run?.id == run.id { throw LedgerRefusal("run \(run.id) of \(run.key) began already") }
    if var open = self.run, open.outcome == .unfinished {
      open.outcome = .abandoned
      unarchived.append(
        RunRecord(sequence: sequence, run: open, release: nil, operatorState: operatorState))
    }
    sequence += 1
    self.run = run
    incomplete.insert(run.id)
  }

  /// The last run ends.
  ///
  /// - Parameter release: what it records, but for its number; `nil` if it records nothing.
  /// - Throws: ``LedgerRefusal`` if it is not under way.
  mutating func finish(
    _ id: RunID, outcome: RunOutcome, failure: String?, at: Timestamp, release: Release?,
    operatorState: OperatorState?
  ) throws(LedgerRefusal) {
    guard var run, run.id == id, run.outcome == .unfinished else {
      throw LedgerRefusal("run \(id) can't be ended: it is not under way")
    }
    run.outcome = outcome
    run.failure = failure
    run.endedAt = at
    if var release {
      release.number = (self.release?.number ?? 0) + 1
      run.release = release.number
      self.release = release
      incomplete = []
    }
    if outcome == .succeeded { incomplete.remove(id) } else { incomplete.insert(id) }
    self.run = run
    self.operatorState = operatorState ?? self.operatorState
    var record = RunRecord(
      sequence: sequence, run: run, release: run.release == nil ? nil : self.release,
      operatorState: self.operatorState)
    record.contents = record.largeContents(known: contents.keys)
    note(record)
    unarchived.append(record)
  }

  /// The content of a record belongs to the last release, or to one that comes next.
  private mutating func note(_ record: RunRecord) {
    for content in record.contents {
      contents[content] = max(contents[content] ?? 0, record.release?.number ?? self.release?.number ?? 0)
    }
  }

  /// Forgets the names of content that none of the last releases has: the next one that has it keeps it anew.
  mutating func forgetContents(notOfLast count: Int) {
    let oldest = (release?.number ?? 0) - count
    contents = contents.filter { $0.value > oldest }
  }

  /// The history as the archive tells it, where nothing else does.
  ///
  /// - Parameter ahead: what a run was going to leave behind. That it did is all that is known where no record says
  ///   otherwise: one that fails is archived before it is over.
  init(archived records: [RunRecord], ahead: RunRecord? = nil) {
    var records = records.sorted { $0.sequence < $1.sequence }
    if let ahead, ahead.sequence > records.last?.sequence ?? 0 {
      records.append(ahead)
      unarchived = [ahead]
    }
    guard let last = records.last else { return }
    sequence = last.sequence
    run = last.run
    operatorState = last.operatorState
    release = records.compactMap(\.release).max { $0.number < $1.number }
    for record in records { note(record) }
    let released = records.last { $0.release != nil }?.sequence ?? 0
    incomplete = Set(
      records.filter { $0.sequence > released && $0.run.outcome != .succeeded }.map(\.run.id))
  }

  // MARK: JSON

  /// As it stands in a label.
  var json: Value {
    let members: [Value.Member] = [
      .init("version", Value(Self.formatVersion)), .init("sequence", Value(sequence)),
      .init("run", run?.json ?? .null), .init("release", release?.json ?? .null),
      .init("incomplete", .list(incomplete.sorted().map { .string($0.description) })),
      .init("operatorState", operatorState.json),
      .init("unarchived", .list(unarchived.map { json(of: $0) })),
    ]
    let names = contents.sorted { $0.key.text < $1.key.text }.map { "\($0.key.text) \($0.value)" }
    let contents = names.isEmpty ? [] : [Value.Member("contents", .list(names.map(Value.string)))]
    return .map(members + contents + [.init("berth", .string(BerthVersion.text))])
  }

  /// A record, in which what every reader has from the ledger does not stand once more: the last release, or those services of
  /// another one that are the same in the last. Their names tell that they belong there.
  private func json(of record: RunRecord) -> Value {
    guard var own = record.release, let release else { return record.json }
    if own == release { return record.json(release: .string(Self.lastRelease)) }
    guard let services = own.snapshot?.services, let last = release.snapshot else { return record.json }
    let shared = Dictionary(last.services.map { ($0.name, $0) }) { first, _ in first }
    let differing = services.filter { shared[$0.name] != $0 }
    // A snapshot without any service can't be read.
    own.snapshot?.services = differing.isEmpty ? Array(services.prefix(1)) : differing
    return record.json(release: own.json, services: services.map(\.name))
  }

  private static let lastRelease = "last"

  /// Reads what ``json`` wrote.
  init(json: Value) throws(MalformedRecord) {
    let members = RecordMembers(json)
    guard try members.number("version") == Self.formatVersion, let incomplete = json["incomplete"]?.list,
      let operatorState = json["operatorState"].flatMap({ OperatorState(json: $0) })
    else { throw MalformedRecord() }
    sequence = try members.count("sequence")
    if let run = json["run"], run != .null { self.run = try Run(json: run) }
    if let release = json["release"], release != .null { self.release = try Release(json: release) }
    self.incomplete = Set(incomplete.compactMap(\.string).map { RunID($0) })
    self.operatorState = operatorState
    for json in json["unarchived"]?.list ?? [] {
      let sharesRelease = json["release"]?.string == Self.lastRelease
      var record = try RunRecord(json: json, sharing: sharesRelease ? release : nil)
      if let names = json["services"]?.list {
        let own = record.release?.snapshot?.services ?? []
        let known = Dictionary((own + (release?.snapshot?.services ?? [])).map { ($0.name, $0) }) {
          first, _ in first
        }
        let services = names.compactMap { $0.string.flatMap { known[$0] } }
        guard services.count == names.count else { throw MalformedRecord() }
        record.release?.snapshot?.services = services
      }
      unarchived.append(record)
    }
    for text in json["contents"]?.list ?? [] {
      let words = text.string?.split(separator: " ").map(String.init) ?? []
      guard words.count == 3, let content = ArchivedContent(text: "\(words[0]) \(words[1])"),
        let number = Int32(words[2])
      else { throw MalformedRecord() }
      contents[content] = Int(number)
    }
    // By the same names as when the runs were over; what is not known any more is kept anew.
    for index in unarchived.indices {
      unarchived[index].contents = unarchived[index].largeContents(known: contents.keys)
    }
  }
}

/// Something that can't happen to a history.
struct LedgerRefusal: Error {
  /// Why, in one line.
  let message: String

  init(_ message: String) { self.message = message }
}

/// What is kept of a run for good.
struct RunRecord: Sendable, Equatable {
  /// Its number among the runs of its workload.
  var sequence: Int
  /// The run, which is over.
  var run: Run
  /// The release that it made.
  var release: Release?
  /// What operators asked, as it was known when the run was over.
  var operatorState: OperatorState
  /// By which names the archive has its large content, or is going to have it.
  var contents: [ArchivedContent] = []

  /// The whole of it.
  var json: Value { json(release: release?.json ?? .null) }

  /// As it stands where its release is written in another way.
  ///
  /// - Parameter services: the names of all services of the release, where not all of them stand in it.
  func json(release: Value, services: [String]? = nil) -> Value {
    let members: [Value.Member] = [
      .init("sequence", Value(sequence)), .init("run", run.json), .init("release", release),
      .init("operatorState", operatorState.json),
    ]
    return .map(members + (services.map { [.init("services", .list($0.map(Value.string)))] } ?? []))
  }
}

extension RunRecord {
  /// Its large content, by the names that are known; what has none is named after the run.
  fileprivate func largeContents(known: some Sequence<ArchivedContent>) -> [ArchivedContent] {
    let known = Dictionary(known.map { ($0.digest, $0) }) { $0.text < $1.text ? $0 : $1 }
    var contents: [ArchivedContent] = []
    for content in Outline.split(json, .textsAlone, blob: { ArchivedContent(of: $0, by: run.id) }).blobs {
      let name = known[content.digest] ?? content
      if !contents.contains(name) { contents.append(name) }
    }
    return contents
  }

  /// Reads what ``json`` or ``json(release:)`` wrote.
  ///
  /// - Parameter shared: the release, where it is written elsewhere.
  init(json: Value, sharing shared: Release? = nil) throws(MalformedRecord) {
    guard let operatorState = json["operatorState"].flatMap({ OperatorState(json: $0) }) else {
      throw MalformedRecord()
    }
    var release = shared
    if shared == nil, let value = json["release"], value != .null { release = try Release(json: value) }
    self.init(
      sequence: try RecordMembers(json).count("sequence"), run: try Run(json: json["run"]), release: release,
      operatorState: operatorState)
  }
}
