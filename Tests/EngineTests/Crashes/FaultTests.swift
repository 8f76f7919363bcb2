import Diagnostics
import Engine
import Planning
import ProviderContract
import ProviderKit
import TestSupport
import Testing

/// Lets every call of every story go wrong in every way, and applies again.
@Suite struct FaultTests {
  /// The ways in which any call can go wrong, whether of the store or of the provider.
  enum Mishap: String, CaseIterable, Sendable {
    case fail, loseReply
    /// The clock on the wall goes back by a day.
    case clockBack
    /// The program stands still for so long that another run takes the lock and does the same.
    case takenOver

    func gate(on bench: Bench, _ story: Story, at call: Int) -> FaultSwitch {
      switch self {
      case .fail: FaultSwitch(.fail, at: call)
      case .loseReply: FaultSwitch(.loseReply, at: call)
      case .clockBack: FaultSwitch(.comeLate { bench.time.setClock(by: .seconds(-86_400)) }, at: call)
      case .takenOver:
        FaultSwitch(
          .comeLate { try await bench.apply(story.goal, pauses: story.pauses, adopts: story.adopts) },
          at: call)
      }
    }
  }

  /// Has the chosen calls of the last step of a story go wrong.
  func disturb(_ rehearsal: Rehearsal, at calls: [Int], by mishaps: [Mishap] = Mishap.allCases) async {
    let story = rehearsal.story
    for call in calls {
      for mishap in mishaps {
        await rehearsal.tally(.fault).try("\(story.name), \(mishap) at call \(call)") {
          let bench = rehearsal.start.copy()
          let gate = mishap.gate(on: bench, story, at: call)
          do {
            let result = try await rehearsal.run(on: bench, through: gate)
            if mishap == .clockBack, result.outcome != rehearsal.outcome { return ["it \(result.outcome)"] }
          } catch let error as DiagnosticError {
            if mishap == .clockBack { return ["\(error)"] }
          }
          guard gate.count >= call else { return ["it made \(gate.count) calls only"] }
          return try await rehearsal.problems(on: bench)
        }
      }
    }
  }

  @Test("Any call can go wrong", arguments: Story.onAllUnits)
  func anyCallCanGoWrong(_ story: UnitStory) async throws {
    let rehearsal = try await Rehearsal(story)
    await disturb(rehearsal, at: story.sample(1...rehearsal.calls, oneIn: 8))
  }

  @Test("Any call for generated workloads can go wrong", arguments: Story.generations)
  func anyCallForGeneratedWorkloadsCanGoWrong(_ seeds: Range<UInt64>) async throws {
    var calls = 0
    for seed in seeds {
      guard let rehearsal = try await Rehearsal.ofGenerated(seed) else { continue }
      calls += rehearsal.calls
      // All of them would be the square of what is tried for stories: each seed has its own sample.
      let size = Thoroughness.isFull ? 12 : 40
      await disturb(rehearsal, at: (1...rehearsal.calls).filter { ($0 + Int(seed)) % size == 0 })
    }
    #expect(calls > 0)
  }

  /// What only a provider can do: half of an action, or all of it without ever seeing the service ready.
  @Test("A provider can fail anywhere", arguments: Story.onAllUnits)
  func aProviderCanFailAnywhere(_ told: UnitStory) async throws {
    let rehearsal = try await Rehearsal(told)
    let story = told.story
    guard rehearsal.actions > 0 else { return }
    for call in story.sample(1...rehearsal.actions) {
      for effect in Fault.Effect.allCases where effect != .hang {
        await rehearsal.tally(.fault).try("\(story.name), \(effect) at action \(call)") {
          let bench = rehearsal.start.copy()
          bench.provider.plan(FaultPlan([Fault(effect, at: .perform(call))]))
          let result = try await bench.apply(story.goal, pauses: story.pauses, adopts: story.adopts)
          guard result.outcome == .failed, result.failures.count == 1 || story.isAtomic else {
            return ["it \(result.outcome) with \(result.failures.count) failures"]
          }
          guard try await bench.releases.count == rehearsal.start.releases.count else {
            return ["it recorded a release"]
          }
          guard try await bench.store.lock(of: bench.key) == nil else { return ["it keeps the lock"] }
          return try await rehearsal.problems(on: bench)
        }
      }
    }
  }

  @Test("A provider that hangs can be interrupted", arguments: Story.onAllUnits)
  func aProviderThatHangsCanBeInterrupted(_ told: UnitStory) async throws {
    let rehearsal = try await Rehearsal(told)
    let story = told.story
    guard rehearsal.actions > 0 else { return }
    for call in 1...rehearsal.actions {
      await rehearsal.tally(.fault).try("\(story.name), hanging at action \(call)") {
        let bench = rehearsal.start.copy()
        bench.provider.plan(FaultPlan([Fault(.hang, at: .perform(call))]))
        let run = Task { try await bench.apply(story.goal, pauses: story.pauses, adopts: story.adopts) }
        while bench.provider.performed.count < call { await Task.yield() }
        run.cancel()
        let result = try await run.value
        guard result.outcome == .failed, result.wasInterrupted || story.isAtomic else {
          return ["it \(result.outcome)"]
        }
        return try await rehearsal.problems(on: bench)
      }
    }
  }
}
