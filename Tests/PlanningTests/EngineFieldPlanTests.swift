import ProviderContract
import Testing
import Values
import WorkloadSpec

@testable import Planning

/// What is said on the engine is compared as what is said in the language, and what is said on another one is not.
@Suite struct EngineFieldPlanTests {
  private static func service(_ edit: (inout Service) -> Void = { _ in }) -> Service {
    var service = Service()
    service.name = "api"
    service.command = ["/bin/api"]
    edit(&service)
    return service
  }

  private static func workload(_ edit: (inout Workload) -> Void = { _ in }) -> Workload {
    var workload = Workload()
    workload.name = "shop"
    workload.services = [service()]
    edit(&workload)
    return workload
  }

  private static func digest(_ workload: Workload) -> SpecDigest {
    SpecDigest(of: workload.services[0], in: workload, on: SimulatedFields.all)
  }

  private static func changes(from live: Workload, to desired: Workload) throws -> [Change] {
    let (engine, key) = (SimulatedFields.all, WorkloadKey(name: "shop"))
    let stamp = Stamp(
      key: key, instance: InstanceID(0), service: "api", run: RunID("run-1"), digest: digest(live))
    let observed = ObservedService(
      name: "api", stamp: stamp, state: .running, isReady: true,
      live: LiveService(spec: live.services[0], workloadBlocks: live.on))
    let release = Release(
      number: 1, key: key, snapshot: live, recordedAt: Timestamp(milliseconds: 0), by: "ada",
      run: RunID("run-1"))
    let input = PlanInput(
      key: key, target: "test", intent: .apply, desired: desired,
      observation: Observation(
        engine: EngineIdentity(provider: "simulated", id: "1"),
        instances: [ObservedInstance(id: InstanceID(0), services: [observed])]),
      lastRelease: release, engine: engine, impact: { ImpactStatement($0.minimum) })
    return PlanContext(input: input, desired: desired, operatorState: OperatorState()).diff
      .changes(of: AnyElement(desired.services[0]), from: observed)
  }

  @Test("The digest holds the blocks of the engine alone") func theDigestHoldsTheBlocksOfTheEngineAlone() {
    let base = Self.workload()
    #expect(Self.digest(base) == SpecDigest(of: base.services[0], in: base, on: nil))
    let same: [(inout Workload) -> Void] = [
      { $0.on["elsewhere"] = ["pool": "left"] },
      { $0.services[0].on["elsewhere"] = ["seed": "1"] },
      { $0.services[0].on["simulated"] = ["priority": 5] },
      { $0.services[0].on[SimulatedService.self].remark = "never compared" },
    ]
    for edit in same { #expect(Self.digest(Self.workload(edit)) == Self.digest(base)) }
    let others: [(inout Workload) -> Void] = [
      { $0.on[SimulatedWorkload.self].pool = "left" },
      { $0.services[0].on[SimulatedService.self].priority = 6 },
      { $0.services[0].on[SimulatedService.self].seed = "one" },
    ]
    #expect(Set(others.map { Self.digest(Self.workload($0)) } + [Self.digest(base)]).count == 4)
  }

  @Test("A change has the path and the impact that are declared")
  func aChangeHasThePathAndTheImpactThatAreDeclared() throws {
    let live = Self.workload { workload in
      workload.on[SimulatedWorkload.self].pool = "left"
      workload.services[0].on[SimulatedService.self].priority = 1
    }
    let desired = Self.workload { workload in
      workload.on[SimulatedWorkload.self].pool = "right"
      workload.services[0].on[SimulatedService.self].priority = 2
      workload.services[0].on[SimulatedService.self].seed = "hush"
      workload.services[0].on["elsewhere"] = ["seed": "1"]
    }
    let changes = try Self.changes(from: live, to: desired)
    #expect(
      changes.map(\.path) == ["on.simulated.priority", "on.simulated.seed", "workload.on.simulated.pool"])
    #expect(changes.map(\.impact) == [.inPlace, .restart, .replace])
    #expect(changes.map(\.old) == [.value(1), .absent, .value("left")])
    #expect(changes.map(\.new) == [.value(2), .secret, .value("right")])
    #expect(changes.allSatisfy { $0.causes == [.spec] })
  }

  @Test("What is never compared or said elsewhere is no change")
  func whatIsNeverComparedOrSaidElsewhereIsNoChange() throws {
    let desired = Self.workload { workload in
      workload.services[0].on[SimulatedService.self].remark = "a word"
      workload.on["elsewhere"] = ["pool": "left"]
    }
    #expect(try Self.changes(from: Self.workload(), to: desired).isEmpty)
  }

  @Test("What the spec has no more goes back to its default") func whatTheSpecHasNoMoreGoesBackToItsDefault()
    throws
  {
    let live = Self.workload { $0.services[0].on[SimulatedService.self].priority = 1 }
    let bare = Self.workload()
    let changes = try Self.changes(from: live, to: bare)
    #expect(changes.map(\.path) == ["on.simulated.priority"])
    #expect(changes.map(\.new) == [.value(5)])
  }

  @Test("A difference of snapshots tells what is said on all engines")
  func aDifferenceOfSnapshotsTellsWhatIsSaidOnAllEngines() {
    let new = Self.workload { workload in
      workload.on["elsewhere"] = ["pool": "left"]
      workload.services[0].on[SimulatedService.self].priority = 2
      workload.services[0].on[SimulatedService.self].seed = "hush"
      workload.services[0].on["elsewhere"] = ["seed": "1"]
    }
    let diff = SnapshotDiff(from: Self.workload(), to: new, on: [SimulatedFields.all])
    #expect(diff.workloadChanges.map(\.path) == ["on.elsewhere"])
    let changes = diff.services.flatMap(\.changes)
    #expect(
      changes.map(\.path) == [
        "on.simulated.priority", "on.simulated.seed", "on.elsewhere",
      ])
    #expect(changes[1].new == .secret)
  }

  @Test("The fingerprint holds what the engine is told") func theFingerprintHoldsWhatTheEngineIsTold() {
    let live = Self.workload { workload in
      workload.on[SimulatedWorkload.self].pool = "left"
      workload.services[0].on[SimulatedService.self].priority = 1
    }
    func observation(_ workload: Workload) -> Observation {
      let stamp = Stamp(
        key: WorkloadKey(name: "shop"), instance: InstanceID(0), service: "api", run: RunID("run-1"),
        digest: Self.digest(live))
      let service = ObservedService(
        name: "api", stamp: stamp, state: .running, isReady: true,
        live: LiveService(spec: workload.services[0], workloadBlocks: workload.on))
      return Observation(
        engine: EngineIdentity(provider: "simulated", id: "1"),
        instances: [ObservedInstance(id: InstanceID(0), services: [service])])
    }
    let one = observation(live).fingerprint(desired: live, last: live)
    var told = live
    told.services[0].on["elsewhere"] = ["seed": "1"]
    #expect(observation(live).fingerprint(desired: told, last: live) == one)
    var moved = live
    moved.services[0].on[SimulatedService.self].priority = 2
    #expect(observation(moved).fingerprint(desired: live, last: live) != one)
    moved = live
    moved.on[SimulatedWorkload.self].pool = "right"
    #expect(observation(moved).fingerprint(desired: live, last: live) != one)
    // What neither the spec nor the last release sets is not owned.
    moved = live
    moved.services[0].on[SimulatedService.self].seed = "one"
    #expect(observation(moved).fingerprint(desired: live, last: live) == one)
  }
}
