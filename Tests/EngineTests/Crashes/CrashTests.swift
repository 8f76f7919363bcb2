import Engine
import Planning
import ProviderContract
import TestSupport
import Testing
import WorkloadSpec

/// Breaks off every story at every point, and applies again.
@Suite struct CrashTests {
  /// Kills the last step of a story at the chosen points.
  func kill(_ rehearsal: Rehearsal, at effects: [Int], parallelism: Int = 1) async {
    for effect in effects {
      for point in [CrashSwitch.Point(before: effect), CrashSwitch.Point(after: effect)] {
        await rehearsal.tally(.crash).try("\(rehearsal.story.name), \(point), \(parallelism) at a time") {
          let bench = rehearsal.start.copy { $0.parallelism = parallelism }
          let crash = CrashSwitch(point)
          do {
            let result = try await rehearsal.run(on: bench, through: crash)
            // Only a run that had nothing left to do but give the lock back comes to its end.
            if result.outcome != rehearsal.outcome || effect != rehearsal.effects { return ["it went on"] }
          } catch is Crash {}
          guard crash.hasTripped else { return ["it was not killed"] }
          return try await rehearsal.problems(on: bench)
        }
      }
    }
  }

  @Test("A run can be killed anywhere", arguments: Story.onAllUnits, [1, 4])
  func aRunCanBeKilledAnywhere(_ story: UnitStory, parallelism: Int) async throws {
    let rehearsal = try await Rehearsal(story)
    try #require(rehearsal.effects > 3)
    await kill(rehearsal, at: story.sample(1...rehearsal.effects), parallelism: parallelism)
  }

  /// The run that takes over from a killed one can be killed as well.
  @Test(
    "A run can be killed twice",
    arguments: Story.onAllUnits.filter { story in Story.short.contains { $0.name == story.story.name } })
  func aRunCanBeKilledTwice(_ story: UnitStory) async throws {
    let rehearsal = try await Rehearsal(story)
    for first in 1...rehearsal.effects {
      var second = 1
      while try await killTwice(rehearsal, after: first, and: second) { second += 1 }
    }
  }

  /// Returns whether the second run had as many effects as that.
  func killTwice(_ rehearsal: Rehearsal, after first: Int, and second: Int) async throws -> Bool {
    let bench = rehearsal.start.copy()
    let crashes = [first, second].map { CrashSwitch(.init(after: $0)) }
    for crash in crashes {
      do { _ = try await rehearsal.run(on: bench, through: crash) } catch is Crash {}
    }
    guard crashes.allSatisfy(\.hasTripped) else { return false }
    await rehearsal.tally(.crash).try("\(rehearsal.story.name), after \(first) and \(second)") {
      try await rehearsal.problems(on: bench)
    }
    return true
  }

  /// What the examples of the project say, and everything that operators do to them.
  @Test("Every example can be killed anywhere", arguments: try Story.examples())
  func everyExampleCanBeKilledAnywhere(_ story: Story) async throws {
    let rehearsal = try await Rehearsal(story)
    try #require(rehearsal.effects > 3)
    await kill(rehearsal, at: story.sample(1...rehearsal.effects, oneIn: 8))
  }

  /// Generated specs, which no author thought of.
  @Test("Generated workloads can be killed anywhere", arguments: Story.generations)
  func generatedWorkloadsCanBeKilledAnywhere(_ seeds: Range<UInt64>) async throws {
    var steps = 0
    for seed in seeds {
      guard let rehearsal = try await Rehearsal.ofGenerated(seed) else { continue }
      steps += rehearsal.effects
      // The more seeds, the fewer points of each: another part of them for each seed.
      let size = Thoroughness.isFull ? 3 : 6
      await kill(
        rehearsal, at: (1...rehearsal.effects).filter { ($0 + Int(seed)) % size == 0 },
        parallelism: seed % 2 == 0 ? 1 : 4)
    }
    #expect(steps > 0)
  }
}
