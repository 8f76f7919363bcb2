import Engine
import Planning
import ProviderContract
import Testing
import WorkloadSpec

/// A story that went to its end without a hitch: what every other way to that end is compared with.
struct Rehearsal: Sendable {
  let story: Story
  /// Everything as it is before the last step.
  let start: Bench
  let outcome: RunResult.Outcome
  let outline: Observation
  let releases: [Release]
  let operatorState: OperatorState
  /// How many effects the last step has: journal writes, transactions of the store, calls of the provider.
  let effects: Int
  /// How many actions it has the provider perform.
  let actions: Int
  /// How many calls it makes, those that only look included.
  let calls: Int

  /// What the story's workloads hold.
  let body: Body

  init(_ story: UnitStory) async throws {
    try await self.init(story.story, on: story.unit, body: story.body)
  }

  init(_ story: Story, on unit: UnitOfChange = .service, body: Body = .services) async throws {
    self.story = story
    self.body = body
    start = Bench(unit: unit) {
      $0.parallelism = 1
      $0.atomic = story.isAtomic
    }
    try await story.before(start)
    let bench = start.copy()
    let crash = CrashSwitch()
    outcome = try await bench.engine(gate: crash).apply(
      bench.request(story.goal, pauses: story.pauses, adopts: story.adopts)
    )
    .outcome
    releases = try await bench.releases
    outline = bench.outline
    operatorState = try await bench.store.head(of: bench.key).operatorState
    effects = crash.count
    actions = bench.provider.performed.count
    let counter = start.copy()
    let faults = FaultSwitch()
    _ = try await counter.engine(gate: faults).apply(
      counter.request(story.goal, pauses: story.pauses, adopts: story.adopts))
    calls = faults.count
  }

  /// What counts the points of stories like this one that go wrong in a way.
  func tally(_ mishap: Tally.Mishap) -> Tally { .of(mishap, start.provider.traits.unit(of: body), body) }

  /// Takes the last step through a gate.
  func run(on bench: Bench, through gate: any CallGate) async throws -> RunResult {
    try await bench.engine(gate: gate).apply(
      bench.request(story.goal, pauses: story.pauses, adopts: story.adopts))
  }

  /// Applies again after something went wrong, and returns by what one could tell the difference.
  func problems(on bench: Bench) async throws -> [String] {
    var problems: [String] = []
    func demand(_ isMet: Bool, _ problem: @autoclosure () -> String) {
      if !isMet { problems.append(problem()) }
    }
    bench.provider.plan(FaultPlan())
    let again = try await bench.apply(story.goal, pauses: story.pauses, adopts: story.adopts)
    demand([outcome, .succeeded, .nothingToDo].contains(again.outcome), "the next apply \(again.outcome)")
    demand(bench.outline == outline, "another end: \(difference(of: bench.outline))")
    let recorded = try await bench.releases
    demand(recorded.map(\.number) == Array(1..<(recorded.count + 1)), "gaps: \(recorded.map(\.number))")
    demand(recorded.map(\.snapshot) == releases.map(\.snapshot), "\(recorded.count) releases, or other ones")
    demand(recorded.map(\.restoredFrom) == releases.map(\.restoredFrom), "restored other releases")
    demand(
      try await bench.store.head(of: bench.key).operatorState == operatorState,
      "operators are heard otherwise")
    let runs = try await bench.store.runs(of: bench.key, limit: .max)
    demand(!runs.contains { $0.outcome == .unfinished }, "a run is left open")

    demand(bench.provider.rivals.isEmpty, "two writers: \(bench.provider.rivals)")

    // A third time there is nothing to do, and nothing is written.
    if !story.alwaysActs {
      bench.provider.plan(FaultPlan())
      let writes = bench.store.writes
      let third = try await bench.apply(story.goal, pauses: story.pauses, adopts: story.adopts)
      demand(third.outcome == .nothingToDo, "the third apply \(third.outcome)")
      demand(bench.provider.performed.isEmpty && bench.store.writes == writes, "the third apply writes")
    }

    // Nothing is forgotten: a destroy finds everything that was made, and the next run gets the lock.
    if operatorState.suspension != nil { try await bench.apply(.operation(.unsuspend)) }
    try await bench.apply(.destroy(volumes: true))
    demand(bench.provider.world.keys.isEmpty, "orphans: \(bench.instances.map(\.id))")
    let isGone = recorded.isEmpty || recorded.last?.snapshot == nil
    let next = try await bench.apply(Examples.hello).release?.number
    demand(next == recorded.count + (isGone ? 1 : 2), "the next release is \(next ?? 0)")
    demand(try await bench.store.lock(of: bench.key) == nil, "the lock is held")
    return problems
  }

  /// Where the text of an observation begins to be another one, with a little of what follows.
  private func difference(of found: Observation) -> String {
    let (expected, actual) = ("\(outline)", "\(found)")
    let common = zip(expected, actual).prefix { $0 == $1 }.count
    let (start, length) = (max(0, common - 160), 240)
    return
      "…\(actual.dropFirst(start).prefix(length))… instead of …\(expected.dropFirst(start).prefix(length))…"
  }
}
