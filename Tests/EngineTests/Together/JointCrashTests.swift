import Engine
import Planning
import ProviderContract
import ProviderKit
import TestSupport
import Testing
import WorkloadSpec

/// Sets of workloads with dependencies, of which each step may go wrong.
@Suite struct JointCrashTests {
  private func sample(_ steps: ClosedRange<Int>, oneIn size: Int) -> [Int] {
    steps.filter { Thoroughness.isFull || $0 % size == 0 || $0 == steps.upperBound }
  }

  @Test("The next apply reaches the same end, in order", arguments: JointStory.all, [1, 8])
  func aSetCanBeKilledAnywhere(_ story: JointStory, parallelism: Int) async throws {
    let rehearsal = try await JointRehearsal(story)
    try #require(rehearsal.effects > 10)
    let tally = Tally.of(.crash, story.unit, .services)
    for effect in sample(1...rehearsal.effects, oneIn: story.unit == .service ? 1 : 2) {
      for point in [CrashSwitch.Point(before: effect), CrashSwitch.Point(after: effect)] {
        await tally.try("\(story.testDescription), \(point), \(parallelism) at a time") {
          let bench = rehearsal.start.copy { $0.parallelism = parallelism }
          let crash = CrashSwitch(point)
          let (_, early) = await rehearsal.run(on: bench, through: crash)
          guard crash.hasTripped else { return ["it was not killed"] }
          return early + (try await rehearsal.problems(on: bench))
        }
      }
    }
  }

  @Test("Any call of a set can go wrong", arguments: JointStory.all) func anyCallOfASetCanGoWrong(
    _ story: JointStory
  ) async throws {
    let rehearsal = try await JointRehearsal(story)
    let tally = Tally.of(.fault, story.unit, .services)
    for call in sample(1...rehearsal.calls, oneIn: 3) {
      for fault in [FaultSwitch.Effect.fail, .loseReply] {
        await tally.try("\(story.testDescription), \(fault) at call \(call)") {
          let bench = rehearsal.start.copy()
          let (_, early) = await rehearsal.run(on: bench, through: FaultSwitch(fault, at: call))
          return (story.isLenient ? [] : early) + (try await rehearsal.problems(on: bench))
        }
      }
    }
  }

  /// Each of the two sets has a workload that waits for one of the other set's: runs that held their locks while
  /// they wait for another workload would wait for ever.
  @Test("Sets that name each other's locks come to their end")
  func setsThatNameEachOthersLocksComeToTheirEnd()
    async throws
  {
    let provider = SimulatedProvider()
    // Waiting is short, and no holder is taken for silent, however slow the machine is.
    let options = EngineOptions(
      lockTimeout: .seconds(7200), timeout: .seconds(3600), parallelism: 2, lockTimeToLive: .seconds(3600))
    var environment = EngineEnvironment.live
    environment.sleep = { duration in
      guard duration <= .seconds(300) else { return try await untilCancelled() }
      try await Task.sleep(for: .milliseconds(2))
    }
    let rounds = Thoroughness.isFull ? 40 : 6
    let words = await withTaskGroup(of: [String].self) { group in
      for applier in 0..<20 {
        group.addTask { [environment] in
          var words: [String] = []
          for round in 0..<rounds {
            let version = applier * 1000 + round
            let set =
              applier.isMultiple(of: 2)
              ? [
                JointExamples.workload("a", after: ["b"], version: version),
                JointExamples.workload("b", version: version),
              ]
              : [
                JointExamples.workload("a", version: version),
                JointExamples.workload("b", after: ["a"], version: version),
              ]
            let engine = Engine(
              provider: provider, target: "local", options: options, environment: environment)
            words += await engine.apply(Bench.requests(set), watching: RunWatch()).map(\.words)
          }
          return words
        }
      }
      return await group.reduce(into: []) { $0 += $1 }
    }
    #expect(words.count == 20 * rounds * 2)
    #expect(Set(words).isSubset(of: ["succeeded"]), "\(Set(words))")
    for name in ["a", "b"] {
      #expect(try await provider.store.lock(of: .named(name)) == nil)
      #expect(try await provider.store.lastRelease(of: .named(name))?.number == 20 * rounds)
    }
  }
}
