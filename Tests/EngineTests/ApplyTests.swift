import Diagnostics
import Engine
import Planning
import ProviderContract
import ProviderKit
import Synchronization
import Testing

@Suite struct ApplyTests {
  // MARK: When all goes well

  @Test("A first apply makes everything in order and records it")
  func aFirstApplyMakesEverythingInOrderAndRecordsIt() async throws {
    let bench = Bench { $0.parallelism = 1 }
    let log = EventLog()
    let result = try await bench.apply(Examples.web, log: log)
    #expect(result.outcome == .succeeded)
    #expect(result.release?.number == 1)
    #expect(result.release?.snapshot == Examples.web)
    #expect(result.release?.by == "ada@build")
    #expect(
      log.all == [
        "planned 6", "started create 0", "succeeded create 0", "started create 0.migrate",
        "succeeded create 0.migrate", "started create 0.api", "succeeded create 0.api",
        "started create 0.envoy", "succeeded create 0.envoy", "started create 0.logs",
        "succeeded create 0.logs", "recorded 1",
      ])
    let run = try #require(result.run)
    #expect(run.outcome == .succeeded && run.release == 1 && run.intent == .apply)
    #expect(run.summary == "create 4, record 1")
    #expect(try await bench.store.runs(of: bench.key, limit: 10) == [run])
    let journal = try await bench.store.journal(of: run.id)
    #expect(journal.map(\.event).filter { $0 == .intended }.count == 5)
    #expect(
      journal.first
        == JournalEntry(run: run.id, action: ActionID("create 0"), event: .intended, at: run.startedAt))
    #expect(try await bench.store.lock(of: bench.key) == nil)
  }

  @Test("A second apply writes nothing") func aSecondApplyWritesNothing() async throws {
    let bench = Bench()
    try await bench.apply(Examples.web)
    bench.provider.plan(FaultPlan())
    let writes = bench.store.writes
    let result = try await bench.apply(Examples.web)
    #expect(result.outcome == .nothingToDo && result.run == nil && result.release == nil)
    #expect(bench.provider.performed.isEmpty)
    #expect(bench.store.writes == writes)
  }

  @Test("A plan writes nothing") func aPlanWritesNothing() async throws {
    let bench = Bench()
    let plan = try await bench.plan(.spec(Examples.web, services: nil))
    #expect(plan.actions.count == 6)
    #expect(bench.store.writes == 0 && bench.provider.performed.isEmpty)
    #expect(bench.provider.world == SimulatedWorld())
  }

  @Test("What is declined is not done") func whatIsDeclinedIsNotDone() async throws {
    let bench = Bench()
    let result = try await bench.apply(.spec(Examples.web, services: nil), approve: { _ in false })
    #expect(result.outcome == .declined)
    #expect(bench.store.writes == 0 && bench.provider.performed.isEmpty)
  }

  @Test("Only what differs is touched") func onlyWhatDiffersIsTouched() async throws {
    let bench = Bench()
    try await bench.apply(Examples.web)
    let (api, envoy, logs) = (bench.processID("api"), bench.processID("envoy"), bench.processID("logs"))
    try await bench.apply(Examples.web("envoy") { $0.env = ["MODE": "edge"] })
    #expect(bench.processID("api") == api && bench.processID("logs") == logs)
    #expect(bench.processID("envoy") != envoy)
  }

  @Test("A plan that changed while its user was asked is shown again")
  func aPlanThatChangedWhileSomebodyThoughtIsShownAgain() async throws {
    let bench = Bench()
    try await bench.apply(Examples.web)
    let seen = Mutex<[[ActionID]]>([])
    let result = try await bench.apply(
      .spec(Examples.web { $0.labels = ["team": "checkout"] }, services: nil),
      approve: { plan in
        bench.time.advance(by: .seconds(60))
        bench.provider.meddle { $0.kill("envoy", in: InstanceID(0), of: bench.key) }
        return seen.withLock {
          $0.append(plan.actions.map(\.id)); return true
        }
      })
    #expect(result.outcome == .succeeded)
    let plans = seen.withLock { $0 }
    #expect(plans.count == 2)
    #expect(plans.first?.contains(ActionID("update 0.envoy")) == true)
    // What does not run gets its change by being started again.
    #expect(plans.last?.contains(ActionID("restart 0.envoy")) == true)
    let again = try await bench.plan(
      .spec(Examples.web { $0.labels = ["team": "checkout"] }, services: nil))
    #expect(again.isEmpty)
  }

  @Test("A plan of just now is not made again") func aPlanOfJustNowIsNotMadeAgain() async throws {
    let bench = Bench()
    bench.provider.plan(FaultPlan([Fault(.fail, at: .observe(2))]))
    #expect(try await bench.apply(Examples.hello).outcome == .succeeded)
  }

  /// What may come between the plan and the lock, after which the plan is made again.
  enum Between: CaseIterable {
    case time, run, holder
  }

  @Test("A plan that may hold no more is made again", arguments: Between.allCases)
  func aPlanThatMayHoldNoMoreIsMadeAgain(_ between: Between) async throws {
    let store = MemoryStore()
    let holderGoes = TestTime(meanwhile: {
      await ignoringErrors { try await store.unlock(WorkloadKey(name: "shop"), token: "other") }
    })
    let bench = Bench(time: holderGoes, store: store)
    bench.provider.plan(FaultPlan([Fault(.fail, at: .observe(2))]))
    let error = try await #require(throws: DiagnosticError.self) {
      try await bench.apply(
        .spec(Examples.hello, services: nil),
        approve: { plan in
          switch between {
          case .time: bench.time.advance(by: .milliseconds(2_001))
          case .run:
            try await store.begin(
              Run(
                id: RunID("other"), key: bench.key, intent: .apply, startedAt: bench.time.environment.now(),
                by: "bob", summary: ""))
          case .holder: _ = try await store.tryLock(bench.key, as: LockTests.other)
          }
          return true
        })
    }
    #expect(error.diagnostics.map(\.code) == [.engineUnreachable])
    #expect(bench.provider.performed.isEmpty)
  }

  @Test("A run that ends while it looks is seen") func aRunThatEndsWhileItLooksIsSeen() async throws {
    let bench = Bench()
    try await bench.apply(Examples.web)
    let gate = LateHistory {
      try await bench.apply(Examples.web("envoy") { $0.env = ["MODE": "edge"] })
    }
    _ = try await bench.engine(gate: gate).apply(
      bench.request(.spec(Examples.web("logs") { $0.env = ["LEVEL": "debug"] }, services: nil)))
    let live = bench.outline.instance(InstanceID(0))?.service("envoy")?.live.service
    #expect(live?.env == [:])
  }

  @Test("A plan made ahead counts for a while", arguments: [Duration.seconds(1), .seconds(3)])
  func aPlanMadeAheadCountsForAWhile(
    _ age: Duration
  ) async throws {
    let bench = Bench()
    let request = bench.request(.spec(Examples.hello, services: nil))
    let grow: @Sendable (Plan) async -> Bool = { _ in
      #expect(bench.store.writes == 0)
      bench.time.advance(by: age)
      bench.provider.plan(FaultPlan([Fault(.fail, at: .observe(1))]))
      return true
    }
    if age > .seconds(2) {
      await #expect(throws: DiagnosticError.self) {
        try await bench.engine().apply(request, approve: grow)
      }
    } else {
      let result = try await bench.engine().apply(request, approve: grow)
      #expect(result.outcome == .succeeded)
    }
  }

  // MARK: When something fails

  @Test("After a failure nothing more starts and the release stays")
  func afterAFailureNothingMoreStartsAndTheReleaseStays() async throws {
    let bench = Bench { $0.parallelism = 1 }
    try await bench.apply(Examples.web)
    bench.provider.meddle { $0.failingCommands = [["/bin/broken"]] }
    let log = EventLog()
    let result = try await bench.apply(
      Examples.web { workload in
        workload.services[1].command = ["/bin/broken"]
        workload.services[2].command = ["/bin/envoy2"]
      }, log: log)
    #expect(result.outcome == .failed)
    #expect(result.failures.map(\.action.id.description) == ["replace 0.api"])
    #expect(result.failures.first?.message == "exited with code 1 before it was ready")
    #expect(result.failures.first?.logTail.map(\.text).last == "giving up")
    #expect(result.notStarted.map(\.description) == ["replace 0.envoy"])
    #expect(log.all.last == "failed replace 0.api: exited with code 1 before it was ready")
    #expect(try await bench.releases.count == 1)
    let run = try #require(try await bench.store.runs(of: bench.key, limit: 1).first)
    #expect(run.outcome == .failed && run.release == nil)
    #expect(run.failure == "replace 0.api: exited with code 1 before it was ready")
    let journal = try await bench.store.journal(of: run.id)
    #expect(journal.map(\.event) == [.intended, .failed])
    #expect(try await bench.store.lock(of: bench.key) == nil)
  }

  @Test("What failed is not taken for applied the second time")
  func whatFailedIsNotTakenForAppliedTheSecondTime() async throws {
    let bench = Bench()
    bench.provider.meddle { $0.failingCommands = [["/bin/hello"]] }
    for _ in 0..<2 { #expect(try await bench.apply(Examples.hello).outcome == .failed) }
    #expect(try await bench.releases.isEmpty)
    bench.provider.meddle { $0.failingCommands = [] }
    #expect(try await bench.apply(Examples.hello).release?.number == 1)
  }

  @Test("Actions that wait for nothing all run until one fails")
  func actionsThatWaitForNothingAllRunUntilOneFails() async throws {
    let bench = Bench()
    try await bench.apply(Examples.three)
    bench.provider.plan(FaultPlan([Fault(.fail, at: .action(ActionID("create 3.api")))]))
    let result = try await bench.apply(Examples.workload(Examples.three.services, replicas: 5))
    #expect(result.failures.map(\.action.id.description) == ["create 3.api"])
    #expect(bench.provider.world.observation(of: bench.key).instance(InstanceID(4)) != nil)
  }

  @Test("A provider that never comes back is given up") func aProviderThatNeverComesBackIsGivenUp()
    async throws
  {
    let bench = Bench(time: TestTime(longestSleep: .seconds(3600)))
    bench.provider.plan(FaultPlan([Fault(.hang, at: .perform(1))]))
    let result = try await bench.apply(Examples.hello)
    #expect(result.outcome == .failed && !result.wasInterrupted)
    #expect(result.failures.first?.message.hasPrefix("the provider did not come back within") == true)
  }

  @Test("A run left open is closed when there is nothing to do")
  func aRunLeftOpenIsClosedWhenThereIsNothingToDo() async throws {
    let bench = Bench()
    try await bench.apply(Examples.web)
    bench.provider.plan(FaultPlan([Fault(.loseReply, at: .perform(1))]))
    bench.provider.meddle { $0.kill("envoy", in: InstanceID(0), of: bench.key) }
    #expect(try await bench.apply(Examples.web).outcome == .failed)
    let result = try await bench.apply(Examples.web)
    #expect(result.outcome == .nothingToDo)
    #expect(result.run?.outcome == .succeeded && result.run?.summary == "nothing to do")
    #expect(try await bench.apply(Examples.web).run == nil)
    #expect(try await bench.releases.count == 1)
  }

  // MARK: What stops a plan

  @Test("What the provider cannot do is refused by name") func whatTheProviderCanNotDoIsRefusedByName()
    async throws
  {
    let bench = Bench(capabilities: [.rolling, .recreate])
    #expect(
      try await bench.refusal(of: .spec(Examples.web, services: nil)) == [.missingCapability])
    #expect(try await bench.refusal(of: .spec(Examples.three, services: nil)) == [.missingCapability])
    #expect(try await bench.apply(Examples.hello).outcome == .succeeded)
  }

  @Test("What the provider objects to stops the plan") func whatTheProviderObjectsToStopsThePlan()
    async throws
  {
    let bench = Bench()
    bench.provider.object(Diagnostics([Diagnostic(.portTaken, "port 80 is taken")]))
    #expect(try await bench.refusal(of: .spec(Examples.hello, services: nil)) == [.portTaken])
    #expect(bench.store.writes == 0)
  }

  @Test("What a plan lacks is no obstacle to plans that do not need it")
  func whatAPlanLacksIsNoObstacleToPlansThatDoNotNeedIt() async throws {
    let bench = Bench()
    var hello = Examples.hello
    hello.strategy.maxUnavailable = 1
    hello.services[0].image = "shop/hello:1"
    try await bench.apply(hello)
    bench.provider.obstruct(
      ActionID("replace 0.hello"), by: Diagnostic(.providerRefuses, "its image is gone"))
    bench.provider.obstruct(ActionID("restart 0.hello"), by: Diagnostic(.providerNote, "it takes a while"))
    #expect(try await bench.plan(.spec(hello, services: nil)).isEmpty)
    let restart = try await bench.plan(.operation(.restart(.all)))
    #expect(restart.notes.map(\.code) == [.providerNote])
    var changed = hello
    changed.services[0].image = "shop/other:1"
    #expect(try await bench.refusal(of: .spec(changed, services: nil)) == [.providerRefuses])
    // What differs is told even if it can't be mended.
    bench.provider.meddle { world in
      world.edit("hello", in: InstanceID(0), of: bench.key) { $0.image = "shop/by-hand:1" }
    }
    #expect(try await bench.preview.drift(of: bench.key).actions.map(\.kind) == [.replace])
    #expect(try await bench.refusal(of: .spec(hello, services: nil)) == [.providerRefuses])
  }

  @Test("Half a picture stops the plan") func halfAPictureStopsThePlan() async throws {
    let bench = Bench()
    bench.provider.meddle { world in
      world.meddle(with: bench.key) { $0.gaps = ["instance 1 does not answer"] }
    }
    #expect(try await bench.refusal(of: .spec(Examples.hello, services: nil)) == [.observationIncomplete])
  }

  @Test("An engine that does not answer is an error", arguments: [1, 2])
  func anEngineThatDoesNotAnswerIsAnError(observation: Int) async throws {
    let bench = Bench { $0.planFreshness = .seconds(-1) }
    bench.provider.plan(FaultPlan([Fault(.fail, at: .observe(observation))]))
    #expect(try await bench.refusal(of: .spec(Examples.hello, services: nil)) == [.engineUnreachable])
    #expect(try await bench.store.lock(of: bench.key) == nil)
    #expect(bench.provider.performed.isEmpty)
  }

  // MARK: One service

  @Test("One service takes the rest from the last release") func oneServiceTakesTheRestFromTheLastRelease()
    async throws
  {
    let bench = Bench()
    func provenance(_ commit: String) -> Provenance {
      Provenance(commit: commit, isDirty: false, author: "Ada <ada@example.com>")
    }
    let names = Examples.web.services.map(\.name)
    try await bench.apply(
      .spec(Examples.web, services: nil),
      provenance: Dictionary(uniqueKeysWithValues: names.map { ($0, provenance("first")) }))
    let spec = Examples.web { workload in
      workload.replicas = 4
      for index in workload.services.indices { workload.services[index].env = ["NEW": "1"] }
    }
    let result = try await bench.apply(
      .spec(spec, services: ["envoy"]),
      provenance: Dictionary(uniqueKeysWithValues: names.map { ($0, provenance("second")) }))
    let release = try #require(result.release)
    #expect(release.snapshot == Examples.web("envoy") { $0.env = ["NEW": "1"] })
    #expect(release.provenance["envoy"]?.commit == "second")
    #expect(release.provenance["api"]?.commit == "first")
    #expect(bench.provider.world.observation(of: bench.key).instances.count == 1)
  }

  @Test("One service that leaves the rest invalid is refused")
  func oneServiceThatLeavesTheRestInvalidIsRefused() async throws {
    let bench = Bench()
    try await bench.apply(Examples.web)
    let spec = Examples.web("envoy") { $0.dependsOn = ["unknown"] }
    #expect(try await bench.refusal(of: .spec(spec, services: ["envoy"])) == [.unknownDependency])
  }

  // MARK: Drift

  @Test("Drift is what the last release does not say") func driftIsWhatTheLastReleaseDoesNotSay() async throws
  {
    let bench = Bench()
    let none = try await #require(throws: DiagnosticError.self) {
      try await bench.preview.drift(of: bench.key)
    }
    #expect(none.diagnostics.map(\.code) == [.noRelease])
    try await bench.apply(Examples.web)
    #expect(try await bench.preview.drift(of: bench.key).isEmpty)
    bench.provider.meddle { $0.edit("api", in: InstanceID(0), of: bench.key) { $0.env["LEVEL"] = "debug" } }
    let plan = try await bench.preview.drift(of: bench.key)
    #expect(plan.actions.map(\.id.description) == ["restart 0.api"])
    #expect(plan.actions.first?.causes == [.drift])
    #expect(try await bench.apply(Examples.web).release == nil)
    #expect(try await bench.preview.drift(of: bench.key).isEmpty)
  }

  // MARK: Destroying

  @Test("Destroying leaves a tombstone and numbering goes on")
  func destroyingLeavesATombstoneAndNumberingGoesOn() async throws {
    let bench = Bench()
    try await bench.apply(Examples.web)
    let result = try await bench.apply(.destroy(volumes: false))
    #expect(result.release?.number == 2 && result.release?.snapshot == nil)
    #expect(result.plan.detachedVolumes.map(\.name) == ["data"])
    #expect(bench.outline.instances.isEmpty)
    #expect(bench.outline.volumes.map(\.name) == ["data"])
    #expect(try await bench.apply(.destroy(volumes: false)).outcome == .nothingToDo)
    #expect(try await bench.apply(Examples.web).release?.number == 3)
    try await bench.apply(.destroy(volumes: true))
    #expect(bench.provider.world.keys.isEmpty)
  }

  @Test("Namespaces do not meet") func namespacesDoNotMeet() async throws {
    let bench = Bench()
    let other = WorkloadKey(namespace: "other", name: bench.key.name)
    try await bench.apply(Examples.web)
    let request = WorkloadRequest(key: other, goal: .spec(Examples.hello, services: nil))
    #expect(try await bench.engine().apply(request).release?.number == 1)
    try await bench.apply(.destroy(volumes: true))
    #expect(bench.provider.world.keys == [other])
  }
}

/// Lets another run come and go after the first observation, and keeps back the history until then, if
/// that look has begun.
private final class LateHistory: CallGate {
  private let run: @Sendable () async throws -> Void
  private let state = Mutex((isLooking: false, isOver: false))

  init(run: @escaping @Sendable () async throws -> Void) { self.run = run }

  func read<Result>(_ body: () async throws -> Result) async throws -> Result {
    if Result.self == HistoryHead.self {
      for _ in 0..<1000 where !state.withLock({ $0.isLooking }) { await Task.yield() }
      while state.withLock({ $0.isLooking && !$0.isOver }) { await Task.yield() }
    }
    let isFirst =
      Result.self == Observation.self
      && state.withLock { state in
        defer { state.isLooking = true }
        return !state.isLooking
      }
    let result = try await body()
    if isFirst {
      try await run()
      state.withLock { $0.isOver = true }
    }
    return result
  }

  func effect<Result>(_ body: () async throws -> Result) async throws -> Result { try await body() }
}
