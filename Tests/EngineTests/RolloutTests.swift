import Engine
import Planning
import ProviderContract
import ProviderKit
import Testing
import WorkloadSpec

/// Rollouts from the first new instance to the last old one, with a pause between or without.
@Suite struct RolloutTests {
  let origin = Provenance(commit: "c0ffee", isDirty: false, author: "Ada <ada@example.com>")

  func instances(_ bench: Bench) -> [String] { bench.instances.map(\.id.description) }

  func versions(_ bench: Bench) -> [String: String?] {
    Dictionary(
      uniqueKeysWithValues: bench.instances.map {
        ($0.id.description, $0.service("api")?.live.service.env["VERSION"])
      })
  }

  @Test("A surge leaves ordinary instances") func aSurgeLeavesOrdinaryInstances() async throws {
    let bench = Bench()
    for version in 1...3 { try await bench.apply(Examples.pair(.rolling, version: version)) }
    #expect(versions(bench) == ["0_g2": "3", "1_g2": "3"])
    let sidecar = Examples.pair(.rolling, version: 3) { $0.services[2].env = ["A": "1"] }
    try await bench.apply(sidecar)
    try await bench.apply(.scale(1))
    #expect(instances(bench) == ["0_g2"])
    try await bench.apply(.scale(2))
    #expect(instances(bench) == ["0_g2", "1"])
    #expect(try await bench.apply(sidecar).outcome == .nothingToDo)
  }

  @Test("A failure leaves the old set at work") func aFailureLeavesTheOldSetAtWork() async throws {
    for type in [StrategyType.rolling, .blueGreen, .canary] {
      var bench = Bench()
      try await bench.apply(Examples.pair(type))
      bench.provider.meddle { $0.failingCommands = [["/bin/broken"]] }
      let broken = Examples.pair(type, version: 2) { $0.services[1].command = ["/bin/broken"] }
      #expect(try await bench.apply(broken).outcome == .failed)
      let old = bench.instances.filter { $0.id.generation == 0 }
      #expect(old.count == 2 && old.allSatisfy(\.isReady), "\(type)")
      // What is left to look at goes with the next apply, or at once where that is asked for.
      #expect(bench.instances.count > 2, "\(type)")
      try await bench.apply(Examples.pair(type))
      #expect(instances(bench) == ["0", "1"], "\(type)")
      bench.options.atomic = true
      let result = try await bench.apply(broken)
      #expect(result.outcome == .failed && result.recovery?.outcome == .succeeded, "\(type)")
      #expect(instances(bench) == ["0", "1"], "\(type)")
      #expect(try await bench.releases.map(\.number) == [1], "\(type)")
    }
  }

  @Test("A canary waits and is promoted with what it came from")
  func aCanaryWaitsAndIsPromotedWithWhatItCameFrom() async throws {
    let bench = Bench()
    try await bench.apply(Examples.pair(.canary))
    let new = Examples.pair(.canary, version: 2)
    let paused = try await bench.apply(
      .spec(new, services: nil), pauses: true, provenance: ["api": origin])
    #expect(paused.outcome == .succeeded && paused.release == nil)
    #expect(versions(bench) == ["0": "1", "0_g1": "2", "1": "1"])
    let state = try await bench.store.head(of: bench.key).operatorState
    #expect(state.rollout?.progress == "canary 1/2" && state.rollout?.provenance == ["api": origin])
    let same = try await bench.apply(new, pauses: true)
    #expect(same.outcome == .nothingToDo)
    #expect(try await bench.preview.drift(of: bench.key).isEmpty)

    let promoted = try await bench.apply(.promote)
    #expect(promoted.release?.number == 2 && promoted.release?.snapshot == new)
    #expect(promoted.release?.provenance == ["api": origin])
    #expect(versions(bench) == ["0_g1": "2", "1_g1": "2"])
    #expect(try await bench.store.head(of: bench.key).operatorState == OperatorState())
    #expect(try await bench.apply(.promote).outcome == .nothingToDo)
    #expect(try await bench.apply(.abort).outcome == .nothingToDo)
    #expect(try await bench.apply(new).outcome == .nothingToDo)
  }

  @Test("An aborted rollout leaves no trace") func anAbortedRolloutLeavesNoTrace() async throws {
    for type in [StrategyType.canary, .blueGreen] {
      let bench = Bench()
      try await bench.apply(Examples.pair(type))
      let before = bench.outline
      try await bench.apply(Examples.pair(type, version: 2), pauses: true)
      let aborted = try await bench.apply(.abort)
      #expect(aborted.outcome == .succeeded && aborted.release == nil)
      #expect(bench.outline == before, "\(type)")
      #expect(try await bench.releases.map(\.number) == [1])
      #expect(try await bench.apply(Examples.pair(type)).outcome == .nothingToDo)
    }
  }

  @Test("While it is paused no other spec is applied") func whileItIsPausedNoOtherSpecIsApplied() async throws
  {
    let bench = Bench()
    try await bench.pause(.canary)
    let other = Examples.pair(.canary, version: 3)
    for goal in [
      Goal.spec(other, services: nil), .spec(Examples.pair(.canary), services: nil), .scale(3),
      .spec(Examples.pair(.canary, version: 2), services: ["envoy"]),
    ] {
      #expect(try await bench.refusal(of: goal) == [.rolloutPaused])
      #expect(try await bench.plan(goal).notes.contains { $0.code == .isPaused })
    }
    #expect(try await bench.refusal(of: .spec(other, services: nil), pauses: true) == [.rolloutPaused])
    // A suspended workload can be taken back, and not be promoted.
    try await bench.apply(.operation(.suspend(Examples.suspension)))
    #expect(try await bench.refusal(of: .promote) == [.suspended])
    #expect(try await bench.apply(.abort).outcome == .succeeded)
    try await bench.apply(.operation(.unsuspend))
    #expect(try await bench.apply(other).release?.number == 2)
  }

  @Test("Operators handle both sets") func operatorsHandleBothSets() async throws {
    let bench = Bench()
    try await bench.pause(.canary)
    let before = bench.outline
    try await bench.apply(.operation(.restart(.all)))
    #expect(bench.outline == before)
    try await bench.apply(.operation(.stop(.all)))
    #expect(bench.instances.allSatisfy { !$0.isReady })
    try await bench.apply(.operation(.start(.all)))
    #expect(bench.outline == before)
    try await bench.apply(.release(nil))
    #expect(versions(bench) == ["0": "1", "1": "1"])
    #expect(try await bench.store.head(of: bench.key).operatorState == OperatorState())
  }

  @Test("A promotion that fails can go on or back") func aPromotionThatFailsCanGoOnOrBack() async throws {
    for goal in [Goal.promote, .abort] {
      let bench = Bench()
      try await bench.pause(.canary)
      bench.provider.plan(FaultPlan([Fault(.fail, at: .action(ActionID("create 1_g1.api")))]))
      #expect(try await bench.apply(.promote).outcome == .failed)
      #expect(try await bench.store.head(of: bench.key).operatorState.rollout != nil)
      #expect(try await bench.apply(goal).outcome == .succeeded)
      let version = if case .promote = goal { "2" } else { "1" }
      #expect(versions(bench).values.allSatisfy { $0 == version } && instances(bench).count == 2)
    }
  }

  @Test("A provider that can't is not asked") func aProviderThatCantIsNotAsked() async throws {
    let bench = Bench(capabilities: [.provision, .deploy, .scale, .rolling])
    for type in [StrategyType.canary, .blueGreen] {
      #expect(try await bench.refusal(of: .spec(Examples.pair(type), services: nil)) == [.missingCapability])
    }
    #expect(
      try await bench.refusal(of: .spec(Examples.pair(.rolling), services: nil), pauses: true) == [
        .cannotPause
      ])
    #expect(try await bench.refusal(of: .promote) == [.noRelease])
  }

  @Test("A saved plan pauses") func aSavedPlanPauses() async throws {
    let bench = Bench()
    try await bench.apply(Examples.pair(.blueGreen))
    let new = Goal.spec(Examples.pair(.blueGreen, version: 2), services: nil)
    let (plan, saved) = try await bench.preview.savedPlan(bench.request(new, pauses: true))
    #expect(plan.pauses && saved.pauses)
    let read = try SavedPlan(saved.plain)
    let request = WorkloadRequest(read, pause: Examples.pause)
    #expect(try await bench.engine().apply(request).outcome == .succeeded)
    #expect(try await bench.store.head(of: bench.key).operatorState.rollout?.pause == Examples.pause)
    #expect(try await bench.engine().apply(request).outcome == .nothingToDo)
  }
}
