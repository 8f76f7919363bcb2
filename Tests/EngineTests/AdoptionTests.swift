import Diagnostics
import Engine
import Planning
import ProviderContract
import ProviderKit
import Testing
import Values

/// Taking over what is there already.
@Suite struct AdoptionTests {
  private let goal = Goal.spec(Examples.web, services: nil)

  @Test("What does not differ goes on") func whatDoesNotDifferGoesOn() async throws {
    let bench = Bench()
    bench.addProject(Examples.web)
    let before = bench.provider.world.strangers.values.map(\.processID).sorted()
    let plan = try await bench.plan(goal, adopts: true)
    #expect(
      plan.actions.map(\.id.description) == [
        "adopt 0.api", "adopt 0.envoy", "adopt 0.logs", "create 0.migrate", "record workload",
      ])
    #expect(plan.interruptions.isEmpty)
    let result = try await bench.apply(goal, adopts: true)
    #expect(result.outcome == .succeeded && result.release?.number == 1)
    #expect(["api", "envoy", "logs"].compactMap { bench.processID($0) }.sorted() == before)
    #expect(bench.provider.world.strangers.isEmpty)
    #expect(try await bench.apply(goal, adopts: true).outcome == .nothingToDo)
    #expect(try await bench.apply(goal).outcome == .nothingToDo)
  }

  @Test("What differs is changed afterwards") func whatDiffersIsChangedAfterwards() async throws {
    let bench = Bench()
    bench.addProject(
      Examples.web("api") {
        $0.command = ["/bin/older"]; $0.env["MORE"] = "1"
      })
    let plan = try await bench.plan(goal, adopts: true)
    let change = try #require(plan.actions.first { $0.id == ActionID("replace 0.api") })
    // Live values that the spec does not have are taken away, too: none of them is ours yet.
    #expect(Set(change.changes.map(\.path)) == ["command", "env.MORE"])
    #expect(change.causes == [.spec])
    let adoptions = plan.actions.filter { $0.kind == .adopt }
    #expect(plan.actions.starts(with: adoptions) && adoptions.count == 3)
    #expect(try await bench.apply(goal, adopts: true).outcome == .succeeded)
    #expect(try await bench.apply(goal).outcome == .nothingToDo)
    #expect(bench.provider.world.observation(of: bench.key).adopted.map(\.name) == ["envoy", "logs"])
  }

  @Test("Without being asked nothing is taken over") func withoutBeingAskedNothingIsTakenOver() async throws {
    let bench = Bench()
    bench.addProject(Examples.web, named: "shop")
    let plan = try await bench.plan(goal)
    #expect(!plan.actions.contains { $0.kind == .adopt })
    #expect(plan.notes.contains { $0.code == .couldAdopt })
    let strangers = bench.provider.world.strangers
    #expect(try await bench.apply(goal).outcome == .succeeded)
    #expect(bench.provider.world.strangers == strangers)
  }

  @Test("An adoption that was broken off is gone on with, and nothing is made beside its rest")
  func nothingIsMadeBesideAnUnfinishedAdoption() async throws {
    let bench = Bench { $0.parallelism = 1 }
    bench.addProject(Examples.web)
    bench.provider.plan(FaultPlan([Fault(.fail, at: .action(ActionID("adopt 0.envoy")))]))
    #expect(try await bench.apply(goal, adopts: true).outcome == .failed)
    bench.provider.plan(FaultPlan())
    #expect(bench.provider.world.strangers.count == 2)
    #expect(try await bench.refusal(of: goal) == [.adoptionUnfinished])
    #expect(try await bench.apply(goal, adopts: true).outcome == .succeeded)
    #expect(bench.provider.world.strangers.isEmpty)
  }

  @Test("What was adopted is not taken back") func whatWasAdoptedIsNotTakenBack() async throws {
    let bench = Bench { $0.atomic = true }
    bench.addProject(Examples.web)
    bench.provider.meddle { $0.failingCommands = [["/bin/migrate"]] }
    let result = try await bench.apply(goal, adopts: true)
    #expect(result.outcome == .failed && result.recovery == nil)
    #expect(result.recoveryProblems.map(\.code) == [.adoptionStays])
    #expect(bench.provider.world.observation(of: bench.key).adopted.count == 3)
    // The next one does not either.
    let next = try await bench.apply(goal)
    #expect(next.outcome == .failed && next.recoveryProblems.map(\.code) == [.adoptionStays])
    #expect(bench.provider.world.observation(of: bench.key).adopted.count == 3)
  }

  @Test("Where nothing is there nothing is adopted") func whereNothingIsThereNothingIsAdopted() async throws {
    #expect(try await Bench().refusal(of: goal, adopts: true) == [.nothingToAdopt])
    let destroyed = Bench()
    try await destroyed.apply(Examples.web)
    try await destroyed.apply(.destroy(volumes: true))
    #expect(try await destroyed.refusal(of: goal, adopts: true) == [.nothingToAdopt])
  }

  @Test("More than the spec has is refused") func moreThanTheSpecHasIsRefused() async throws {
    let bench = Bench()
    bench.addProject(Examples.three)
    let one = Examples.workload(Examples.three.services, replicas: 1)
    #expect(try await bench.refusal(of: .spec(one, services: nil), adopts: true) == [.cannotAdopt])
    #expect(bench.provider.world.strangers.count == 3)
  }

  @Test("What can adopt nothing says so", arguments: UnitOfChange.allCases) func whatCanAdoptNothingSaysSo(
    _ unit: UnitOfChange
  ) async throws {
    let capabilities = Set(Capability.allCases).subtracting(unit == .instance ? [] : [.adopt])
    let bench = Bench(capabilities: capabilities, unit: unit)
    bench.addProject(Examples.web)
    #expect(try await bench.refusal(of: goal, adopts: true) == [.missingCapability])
  }

  // MARK: Saved plans

  @Test("A saved plan holds it") func aSavedPlanHoldsIt() async throws {
    let bench = Bench()
    bench.addProject(Examples.web)
    let saved = try await bench.preview.savedPlan(bench.request(goal, adopts: true)).saved
    let read = try SavedPlan(try Value(json: CanonicalJSON.pretty(saved.plain)))
    #expect(read.plain == saved.plain && read.adoption == AdoptionRequest(from: "project"))
    let request = WorkloadRequest(read, pause: Examples.pause)
    #expect(try await bench.engine().apply(request).outcome == .succeeded)
    #expect(bench.provider.world.observation(of: bench.key).adopted.count == 3)
  }

  @Test("Another of the same name is not adopted") func anotherOfTheSameNameIsNotAdopted() async throws {
    let bench = Bench()
    bench.addProject(Examples.web)
    let saved = try await bench.preview.savedPlan(bench.request(goal, adopts: true)).saved
    bench.provider.meddle { world in
      for id in world.strangers.keys { world.removeStranger(id) }
    }
    bench.addProject(Examples.web)
    let request = WorkloadRequest(saved, pause: Examples.pause)
    let error = try await #require(throws: DiagnosticError.self) { try await bench.engine().apply(request) }
    #expect(error.diagnostics.map(\.code) == [.planChanged])
    #expect(bench.provider.world.strangers.count == 3)
  }
}
