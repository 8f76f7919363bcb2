import Diagnostics
import Planning
import Testing
import WorkloadSpec

@Suite("What tells a plan from another one")
struct PlanIdentityTests {
  private func plan(
    _ actions: [Action] = [Action(.restart, .service(InstanceID(0), "web"), causes: [.spec])],
    base: Int? = 1, target: String = "local", engine: String = "e1", name: String = "shop",
    notes: [Diagnostic] = [], replicas: Int = 1
  ) -> Plan {
    var desired = Workload()
    (desired.name, desired.replicas) = (name, replicas)
    return Plan(
      key: WorkloadKey(name: name), target: target, engine: EngineIdentity(provider: "local", id: engine),
      intent: .apply, base: base, desired: desired, workloadChanges: [], actions: actions,
      notes: Diagnostics(notes), detachedVolumes: [])
  }

  @Test("Words, notes and the name of the target are no part of it")
  func words() {
    var reworded = Action(.restart, .service(InstanceID(0), "web"), causes: [.spec])
    reworded.reason = .isNotReady
    let id = PlanIdentity(plan())
    #expect(PlanIdentity(plan([reworded])) == id)
    #expect(PlanIdentity(plan(notes: [Diagnostic(.providerNote, "a word")])) == id)
    #expect(PlanIdentity(plan(target: "staging")) == id)
  }

  @Test("The engine, the workload, the release, the actions and the end are")
  func parts() {
    let others = [
      plan(), plan(engine: "e2"), plan(name: "till"), plan(base: 2), plan(base: nil), plan(replicas: 2),
      plan([Action(.replace, .service(InstanceID(0), "web"), causes: [.spec])]),
      plan([Action(.restart, .service(InstanceID(0), "web"), causes: [.drift])]),
    ]
    #expect(Set(others.map { PlanIdentity($0).id }).count == others.count)
  }

  @Test("Of several plans it does not depend on their order, nor on those that change nothing")
  func several() {
    let (shop, till, nothing) = (plan(), plan(name: "till"), plan([], name: "quiet"))
    let id = PlanIdentity.id(of: [shop, till])
    #expect(id == PlanIdentity.id(of: [till, nothing, shop]))
    #expect(id != PlanIdentity.id(of: [shop]))
    #expect(id.count == 32)
  }

  @Test("What a run writes down of it is read back, and the id of a saved plan is none")
  func text() {
    let run = ExpectedRun(expected: PlanIdentity.id(of: [plan()]), plan: PlanIdentity(plan()))
    #expect(ExpectedRun(text: run.text) == run)
    for other in ["", "0f1e2d", "expected a b", "expected a b c d", "saved a b c"] {
      #expect(ExpectedRun(text: other) == nil)
    }
  }
}
