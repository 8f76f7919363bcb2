import Diagnostics
import Engine
import Planning
import ProviderContract
import Testing
import WorkloadSpec

/// What a plan needs of the workloads that others depend on.
@Suite struct OrderRuleTests {
  let bench = Bench()

  private func words(_ workloads: Workload..., deleting names: [String] = []) async -> [String: String] {
    await bench.apply(workloads, deleting: names).mapValues(\.words)
  }

  private let web = JointExamples.workload("web", after: ["db"])
  private let db = JointExamples.workload("db")

  @Test("What it depends on must be there") func whatItDependsOnMustBeThere() async throws {
    #expect(await words(web) == ["web": "refused E0660"])
    // One that was never applied with success is not.
    bench.provider.meddle { $0.failingCommands = [["/bin/db"]] }
    #expect(await words(db) == ["db": "failed"])
    #expect(await words(web) == ["web": "refused E0660"])
    bench.provider.meddle { $0.failingCommands = [] }
    #expect(await words(web, db) == ["web": "succeeded", "db": "succeeded"])
    #expect(await words(JointExamples.workload("web", after: ["db"], version: 2)) == ["web": "succeeded"])
    #expect(await words(web, deleting: ["db"]) == ["web": "refused E0660", "db": "refused E0663"])
  }

  @Test(
    "What it depends on must be able to become ready",
    arguments: [
      (Goal.operation(.stop(.all)), "is stopped"),
      (.operation(.stop(ServiceScope(service: "db"))), "is stopped"),
      (.operation(.suspend(Examples.suspension)), "is suspended since"), (.scale(0), "is scaled to 0"),
    ])
  func whatItDependsOnMustBeAbleToBecomeReady(_ goal: Goal, _ message: String) async throws {
    // It is left open how many instances there are.
    let db = JointExamples.workload("db") { $0.replicas = nil }
    #expect(await words(db)["db"] == "succeeded")
    let key = WorkloadKey.named("db")
    _ = try await bench.engine().apply(WorkloadRequest(key: key, goal: goal))
    for workloads in [[web], [web, db]] {
      let ending = await bench.apply(workloads)["web"]
      guard case .refused(let error as DiagnosticError) = ending else {
        Issue.record("it is not refused")
        continue
      }
      #expect(error.diagnostics.map(\.code) == [.dependencyStopped])
      #expect(error.diagnostics.first?.message.contains("`db`, which \(message)") == true)
    }
    let up = JointExamples.workload("db")
    if case .scale = goal { #expect(await words(web, up) == ["web": "succeeded", "db": "succeeded"]) }
  }

  @Test("A circle may go through what only the target has")
  func circlesAreFound() async throws {
    #expect(await words(db, web) == ["db": "succeeded", "web": "succeeded"])
    #expect(await words(JointExamples.workload("api", after: ["web"]))["api"] == "succeeded")
    let back = JointExamples.workload("db", after: ["api"])
    let ending = await bench.apply([back])["db"]
    guard case .refused(let error as DiagnosticError) = ending else {
      Issue.record("it is not refused")
      return
    }
    #expect(
      error.diagnostics.map(\.message) == ["these workloads wait for each other: db → api → web → db"])
    // What the command makes of them counts, and not what they were.
    #expect(
      await words(back, JointExamples.workload("web")) == ["db": "succeeded", "web": "succeeded"])
    #expect(
      await words(
        JointExamples.workload("a", after: ["b"]), JointExamples.workload("b", after: ["a"]),
        JointExamples.workload("c", after: ["c"]))
        == ["a": "refused E0433", "b": "refused E0433", "c": "refused E0433"])
  }

  @Test("A workload that another one depends on is deleted by force only")
  func whatOthersDependOnIsDeletedByForceOnly()
    async throws
  {
    #expect(await words(db, web)["web"] == "succeeded")
    #expect(await words(deleting: ["db"]) == ["db": "refused E0663"])
    let forced = WorkloadRequest(key: .named("db"), goal: .destroy(volumes: false), isForced: true)
    #expect(try await bench.engine().apply(forced).outcome == .succeeded)
    // What has nothing to do needs nothing.
    #expect(await words(web) == ["web": "nothingToDo"])
    #expect(await words(db) == ["db": "succeeded"])
    #expect(await words(deleting: ["db", "web"]) == ["db": "succeeded", "web": "succeeded"])
  }

  @Test("Going back and operators ask for nothing") func goingBackAndOperatorsAskForNothing() async throws {
    #expect(await words(db, JointExamples.workload("web", version: 2))["web"] == "succeeded")
    #expect(await words(web)["web"] == "succeeded")
    _ = try await bench.engine().apply(
      WorkloadRequest(key: .named("db"), goal: .destroy(volumes: true), isForced: true))
    for goal in [Goal.release(1), .release(2), .scale(2), .operation(.restart(.all))] {
      let result = try await bench.engine().apply(WorkloadRequest(key: .named("web"), goal: goal))
      #expect(result.outcome == .succeeded)
    }
    let other = JointExamples.workload("web", after: ["db"], version: 3)
    let one = WorkloadRequest(key: .named("web"), goal: .spec(other, services: ["web"]))
    #expect(try await bench.engine().apply(one).outcome == .succeeded)
  }

  @Test("Changing it replaces nothing") func changingItReplacesNothing() async throws {
    #expect(await words(db, JointExamples.workload("web"))["web"] == "succeeded")
    let plan = try await bench.preview.plan(
      WorkloadRequest(key: .named("web"), goal: .spec(web, services: nil)))
    #expect(plan.actions.map(\.kind) == [.record])
    #expect(plan.workloadChanges.map(\.path) == ["dependsOn"])
  }
}
