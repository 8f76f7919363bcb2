import Engine
import Planning
import ProviderContract
import Synchronization
import Testing
import WorkloadSpec

/// Something that happens to workloads that depend on one another, of which the last step may be broken off anywhere.
struct JointStory: Sendable, CustomTestStringConvertible {
  let name: String
  var before: [Workload] = []
  var wanted: [Workload] = []
  var deleted: [String] = []
  let unit: UnitOfChange

  /// Whether those that come later are tried also where one before them fails.
  var isLenient: Bool { name == "a port moves on" }

  var testDescription: String { "\(name), unit \(unit.rawValue)" }

  static let all = UnitOfChange.allCases.flatMap { unit in
    let (first, second) = (JointExamples.tiers(), JointExamples.tiers(version: 2))
    let old = JointExamples.workload("old")
    return [
      JointStory(name: "the first apply of four", wanted: first, unit: unit),
      JointStory(name: "all four change", before: first, wanted: second, unit: unit),
      JointStory(
        name: "one is needed no more", before: [old, JointExamples.workload("web", after: ["old"])],
        wanted: [JointExamples.workload("web", after: ["new"]), JointExamples.workload("new")],
        deleted: ["old"], unit: unit),
      JointStory(
        name: "all four go", before: first, deleted: ["api", "cache", "db", "web"], unit: unit),
      JointStory(
        name: "a port moves on",
        before: [JointExamples.workload("a"), JointExamples.workload("b", port: 80)],
        wanted: [JointExamples.workload("a", port: 80), JointExamples.workload("b", port: 81)],
        unit: unit),
    ]
  }

  /// The names of all.
  var names: [String] { wanted.map(\.name) + deleted }

  /// Who may change nothing before another one is at its end.
  var order: [String: [String]] {
    switch name {
    case "one is needed no more": ["web": ["new"], "old": ["web"]]
    case "all four go": ["api": ["web"], "cache": ["api"], "db": ["api"]]
    case "a port moves on": ["a": ["b"]]
    default: ["api": ["cache", "db"], "web": ["api"]]
    }
  }

  var requests: [WorkloadRequest] { Bench.requests(wanted, deleting: deleted) }
}

/// A joint story that went to its end without a hitch.
struct JointRehearsal: Sendable {
  let story: JointStory
  let start: Bench
  let outlines: [String: Observation]
  let releases: [String: [Workload?]]
  let effects: Int
  let calls: Int

  init(_ story: JointStory) async throws {
    self.story = story
    start = Bench(unit: story.unit) { $0.parallelism = 1 }
    let prepared = await start.apply(story.before)
    try #require(prepared.values.allSatisfy { $0.words == "succeeded" })
    let (bench, crash) = (start.copy(), CrashSwitch())
    let endings = await bench.engine(gate: crash).apply(story.requests, watching: RunWatch())
    try #require(endings.allSatisfy { $0.words == "succeeded" }, "\(endings.map(\.words))")
    effects = crash.count
    var outlines: [String: Observation] = [:]
    for name in story.names { outlines[name] = bench.provider.world.outline(of: .named(name)) }
    self.outlines = outlines
    releases = try await Self.releases(of: story.names, on: bench)
    let (counter, faults) = (start.copy(), FaultSwitch())
    _ = await counter.engine(gate: faults).apply(story.requests, watching: RunWatch())
    calls = faults.count
  }

  private static func releases(of names: [String], on bench: Bench) async throws -> [String: [Workload?]] {
    var releases: [String: [Workload?]] = [:]
    for name in names {
      let recorded = try await bench.store.releases(of: .named(name), before: nil, limit: .max)
      releases[name] = recorded.reversed().map(\.snapshot)
    }
    return releases
  }

  /// Takes the last step through a gate.
  ///
  /// - Returns: what became of each, and what was changed before its time.
  func run(on bench: Bench, through gate: some CallGate) async -> (endings: [RunEnding], early: [String]) {
    let watch = OrderWatch(base: gate, rehearsal: self, bench: bench)
    let endings = await bench.engine(gate: watch).apply(story.requests, watching: RunWatch())
    return (endings, watch.early)
  }

  /// Applies again after something went wrong, and returns by what one could tell the difference.
  func problems(on bench: Bench) async throws -> [String] {
    var problems: [String] = []
    bench.provider.plan(FaultPlan())
    let (again, early) = await run(on: bench, through: CrashSwitch())
    if !again.allSatisfy({ ["succeeded", "nothingToDo"].contains($0.words) }) {
      problems.append("the next apply: \(again.map(\.words))")
    }
    problems += early
    for name in story.names where bench.provider.world.outline(of: .named(name)) != outlines[name] {
      problems.append("another end of \(name)")
    }
    let recorded = try await Self.releases(of: story.names, on: bench)
    if recorded != releases { problems.append("other releases: \(recorded.mapValues(\.count))") }
    let writes = bench.store.writes
    let third = await bench.engine().apply(story.requests, watching: RunWatch())
    if !third.allSatisfy({ $0.words == "nothingToDo" }) || bench.store.writes != writes {
      problems.append("the third apply: \(third.map(\.words))")
    }
    // Nothing is forgotten, and the next command gets every lock.
    await bench.apply([], deleting: story.names)
    if !bench.provider.world.keys.isEmpty { problems.append("orphans: \(bench.provider.world.keys)") }
    for name in Set(story.names) {
      let isChanged = await bench.apply([JointExamples.workload(name, version: 9)])[name]?.words
      if isChanged != "succeeded" { problems.append("\(name) afterwards: \(isChanged ?? "")") }
      if try await bench.store.lock(of: .named(name)) != nil { problems.append("\(name) is locked") }
    }
    return problems
  }
}

/// Sees whether anything changes before its time.
private final class OrderWatch<Base: CallGate>: CallGate {
  private let base: Base
  private let rehearsal: JointRehearsal
  private let bench: Bench
  private let found = Mutex<[String]>([])

  init(base: Base, rehearsal: JointRehearsal, bench: Bench) {
    self.base = base
    self.rehearsal = rehearsal
    self.bench = bench
  }

  var early: [String] { found.withLock { $0 } }

  func read<Result>(_ body: () async throws -> Result) async throws -> Result { try await base.read(body) }
  func effect<Result>(_ body: () async throws -> Result) async throws -> Result {
    try await base.effect(body)
  }

  func perform(_ action: Action, of key: WorkloadKey, _ body: () async throws -> Void) async throws {
    let world = bench.provider.world
    for other in rehearsal.story.order[key.name, default: []]
    where world.outline(of: .named(other)) != rehearsal.outlines[other] {
      found.withLock { $0.append("\(action.id) of \(key.name) comes before the end of \(other)") }
    }
    try await base.effect(body)
  }
}
