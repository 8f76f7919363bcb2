import Engine
import Planning
import ProviderContract
import ProviderKit
import Testing
import WorkloadSpec

/// What operators do, and what comes after it.
@Suite struct OperatorTests {
  func state(of service: String, in ordinal: Int = 0, _ bench: Bench) -> InstanceState? {
    bench.provider.world.observation(of: bench.key).instance(InstanceID(ordinal))?.service(service)?.state
  }

  @Test("What is stopped stays so until it is started") func whatIsStoppedStaysSoUntilItIsStarted()
    async throws
  {
    let bench = Bench()
    try await bench.apply(Examples.web)
    let stopped = try await bench.apply(.operation(.stop(.all)))
    #expect(stopped.outcome == .succeeded && stopped.release == nil)
    #expect(try await bench.apply(Examples.web).outcome == .nothingToDo)
    try await bench.apply(Examples.web("api") { $0.command = ["/bin/api2"] })
    try await bench.apply(.release(1))
    #expect(["api", "envoy", "logs"].allSatisfy { state(of: $0, bench) == .stopped })
    try await bench.apply(.operation(.start(.all)))
    #expect(["api", "envoy", "logs"].allSatisfy { state(of: $0, bench) == .running })
    #expect(try await bench.apply(Examples.web).outcome == .nothingToDo)
    #expect(try await bench.releases.count == 3)
  }

  @Test("A suspended workload refuses every other release") func aSuspendedWorkloadRefusesEveryOtherRelease()
    async throws
  {
    let bench = Bench()
    try await bench.apply(Examples.hello)
    try await bench.apply(.operation(.suspend(Examples.suspension)))
    for goal in [Goal.spec(Examples.hello, services: nil), .scale(2), .release(1)] {
      #expect(try await bench.refusal(of: goal) == [.suspended])
      #expect(try await bench.plan(goal).notes.contains { $0.code == .isSuspended })
    }
    // Its release stays as it is, so operators may do as they like.
    #expect(try await bench.apply(.operation(.stop(.all))).outcome == .succeeded)
    #expect(try await bench.apply(.operation(.unsuspend)).outcome == .succeeded)
    #expect(try await bench.apply(.scale(2)).release?.number == 2)
    #expect(state(of: "hello", in: 1, bench) == .stopped)
  }

  @Test("Scaling keeps where services come from and the next spec wins")
  func scalingKeepsWhereServicesComeFromAndTheNextSpecWins() async throws {
    let bench = Bench()
    let origin = Provenance(commit: "c0ffee", isDirty: false, author: "Ada <ada@example.com>")
    try await bench.apply(.spec(Examples.hello, services: nil), provenance: ["hello": origin])
    let release = try #require(try await bench.apply(.scale(3)).release)
    #expect(release.snapshot?.replicas == 3)
    #expect(release.provenance == ["hello": origin])
    let plan = try await bench.plan(.spec(Examples.hello, services: nil))
    #expect(plan.workloadChanges.map(\.path) == ["replicas"])
    #expect(plan.actions.contains { $0.kind == .delete && $0.causes == [.spec] })
    var unowned = Examples.hello
    unowned.replicas = nil
    #expect(try await bench.plan(.spec(unowned, services: nil)).isEmpty)
  }

  @Test("A restart starts every service anew and records nothing")
  func aRestartStartsEveryServiceAnewAndRecordsNothing() async throws {
    let bench = Bench()
    try await bench.apply(Examples.web)
    let before = ["api", "envoy", "logs"].map { bench.processID($0) }
    bench.secrets.set("test:token", to: "two")
    let result = try await bench.apply(.operation(.restart(.all)))
    #expect(result.outcome == .succeeded && result.release == nil)
    let after = ["api", "envoy", "logs"].map { bench.processID($0) }
    #expect(zip(before, after).allSatisfy { $0 != $1 && $1 != nil })
    // The new value of the secret was taken over on the way.
    #expect(try await bench.apply(Examples.web).outcome == .nothingToDo)
    #expect(try await bench.releases.count == 1)
  }

  @Test(
    "What was never applied cant be operated",
    arguments: [
      Goal.operation(.stop(.all)), .operation(.start(.all)), .operation(.restart(.all)), .scale(2),
    ])
  func whatWasNeverAppliedCantBeOperated(_ goal: Goal) async throws {
    let bench = Bench()
    #expect(try await bench.refusal(of: goal) == [.noRelease])
    try await bench.apply(Examples.hello)
    try await bench.apply(.destroy(volumes: false))
    #expect(try await bench.refusal(of: goal) == [.noRelease])
  }

  /// A restart that is broken off anywhere leaves a workload that the next one restarts whole.
  @Test("A restart can be killed anywhere") func aRestartCanBeKilledAnywhere() async throws {
    let request = WorkloadRequest(key: Bench().key, goal: .operation(.restart(.all)))
    let counting = CrashSwitch()
    let whole = Bench { $0.parallelism = 1 }
    try await whole.apply(Examples.web)
    _ = try await whole.engine(gate: counting).apply(request)
    try #require(counting.count > 5)
    for effect in 1...counting.count {
      for point in [CrashSwitch.Point(before: effect), CrashSwitch.Point(after: effect)] {
        let bench = Bench { $0.parallelism = 1 }
        try await bench.apply(Examples.web)
        let crash = CrashSwitch(point)
        do { _ = try await bench.engine(gate: crash).apply(request) } catch is Crash {}
        #expect(crash.hasTripped, "\(point)")
        let again = try await bench.apply(request.goal)
        #expect(again.outcome == .succeeded, "\(point)")
        #expect(bench.outline == whole.outline, "\(point)")
        #expect(try await bench.apply(Examples.web).outcome == .nothingToDo, "\(point)")
        let runs = try await bench.store.runs(of: bench.key, limit: .max)
        #expect(!runs.contains { $0.outcome == .unfinished }, "\(point)")
      }
    }
  }
}
