import Planning
import Values

/// What is true of a workload's history now, and which records are: the one register that is moved.
struct RegisterHead: Sendable {
  let key: WorkloadKey
  /// How many runs there were.
  var sequence = 0
  /// The last run.
  var run: Run?
  /// The runs that are over and kept, the oldest first.
  var runs: [RunEntry] = []
  /// The releases that are kept, the oldest first.
  var releases: [ReleaseEntry] = []
  /// The runs since the last release that did not succeed.
  var incomplete: Set<RunID> = []
  /// The last release.
  var release: Kept<Release>?
  /// What operators asked and still holds; `nil` if it is nothing.
  var operatorState: Kept<OperatorState>?

  /// Something with what is written of it.
  struct Kept<Content: Sendable>: Sendable {
    let content: Content
    let outline: Outline<BlobReference>
  }

  /// A run that has a record.
  struct RunEntry: Sendable, Equatable {
    /// Its number among the runs of the workload.
    let number: Int
    let run: RunID
    /// The run that wrote the record: the run itself, or the one that found it unfinished.
    let writer: RunID
  }

  /// A release that has a record.
  struct ReleaseEntry: Sendable, Equatable {
    let number: Int
    let run: RunID
    let isTombstone: Bool
    /// What of it stands elsewhere.
    let blobs: [BlobReference]
  }

  /// The head of a history that is empty.
  init(of key: WorkloadKey) { self.key = key }

  /// What a plan needs of it.
  var history: HistoryHead {
    HistoryHead(
      release: release?.content, run: run, incompleteRuns: incomplete,
      operatorState: operatorState?.content ?? OperatorState())
  }

  /// All content that stands elsewhere and is kept.
  var blobs: [BlobReference] { releases.flatMap(\.blobs) + (operatorState?.outline.blobs ?? []) }

  /// Whether a run is the last one and under way.
  func isUnderWay(_ id: RunID) -> Bool { run?.id == id && run?.outcome == .unfinished }

  /// Keeps no more than a target is to keep.
  mutating func trim(to limits: HistoryLimits) {
    let referred = [run?.referredRelease].compactMap(\.self)
    let kept = limits.kept(releases.map { ($0.number, $0.isTombstone) }, referred: Set(referred))
    releases.removeAll { !kept.contains($0.number) }
    let recording = Set(releases.map(\.run))
    let newest = runs.suffix(limits.runs).first?.number ?? 0
    runs.removeAll { $0.number < newest && !recording.contains($0.run) }
    incomplete.formIntersection(runs.map(\.run) + [run?.id].compactMap(\.self))
  }

  // MARK: JSON

  /// What the register holds: the head, the last release and what operators asked, each on a line.
  var contents: [UInt8] {
    RegisterText.write([
      CanonicalJSON.line(json), (release?.outline ?? .null).line, (operatorState?.outline ?? .null).line,
    ])
  }

  private var json: Value {
    [
      "key": key.json, "sequence": Value(sequence), "run": run?.json ?? .null,
      "runs": .list(runs.map { .string("\($0.number) \($0.run) \($0.writer)") }),
      "releases": .list(
        releases.map { entry in
          [
            "number": Value(entry.number), "run": .string(entry.run.description),
            "tombstone": .bool(entry.isTombstone), "blobs": .list(entry.blobs.map { .string($0.text) }),
          ]
        }),
      "incomplete": .list(incomplete.sorted().map { .string($0.description) }),
    ]
  }

  /// Reads the line that tells of all but the last release and what operators asked.
  init(json: Value) throws(MalformedRecord) {
    let members = RecordMembers(json)
    key = try WorkloadKey(json: json["key"])
    sequence = try members.count("sequence")
    if let run = json["run"], run != .null { self.run = try Run(json: run) }
    for text in json["runs"]?.list ?? [] {
      let words = text.string?.split(separator: " ") ?? []
      guard words.count == 3, let number = Int(words[0]) else { throw MalformedRecord() }
      runs.append(RunEntry(number: number, run: RunID(String(words[1])), writer: RunID(String(words[2]))))
    }
    for entry in json["releases"]?.list ?? [] {
      let texts = entry["blobs"]?.list ?? []
      let blobs = texts.compactMap { $0.string.flatMap(BlobReference.init(text:)) }
      guard let isTombstone = entry["tombstone"]?.bool, blobs.count == texts.count else {
        throw MalformedRecord()
      }
      let members = RecordMembers(entry)
      releases.append(
        ReleaseEntry(
          number: try members.count("number"), run: RunID(try members.text("run")), isTombstone: isTombstone,
          blobs: blobs))
    }
    incomplete = Set((json["incomplete"]?.list ?? []).compactMap(\.string).map { RunID($0) })
  }
}
