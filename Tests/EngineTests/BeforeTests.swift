import Engine
import Planning
import ProviderContract
import ProviderKit
import Testing
import WorkloadSpec

/// What runs once per run, before any instance changes, on engines of every unit of change.
@Suite struct BeforeTests {
  func ran(_ bench: Bench) -> [String] {
    bench.provider.performed.map(\.description).filter { $0.hasPrefix("run ") }
  }

  func state(_ service: String, on bench: Bench) -> ObservedService? {
    bench.provider.world.observation(of: bench.key).before?.service(service)
  }

  @Test("It runs first in each run that changes something", arguments: UnitOfChange.allCases)
  func itRunsFirstInEachRunThatChangesSomething(unit: UnitOfChange) async throws {
    let bench = Bench(unit: unit)
    try await bench.apply(Examples.migrated())
    #expect(
      bench.provider.performed.prefix(2).map(\.description) == ["run before.check", "run before.migrate"])
    bench.provider.plan(FaultPlan())
    #expect(try await bench.apply(Examples.migrated()).outcome == .nothingToDo)
    #expect(ran(bench).isEmpty)
    let result = try await bench.apply(Examples.migrated(version: 2))
    #expect(ran(bench) == ["run before.check", "run before.migrate"])
    #expect(result.run?.summary.contains("run 2") == true)
  }

  @Test("Operators never run it", arguments: UnitOfChange.allCases)
  func operatorsNeverRunIt(unit: UnitOfChange) async throws {
    let bench = Bench(unit: unit)
    try await bench.apply(Examples.migrated())
    bench.provider.plan(FaultPlan())
    for goal in [
      Goal.scale(3), .operation(.stop(.all)), .operation(.start(.all)), .operation(.restart(.all)), .scale(1),
    ] { try await bench.apply(goal) }
    #expect(ran(bench).isEmpty)
    #expect(!bench.provider.performed.isEmpty)
  }

  @Test("Operators are told that there is nothing of it") func operatorsAreToldThatThereIsNothingOfIt()
    async throws
  {
    let bench = Bench()
    try await bench.apply(Examples.migrated())
    for operation in [
      Planning.Operation.stop(ServiceScope(service: "migrate")), .restart(ServiceScope(service: "migrate")),
    ] {
      #expect(try await bench.refusal(of: .operation(operation)) == [.runsOncePerRun])
    }
  }

  @Test("Its failure leaves everything as it was", arguments: UnitOfChange.allCases)
  func itsFailureLeavesEverythingAsItWas(unit: UnitOfChange) async throws {
    let bench = Bench(unit: unit)
    try await bench.apply(Examples.migrated())
    let before = bench.instances
    bench.provider.meddle { $0.failingCommands = [["/bin/broken"]] }
    bench.provider.plan(FaultPlan())
    let broken = Examples.migrated(version: 2) { $0.services[1].command = ["/bin/broken"] }
    let result = try await bench.apply(broken)
    #expect(result.outcome == .failed)
    #expect(result.failures.map(\.action.id.description) == ["run before.migrate"])
    #expect(result.failures[0].logTail.contains { $0.text == "giving up" })
    #expect(bench.instances == before)
    #expect(bench.provider.performed.map(\.description) == ["run before.check", "run before.migrate"])
    #expect(state("migrate", on: bench)?.hasCompleted == false)
    #expect(try await bench.releases.map(\.number) == [1])
    // The next apply runs it again, and the one after has nothing to do.
    #expect(try await bench.apply(Examples.migrated(version: 2)).outcome == .succeeded)
    #expect(try await bench.apply(Examples.migrated(version: 2)).outcome == .nothingToDo)
  }

  @Test("A failure of it leaves nothing to go back from") func aFailureOfItLeavesNothingToGoBackFrom()
    async throws
  {
    let bench = Bench { $0.atomic = true }
    try await bench.apply(Examples.migrated())
    bench.provider.meddle { $0.failingCommands = [["/bin/broken"]] }
    bench.provider.plan(FaultPlan())
    let result = try await bench.apply(
      Examples.migrated(version: 2) { $0.services[1].command = ["/bin/broken"] })
    #expect(result.outcome == .failed)
    #expect(result.recovery?.outcome == .nothingToDo)
    #expect(bench.provider.performed.count == 2)
    // What has not completed runs at the next apply, whatever that is.
    #expect(try await bench.apply(Examples.migrated()).outcome == .succeeded)
    #expect(try await bench.apply(Examples.migrated()).outcome == .nothingToDo)
  }

  @Test("Going back runs it only if asked", arguments: [false, true])
  func goingBackRunsItOnlyIfAsked(isAsked: Bool) async throws {
    let bench = Bench { $0.atomic = true }
    try await bench.apply(Examples.migrated())
    bench.provider.meddle { $0.failingCommands = [["/bin/broken"]] }
    bench.provider.plan(FaultPlan())
    var request = bench.request(
      .spec(Examples.migrated(version: 2) { $0.services[2].command = ["/bin/broken"] }, services: nil))
    request.runsBefore = isAsked
    let result = try await bench.engine().apply(request)
    #expect(result.recovery?.outcome == .succeeded)
    #expect(ran(bench).count == (isAsked ? 4 : 2))
  }

  @Test("A rollback runs it only if asked", arguments: [false, true])
  func aRollbackRunsItOnlyIfAsked(isAsked: Bool) async throws {
    let bench = Bench()
    try await bench.apply(Examples.migrated())
    try await bench.apply(Examples.migrated(version: 2))
    bench.provider.plan(FaultPlan())
    var request = bench.request(.release(1))
    request.runsBefore = isAsked
    let plan = try await bench.preview.plan(request)
    #expect(plan.notes.contains { $0.code == .beforeSkipped } == !isAsked)
    #expect(try await bench.engine().apply(request).outcome == .succeeded)
    #expect(ran(bench) == (isAsked ? ["run before.check", "run before.migrate"] : []))
    // What is released now counts as having run.
    #expect(try await bench.apply(Examples.migrated()).outcome == .nothingToDo)
  }

  @Test("A promotion does not run it again") func aPromotionDoesNotRunItAgain() async throws {
    let bench = Bench()
    func canary(_ version: Int) -> Workload {
      Examples.migrated(version: version) {
        $0.strategy.type = .canary
        $0.strategy.maxUnavailable = 0
      }
    }
    try await bench.apply(canary(1))
    bench.provider.plan(FaultPlan())
    try await bench.apply(canary(2), pauses: true)
    #expect(ran(bench).count == 2)
    #expect(try await bench.apply(canary(2), pauses: true).outcome == .nothingToDo)
    try await bench.apply(.promote)
    #expect(ran(bench).count == 2)
    #expect(try await bench.apply(canary(2)).outcome == .nothingToDo)
  }

  @Test("Chosen services run it only if it is among them") func chosenServicesRunItOnlyIfItIsAmongThem()
    async throws
  {
    let bench = Bench()
    try await bench.apply(Examples.migrated())
    bench.provider.plan(FaultPlan())
    try await bench.apply(.spec(Examples.migrated(version: 2), services: ["api"]))
    #expect(ran(bench).isEmpty)
    try await bench.apply(.spec(Examples.migrated(version: 2), services: ["migrate"]))
    #expect(ran(bench) == ["run before.migrate"])
    #expect(
      try await bench.apply(.spec(Examples.migrated(version: 2), services: ["migrate"])).outcome
        == .nothingToDo)
    // Both are as the spec has them now.
    #expect(try await bench.apply(Examples.migrated(version: 2)).outcome == .nothingToDo)
  }

  @Test("That it is gone is no drift") func thatItIsGoneIsNoDrift() async throws {
    let bench = Bench()
    try await bench.apply(Examples.migrated())
    bench.provider.meddle { $0.remove(.before, of: bench.key) }
    #expect(try await bench.preview.drift(of: bench.key).isEmpty)
    #expect(try await bench.apply(Examples.migrated()).outcome == .nothingToDo)
  }

  @Test("Drift is shown without it") func driftIsShownWithoutIt() async throws {
    let bench = Bench()
    try await bench.apply(Examples.migrated())
    bench.provider.meddle {
      $0.edit("api", in: InstanceID(0), of: bench.key) { $0.command.append("--by-hand") }
    }
    let drift = try await bench.preview.drift(of: bench.key)
    #expect(!drift.isEmpty && !drift.actions.contains { $0.kind == .run })
    // Mending it makes an instance anew, and that is what it runs before.
    bench.provider.plan(FaultPlan())
    try await bench.apply(Examples.migrated())
    #expect(ran(bench).count == 2)
  }

  /// A run that was broken off left it running: what comes next does not change anything beside it.
  @Test("What was left running is ended first", arguments: UnitOfChange.allCases)
  func whatWasLeftRunningIsEndedFirst(unit: UnitOfChange) async throws {
    let bench = Bench(unit: unit)
    try await bench.apply(Examples.migrated())
    bench.provider.plan(FaultPlan([Fault(.timeOut, at: .action(ActionID("run before.migrate")))]))
    try await bench.apply(Examples.migrated(version: 2))
    #expect(state("migrate", on: bench)?.processID != nil)
    let plan = try await bench.plan(.release(1))
    #expect(plan.actions.map(\.id.description) == ["stop before.migrate"])
    let again = try await bench.plan(.spec(Examples.migrated(), services: nil))
    #expect(again.actions.map(\.id.description) == ["run before.check", "run before.migrate"])
    #expect(again.actions.map(\.reason) == [.runsBefore, .hasNotCompleted])
    let without = try await bench.plan(.spec(Examples.migrated { $0.services.removeFirst(2) }, services: nil))
    #expect(without.actions.first?.id == ActionID("stop before.migrate"))
    #expect(without.actions.map(\.id).contains(ActionID("delete before")))
  }

  @Test("A saved plan says whether it runs") func aSavedPlanSaysWhetherItRuns() async throws {
    let bench = Bench()
    try await bench.apply(Examples.migrated())
    try await bench.apply(Examples.migrated(version: 2))
    var request = bench.request(.release(1))
    request.runsBefore = true
    let saved = try await bench.preview.savedPlan(request).saved
    let read = try SavedPlan(saved.plain)
    #expect(read.runsBefore && read.id == saved.id)
    bench.provider.plan(FaultPlan())
    _ = try await bench.engine().apply(WorkloadRequest(read, pause: Examples.pause))
    #expect(ran(bench).count == 2)
    request.runsBefore = false
    let plain = try await bench.preview.savedPlan(bench.request(.release(2))).saved.plain
    #expect(plain["runsBefore"] == nil)
  }

  @Test("An engine without it refuses the spec") func anEngineWithoutItRefusesTheSpec() async throws {
    let bench = Bench(capabilities: Set(Capability.allCases).subtracting([.before]))
    let codes = try await bench.refusal(of: .spec(Examples.migrated(), services: nil))
    #expect(Set(codes) == [.missingCapability])
  }
}
