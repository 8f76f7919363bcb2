import Diagnostics
import Engine
import MachineKit
import ProviderContract
import ProviderKit
import Testing

/// Breaks off what happens to a group of machines at every call that changes something, of the cloud's and of the store's, and applies
/// again: no machine is there twice, and none is forgotten.
@Suite struct MachineCrashTests {
  /// How a story goes if nothing goes wrong.
  private struct Rehearsal {
    let outline: [String]
    let releases: Int
    let outcome: RunResult.Outcome
    let effects: Int
    let replies: Int
  }

  private func rehearse(_ story: MachineStory) async throws -> Rehearsal {
    var replies = 0
    try await withMock { world in
      let stage = MachineStage(world, story)
      try await stage.prepare()
      let counter = LostReplySwitch(at: 0)
      _ = try await stage.run(through: counter)
      replies = counter.count
    }
    var rehearsal: Rehearsal?
    try await withMock { world in
      let stage = MachineStage(world, story)
      try await stage.prepare()
      let counter = CrashSwitch()
      let result = try await stage.run(through: counter)
      rehearsal = Rehearsal(
        outline: try await stage.outline(), releases: try await stage.releases, outcome: result.outcome,
        effects: counter.count, replies: replies)
    }
    return try #require(rehearsal)
  }

  /// What tells the end of another run of the last step from the rehearsed one.
  private func problems(_ stage: MachineStage, _ rehearsal: Rehearsal) async throws -> [String] {
    var problems: [String] = []
    let again = try await stage.run()
    if ![rehearsal.outcome, .succeeded, .nothingToDo].contains(again.outcome) {
      problems.append("the next apply \(again.outcome)")
    }
    let outline = try await stage.outline()
    if outline != rehearsal.outline { problems.append("\(outline) instead of \(rehearsal.outline)") }
    let releases = try await stage.releases
    if releases != rehearsal.releases {
      problems.append("\(releases) releases instead of \(rehearsal.releases)")
    }
    // Nothing is forgotten: a destroy finds everything that was made.
    _ = try await stage.apply(.destroy(volumes: true))
    let left = try await stage.outline()
    if !left.isEmpty { problems.append("forgotten: \(left)") }
    return problems
  }

  @Test(
    "A run can be killed anywhere, and the next one ends where it would have", arguments: MachineStory.all)
  func aRunCanBeKilledAnywhere(_ story: MachineStory) async throws {
    let rehearsal = try await rehearse(story)
    try #require(rehearsal.effects > 3)
    for effect in 1...rehearsal.effects {
      for point in [CrashSwitch.Point(before: effect), CrashSwitch.Point(after: effect)] {
        try await withMock { world in
          let stage = MachineStage(world, story)
          try await stage.prepare()
          let crash = CrashSwitch(point)
          do { _ = try await stage.run(through: crash) } catch is Crash {}
          #expect(crash.hasTripped, "\(point)")
          #expect(try await problems(stage, rehearsal) == [], "\(point)")
        }
      }
    }
  }

  @Test("The answer to any call can be lost", arguments: MachineStory.all)
  func theAnswerToAnyCallCanBeLost(_ story: MachineStory) async throws {
    let rehearsal = try await rehearse(story)
    for call in 1...rehearsal.replies {
      try await withMock { world in
        let stage = MachineStage(world, story)
        try await stage.prepare()
        do { _ = try await stage.run(through: LostReplySwitch(at: call)) } catch is ProviderError {
        } catch is DiagnosticError {}
        #expect(try await problems(stage, rehearsal) == [], "call \(call)")
      }
    }
  }
}
