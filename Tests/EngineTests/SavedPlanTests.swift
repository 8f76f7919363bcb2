import Diagnostics
import Engine
import Planning
import ProviderContract
import ProviderKit
import Testing
import Values

/// Plans that are saved, and carried out later or refused.
@Suite struct SavedPlanTests {
  /// A target that something was applied to once, with a plan for a new version of the API that was saved.
  func bench(
    _ goal: Goal = .spec(Examples.web("api") { $0.command = ["/bin/api2"] }, services: nil)
  ) async throws -> (Bench, SavedPlan) {
    let bench = Bench { $0.parallelism = 1 }
    try await bench.apply(Examples.web)
    let saved = try await bench.preview.savedPlan(WorkloadRequest(key: bench.key, goal: goal)).saved
    return (bench, saved)
  }

  func refusal(of saved: SavedPlan, _ bench: Bench) async throws -> Diagnostic {
    let error = try await #require(throws: DiagnosticError.self) { try await bench.apply(.saved(saved)) }
    return try #require(error.diagnostics.first)
  }

  // MARK: Exactly

  @Test(
    "What was saved is what is done",
    arguments: [
      Goal.spec(Examples.web("api") { $0.command = ["/bin/api2"] }, services: nil),
      .spec(Examples.web { $0.services.removeAll { $0.name == "logs" } }, services: nil),
      .spec(Examples.web { $0.services.removeAll { $0.name == "logs" } }, services: ["logs"]),
      .spec(Examples.web("envoy") { $0.env = ["A": "1"] }, services: ["envoy"]),
      .spec(Examples.web, services: nil), .release(1), .destroy(volumes: false), .destroy(volumes: true),
    ])
  func whatWasSavedIsWhatIsDone(_ goal: Goal) async throws {
    let (bench, saved) = try await bench(goal)
    let (direct, _) = try await self.bench(goal)
    let expected = try await direct.apply(goal)
    let read = try SavedPlan(try Value(json: CanonicalJSON.pretty(saved.plain)))
    #expect(read.plain == saved.plain && read.id == saved.id)

    let result = try await bench.apply(.saved(read))
    #expect(result.outcome == expected.outcome)
    #expect(result.plan.actions == expected.plan.actions)
    #expect(result.release?.snapshot?.plain == expected.release?.snapshot?.plain)
    #expect(result.release?.restoredFrom == expected.release?.restoredFrom)
    let outlines = [bench, direct].map {
      $0.outline.fingerprint(desired: expected.plan.desired, last: Examples.web)
    }
    #expect(outlines[0] == outlines[1])
    #expect(result.run?.savedPlan == (result.run == nil ? nil : saved.id))
  }

  @Test("A plan that 0.1 saved, with reasons in words, is carried out")
  func reasonsTellNoPlanFromAnother() async throws {
    var (bench, saved) = try await bench()
    saved.actions = saved.actions.map {
      .map(($0.members ?? []) + [.init("reason", "it was worded otherwise")])
    }
    let read = try SavedPlan(try Value(json: CanonicalJSON.pretty(saved.plain)))
    #expect(read.plain == saved.plain)
    #expect(try await bench.apply(.saved(read)).outcome == .succeeded)
  }

  @Test("A plan writes nothing") func aPlanWritesNothing() async throws {
    let bench = Bench()
    _ = try await bench.preview.savedPlan(
      WorkloadRequest(key: bench.key, goal: .spec(Examples.web, services: nil)))
    #expect(bench.store.writes == 0)
  }

  @Test("Where the spec came from is kept") func whereTheSpecCameFromIsKept() async throws {
    let bench = Bench()
    let origin = Provenance(
      commit: "abc", isDirty: false, author: "Ada <ada@example.com>",
      repository: "https://example.com/shop.git")
    let saved = try await bench.preview.savedPlan(
      bench.request(.spec(Examples.hello, services: nil), provenance: ["hello": origin])
    ).saved
    let read = try SavedPlan(saved.plain)
    #expect(try await bench.apply(.saved(read)).release?.provenance == ["hello": origin])
  }

  // MARK: Or not at all

  @Test("A release in between makes it stale") func aReleaseInBetweenMakesItStale() async throws {
    let (bench, saved) = try await bench()
    try await bench.apply(Examples.web("api") { $0.pullPolicy = .always })
    let refusal = try await refusal(of: saved, bench)
    #expect(refusal.code == .planChanged)
    #expect(refusal.message.contains("it starts from release 1, and there is release 2"))
  }

  @Test("What another program changed on the engine makes it stale") func whatSomebodyChangedMakesItStale()
    async throws
  {
    let meddlings: [@Sendable (inout SimulatedWorld, WorkloadKey) -> Void] = [
      { world, key in world.edit("envoy", in: InstanceID(0), of: key) { $0.command = ["/bin/other"] } },
      { world, key in world.edit("api", in: InstanceID(0), of: key) { $0.env["LEVEL"] = "debug" } },
      { world, key in world.remove("logs", from: InstanceID(0), of: key) },
      { world, key in world.kill("envoy", in: InstanceID(0), of: key) },
      { world, key in world.kill(InstanceID(0), of: key) },
      { world, key in
        world.meddle(with: key) { $0.volumes.append(ObservedVolume(name: "more", type: .persistent)) }
      },
    ]
    for meddling in meddlings {
      let (bench, saved) = try await bench()
      bench.provider.meddle { meddling(&$0, bench.key) }
      let before = bench.provider.world
      #expect(try await refusal(of: saved, bench).code == .planChanged)
      #expect(bench.provider.world == before)
      #expect(try await bench.store.lock(of: bench.key) == nil)
      #expect(try await bench.releases.count == 1)
    }
  }

  @Test("What is not set does not make it stale") func whatNobodySetsDoesNotMakeItStale() async throws {
    let (bench, saved) = try await bench()
    bench.provider.meddle { world in
      world.edit("logs", in: InstanceID(0), of: bench.key) { $0.env["ADDED"] = "by the engine" }
      world.meddle(with: "logs", in: InstanceID(0), of: bench.key) {
        ($0.restarts, $0.message) = (7, "restarted")
      }
    }
    #expect(try await bench.apply(.saved(saved)).outcome == .succeeded)
  }

  @Test("A secret that moved makes it stale") func aSecretThatMovedMakesItStale() async throws {
    let (bench, saved) = try await bench(
      .spec(Examples.web("envoy") { $0.env = ["A": "1"] }, services: nil))
    bench.secrets.set("test:token", to: "two")
    #expect(try await refusal(of: saved, bench).code == .planChanged)
  }

  @Test("What changes while it waits for the lock is seen") func whatChangesWhileItWaitsForTheLockIsSeen()
    async throws
  {
    let (bench, saved) = try await bench()
    let error = try await #require(throws: DiagnosticError.self) {
      try await bench.apply(
        .saved(saved),
        approve: { _ in
          bench.provider.meddle { $0.remove("logs", from: InstanceID(0), of: bench.key) }
          return true
        })
    }
    #expect(error.diagnostics.map(\.code) == [.planChanged])
    #expect(try await bench.store.lock(of: bench.key) == nil)
  }

  // MARK: Going on

  @Test("Its own broken run is no staleness") func itsOwnBrokenRunIsNoStaleness() async throws {
    let everything: Goal = .spec(
      Examples.web { workload in
        for index in workload.services.indices { workload.services[index].command.append("--new") }
      }, services: nil)
    let (reference, whole) = try await bench(everything)
    #expect(try await reference.apply(.saved(whole)).release?.number == 2)
    var point = 1
    while true {
      let (bench, saved) = try await bench(everything)
      let crash = CrashSwitch(.init(after: point))
      do {
        _ = try await bench.engine(gate: crash).apply(WorkloadRequest(saved, pause: Examples.pause))
      } catch is Crash {}
      guard crash.hasTripped else { break }
      if let token = try await bench.store.lock(of: bench.key)?.holder.token { bench.store.markGone(token) }
      let result = try await bench.apply(.saved(saved))
      #expect(result.outcome != .failed, "after effect \(point)")
      #expect(
        bench.outline.fingerprint(desired: whole.desired, last: nil)
          == reference.outline.fingerprint(desired: whole.desired, last: nil), "after effect \(point)")
      #expect(try await bench.releases.map(\.number) == [1, 2], "after effect \(point)")
      point += 1
    }
    #expect(point > 10)
  }

  @Test("After its own broken run nothing else is touched") func afterItsOwnBrokenRunNothingElseIsTouched()
    async throws
  {
    let (bench, saved) = try await bench()
    bench.provider.plan(FaultPlan([Fault(.halfSucceed, at: .perform(1))]))
    #expect(try await bench.apply(.saved(saved)).outcome == .failed)
    bench.provider.meddle { $0.remove("logs", from: InstanceID(0), of: bench.key) }
    #expect(try await refusal(of: saved, bench).code == .planChanged)
  }

  @Test("A run of another plan in between makes it stale") func theRunOfSomebodyElseInBetweenMakesItStale()
    async throws
  {
    let (bench, saved) = try await bench()
    bench.provider.plan(FaultPlan([Fault(.halfSucceed, at: .perform(1))]))
    try await bench.apply(.saved(saved))
    try await bench.apply(Examples.web)
    bench.provider.meddle { $0.kill("envoy", in: InstanceID(0), of: bench.key) }
    #expect(try await refusal(of: saved, bench).code == .planChanged)
  }

  @Test("Once is enough") func onceIsEnough() async throws {
    let (bench, saved) = try await bench()
    #expect(try await bench.apply(.saved(saved)).release?.number == 2)
    let writes = bench.store.writes
    #expect(try await bench.apply(.saved(saved)).outcome == .nothingToDo)
    #expect(bench.store.writes == writes)
    bench.provider.meddle { $0.kill("envoy", in: InstanceID(0), of: bench.key) }
    #expect(try await refusal(of: saved, bench).code == .planChanged)
  }

  // MARK: The file

  func file(_ bench: Bench, _ saved: SavedPlan) async throws -> String {
    try await PlanFile.text(of: [saved], target: "local", on: bench.provider)
  }

  func code(of text: String, on bench: Bench) async throws -> DiagnosticCode? {
    let error = try await #require(throws: DiagnosticError.self) {
      try await PlanFile(text: text, name: "plan.json").plans(on: bench.provider)
    }
    return error.diagnostics.first?.code
  }

  @Test("A file is read as it was written") func aFileIsReadAsItWasWritten() async throws {
    let (bench, saved) = try await bench()
    let text = try await file(bench, saved)
    let file = try PlanFile(text: text, name: "plan.json")
    #expect(file.target == "local")
    #expect(try await file.plans(on: bench.provider).map(\.plain) == [saved.plain])
    // How it is laid out says nothing.
    let compact = CanonicalJSON.compact(try Value(json: text))
    let again = try await PlanFile(text: compact, name: "plan.json").plans(on: bench.provider)
    #expect(again.map(\.id) == [saved.id])
    #expect(try await self.file(bench, saved) == text)
    #expect(!text.contains("token-1"), "the value of a secret")
  }

  @Test("What is altered is refused") func whatIsAlteredIsRefused() async throws {
    let (bench, saved) = try await bench()
    let text = try await file(bench, saved)
    for (old, new) in [
      ("/bin/api2", "/bin/evil"), ("\"base\": 1", "\"base\": 2"),
      ("\"target\": \"local\"", "\"target\": \"x\""),
      ("\"code\": \"v1:", "\"code\": \"v1:0"), ("\"code\"", "\"coda\""),
      ("\"deletesVolumes\": false", "\"deletesVolumes\": true"),
    ] {
      let altered = text.replacing(old, with: new, maxReplacements: 1)
      #expect(altered != text, "\(old)")
      #expect(try await code(of: altered, on: bench) == .planAltered, "\(old)")
    }
  }

  @Test("A file of another engine or format is refused") func aFileOfAnotherEngineOrFormatIsRefused()
    async throws
  {
    let (bench, saved) = try await bench()
    let text = try await file(bench, saved)
    let other = Bench(store: MemoryStore(newDigestKey: Array(repeating: 7, count: 32)))
    #expect(
      try await code(of: text.replacing("simulated-1", with: "simulated-2"), on: bench) == .planOfOtherEngine)
    // The same identity with another key: another engine pretends to be this one.
    #expect(try await code(of: text, on: other) == .planAltered)
    for text in [
      "", "name: shop\nservices: []\n", "{}", "not {",
      text.replacing("\"version\": 1", with: "\"version\": 2"),
    ] {
      #expect(try await code(of: text, on: bench) == .unknownPlanFormat, "\(text.prefix(20))")
    }
  }

  @Test("A target without a key saves nothing") func aTargetWithoutAKeySavesNothing() async throws {
    let bench = Bench()
    let saved = try await bench.preview.savedPlan(
      WorkloadRequest(key: bench.key, goal: .spec(Examples.hello, services: nil))
    ).saved
    let error = try await #require(throws: DiagnosticError.self) { try await file(bench, saved) }
    #expect(error.diagnostics.map(\.code) == [.noPlanKey])
    try await bench.apply(Examples.hello)
    _ = try await file(bench, saved)
  }

  // MARK: Named sets

  @Test("A workload stays in its set until it moves") func aWorkloadStaysInItsSetUntilItMoves() async throws {
    let bench = Bench()
    func apply(_ goal: Goal, _ set: String? = nil) async throws -> RunResult {
      try await bench.engine().apply(WorkloadRequest(key: bench.key, goal: goal, setName: set))
    }
    func members(_ set: String) async throws -> [WorkloadKey] {
      try await bench.preview.workloads(inSet: set, namespace: "default")
    }
    let hello = Goal.spec(Examples.hello, services: nil)
    _ = try await apply(hello)
    #expect(try await members("prod").isEmpty)
    let joined = try await apply(hello, "prod")
    #expect(joined.plan.actions.map(\.kind) == [.record])
    #expect(joined.plan.actions.first?.reason == .movesToSet("prod", from: nil))
    #expect(try await members("prod") == [bench.key])
    #expect(try await apply(hello).outcome == .nothingToDo)
    #expect(try await apply(hello, "prod").outcome == .nothingToDo)
    // Another version without a set, and a rollback, leave it where it is.
    _ = try await apply(
      .spec(Examples.workload([Examples.service("hello") { $0.env = ["A": "1"] }]), services: nil))
    _ = try await apply(.release(1))
    #expect(try await members("prod") == [bench.key])
    let moved = try await apply(hello, "staging")
    #expect(moved.plan.actions.first?.reason == .movesToSet("staging", from: "prod"))
    #expect(try await members("prod").isEmpty)
    #expect(try await members("staging") == [bench.key])
    _ = try await apply(.destroy(volumes: false))
    #expect(try await members("staging").isEmpty)
  }
}
