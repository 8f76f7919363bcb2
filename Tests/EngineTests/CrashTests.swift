import Engine
import Planning
import ProviderContract
import Testing
import WorkloadSpec

/// Breaks off every story at every point, and applies again.
@Suite struct CrashTests {
  /// A story that went to its end without a hitch.
  struct Ending {
    let outline: Observation
    let snapshots: [Workload?]
    let restored: [Int?]
    let operatorState: OperatorState
    let effects: Int
    let calls: Int
  }

  func ending(of story: Story) async throws -> Ending {
    let bench = Bench { $0.parallelism = 1 }
    try await story.before(bench)
    bench.provider.plan(FaultPlan())
    let crash = CrashSwitch()
    let result = try await bench.engine(crash: crash).apply(bench.request(story.goal, pauses: story.pauses))
    try #require(result.outcome == .succeeded)
    let releases = try await bench.releases
    return Ending(
      outline: bench.outline, snapshots: releases.map(\.snapshot), restored: releases.map(\.restoredFrom),
      operatorState: try await bench.store.head(of: bench.key).operatorState, effects: crash.count,
      calls: bench.provider.performed.count)
  }

  /// Applies again after something went wrong, and checks that nothing tells the difference.
  func expectRecovery(_ bench: Bench, _ story: Story, _ ending: Ending, _ what: String) async throws {
    bench.provider.plan(FaultPlan())
    let again = try await bench.apply(story.goal, pauses: story.pauses)
    #expect(again.outcome == .succeeded || again.outcome == .nothingToDo, "\(what)")
    let isTheSame = bench.outline == ending.outline
    #expect(isTheSame, "\(what): \(bench.instances.map(\.id))")
    let releases = try await bench.releases
    #expect(releases.map(\.number) == Array(1..<(releases.count + 1)), "\(what)")
    let areTheSame = releases.map(\.snapshot) == ending.snapshots
    #expect(areTheSame, "\(what)")
    #expect(releases.map(\.restoredFrom) == ending.restored, "\(what)")
    #expect(try await bench.store.head(of: bench.key).operatorState == ending.operatorState, "\(what)")
    let runs = try await bench.store.runs(of: bench.key, limit: .max)
    #expect(!runs.contains { $0.outcome == .unfinished }, "\(what)")

    // A third time there is nothing to do, and nothing is written.
    bench.provider.plan(FaultPlan())
    let writes = bench.store.writes
    #expect(try await bench.apply(story.goal, pauses: story.pauses).outcome == .nothingToDo, "\(what)")
    #expect(bench.provider.performed.isEmpty && bench.store.writes == writes, "\(what)")

    // Nothing is forgotten: a destroy finds everything that was made, and whoever comes next gets the lock.
    try await bench.apply(.destroy(volumes: true))
    #expect(bench.provider.world.keys.isEmpty, "\(what)")
    #expect(
      try await bench.apply(Examples.hello).release?.number == releases.count
        + (releases.last?.snapshot == nil ? 1 : 2))
    #expect(try await bench.store.lock(of: bench.key) == nil, "\(what)")
  }

  @Test(arguments: Story.all, [1, 4])
  func aRunCanBeKilledAnywhere(_ story: Story, parallelism: Int) async throws {
    let ending = try await ending(of: story)
    try #require(ending.effects > 3)
    for effect in story.sample(1...ending.effects) {
      for point in [CrashSwitch.Point(before: effect), CrashSwitch.Point(after: effect)] {
        let bench = Bench { $0.parallelism = parallelism }
        try await story.before(bench)
        let crash = CrashSwitch(point)
        let request = bench.request(story.goal, pauses: story.pauses)
        do {
          let result = try await bench.engine(crash: crash).apply(request)
          // Only a run that had nothing left to do but give the lock back comes to its end.
          #expect(result.outcome == .succeeded && effect == ending.effects, "\(point)")
        } catch is Crash {}
        #expect(crash.hasTripped, "\(point)")
        try await expectRecovery(bench, story, ending, "\(story.name), \(point)")
      }
    }
    let points = 2 * story.sample(1...ending.effects).count
    print("\(story.name), \(parallelism) at a time: killed at \(points) points")
  }

  /// The run that takes over from a killed one can be killed as well.
  @Test(arguments: Story.short)
  func aRunCanBeKilledTwice(_ story: Story) async throws {
    let ending = try await ending(of: story)
    var pairs = 0
    for first in 1...ending.effects {
      var second = 1
      while try await killTwice(story, after: first, and: second, ending) {
        second += 1
        pairs += 1
      }
    }
    print("\(story.name): killed twice at \(pairs) pairs of points")
  }

  /// Returns whether the second run had as many effects as that.
  func killTwice(_ story: Story, after first: Int, and second: Int, _ ending: Ending) async throws -> Bool {
    let bench = Bench { $0.parallelism = 1 }
    try await story.before(bench)
    let crashes = [first, second].map { CrashSwitch(.init(after: $0)) }
    for crash in crashes {
      let request = bench.request(story.goal, pauses: story.pauses)
      do { _ = try await bench.engine(crash: crash).apply(request) } catch is Crash {}
    }
    guard crashes.allSatisfy(\.hasTripped) else { return false }
    try await expectRecovery(bench, story, ending, "\(story.name), after \(first) and \(second)")
    return true
  }

  @Test(arguments: Story.all)
  func aProviderCanFailAnywhere(_ story: Story) async throws {
    let ending = try await ending(of: story)
    let effects = Fault.Effect.allCases.filter { $0 != .hang }
    guard ending.calls > 0 else { return }
    for call in story.sample(1...ending.calls) {
      for effect in effects {
        let bench = Bench { $0.parallelism = 1 }
        try await story.before(bench)
        let before = try await bench.releases
        bench.provider.plan(FaultPlan([Fault(effect, at: .perform(call))]))
        let result = try await bench.apply(story.goal, pauses: story.pauses)
        let what = "\(story.name), \(effect) at call \(call)"
        #expect(result.outcome == .failed && result.failures.count == 1, "\(what)")
        #expect(try await bench.releases.count == before.count, "\(what)")
        #expect(try await bench.store.lock(of: bench.key) == nil, "\(what)")
        try await expectRecovery(bench, story, ending, what)
      }
    }
    print("\(story.name): \(story.sample(1...ending.calls).count * effects.count) faults")
  }

  @Test(arguments: Story.all)
  func aProviderThatHangsCanBeInterrupted(_ story: Story) async throws {
    let ending = try await ending(of: story)
    guard ending.calls > 0 else { return }
    for call in 1...ending.calls {
      let bench = Bench { $0.parallelism = 1 }
      try await story.before(bench)
      bench.provider.plan(FaultPlan([Fault(.hang, at: .perform(call))]))
      let run = Task { try await bench.apply(story.goal, pauses: story.pauses) }
      while bench.provider.performed.count < call { await Task.yield() }
      run.cancel()
      let result = try await run.value
      let what = "\(story.name), hanging at call \(call)"
      #expect(result.outcome == .failed && result.wasInterrupted, "\(what)")
      try await expectRecovery(bench, story, ending, what)
    }
  }
}
