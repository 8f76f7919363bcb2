import Diagnostics
import Engine
import Planning
import Policies
import ProviderContract
import Testing
import Values
import WorkloadSpec

/// What an engine does about policies. The clock of a bench begins at 2023-11-14T22:13:20Z, a Tuesday.
@Suite("An engine is held to policies")
struct PolicyTests {
  static func policies(_ text: String) throws -> PolicySet {
    try PolicySet(
      try PolicySet.read([SourceFile(name: "policies.yaml", text: "policies: {rule: {\(text)}}")], on: []))
  }

  static let noLatest = "fields: [{field: services.image.tag, noneOf: [latest]}]"

  static func workload(image: String, level: String = "info", replicas: Int = 1) -> Workload {
    Examples.workload(
      [
        Examples.service("api") {
          $0.image = image
          $0.env = ["LEVEL": level]
        }
      ], replicas: replicas)
  }

  static func spec(image: String, level: String = "info") -> Goal {
    .spec(workload(image: image, level: level), services: nil)
  }

  private func bench(_ policy: String? = nil) throws -> Bench {
    var bench = Bench()
    if let policy { bench.policies = try Self.policies(policy) }
    return bench
  }

  @Test("A plan shows what is not allowed, and an apply does nothing of it")
  func refused() async throws {
    let bench = try bench(Self.noLatest)
    let plan = try await bench.plan(Self.spec(image: "shop/api"))
    #expect(plan.notes.map(\.code) == [.policyBroken] && !plan.isEmpty)
    #expect(try await bench.refusal(of: Self.spec(image: "shop/api")) == [.policyBroken])
    #expect(bench.provider.world.keys.isEmpty)
    #expect(try await bench.store.runs(of: bench.key, limit: 10).isEmpty)
    #expect(try await bench.apply(Self.spec(image: "shop/api:1")).outcome == .succeeded)
  }

  @Test("Where nothing changes, nothing is held to policies")
  func unchanged() async throws {
    var bench = try bench()
    try await bench.apply(Self.spec(image: "shop/api"))
    bench.policies = try Self.policies(Self.noLatest)
    #expect(try await bench.plan(Self.spec(image: "shop/api")).notes.isEmpty)
    #expect(try await bench.apply(Self.spec(image: "shop/api")).outcome == .nothingToDo)
    #expect(try await bench.refusal(of: Self.spec(image: "shop/api", level: "debug")) == [.policyBroken])
  }

  @Test("A warning stops nothing")
  func warning() async throws {
    let bench = try bench("severity: warning, \(Self.noLatest)")
    let result = try await bench.apply(Self.spec(image: "shop/api"))
    #expect(result.outcome == .succeeded && result.plan.notes.map(\.code) == [.policyAdvises])
  }

  @Test("A rollback is held to policies; an operator overrides them, which its run and its release say")
  func rollback() async throws {
    var bench = try bench()
    try await bench.apply(Self.spec(image: "shop/api"))
    try await bench.apply(Self.spec(image: "shop/api:2"))
    bench.policies = try Self.policies(Self.noLatest)
    #expect(try await bench.refusal(of: .release(1)) == [.policyBroken])

    var request = bench.request(.release(1))
    request.policyOverride = "the shop is down"
    let result = try await bench.engine().apply(request)
    let override = PolicyOverride(reason: "the shop is down", policies: ["rule"])
    #expect(result.plan.notes.map(\.code) == [.policyOverridden])
    #expect(result.release?.policyOverride == override && result.run?.policyOverride == override)
    #expect(try await bench.releases.map(\.policyOverride) == [nil, nil, override])
    // The next run is held to them again.
    #expect(try await bench.refusal(of: Self.spec(image: "shop/api", level: "debug")) == [.policyBroken])
  }

  @Test("An override that none is needed for is not written down, and `never` is never overridden")
  func overriding() async throws {
    let bench = try bench("override: never, \(Self.noLatest)")
    var request = bench.request(Self.spec(image: "shop/api:1"))
    request.policyOverride = "in a hurry"
    #expect(try await bench.engine().apply(request).release?.policyOverride == nil)
    request.goal = Self.spec(image: "shop/api")
    await #expect(throws: DiagnosticError.self) { try await bench.engine().apply(request) }
    #expect(try await bench.releases.count == 1)
  }

  @Test("A plan has no clock; the engine's says whether a window is open")
  func windows() async throws {
    let closed = try bench("windows: [{days: [wed]}]")
    #expect(try await closed.plan(Self.spec(image: "shop/api:1")).notes.map(\.code) == [.policyWindow])
    #expect(try await closed.refusal(of: Self.spec(image: "shop/api:1")) == [.outsideWindow])
    closed.time.setClock(by: .seconds(2 * 3600))
    #expect(try await closed.apply(Self.spec(image: "shop/api:1")).outcome == .succeeded)
  }

  @Test("A window that closes while a user makes up their mind is closed for the run")
  func windowUnderLock() async throws {
    let bench = try bench("windows: [{from: 22:00, to: 22:14}]")
    let error = await #expect(throws: DiagnosticError.self) {
      try await bench.apply(
        Self.spec(image: "shop/api:1"),
        approve: { _ in
          bench.time.setClock(by: .seconds(60))
          return true
        })
    }
    #expect(error?.diagnostics.map(\.code) == [.outsideWindow])
    #expect(bench.provider.world.keys.isEmpty)
  }

  @Test("A plan shows the exception that it rests on, and an apply after its end is refused")
  func exceptions() async throws {
    let bench = try bench(
      "\(Self.noLatest), exceptions: [{workloads: [shop], reason: moves, until: 2023-11-14}]")
    let plan = try await bench.plan(Self.spec(image: "shop/api"))
    #expect(plan.notes.map(\.code) == [.policyExcused])
    bench.time.setClock(by: .seconds(2 * 3600))
    #expect(try await bench.refusal(of: Self.spec(image: "shop/api")) == [.policyBroken])
    bench.time.setClock(by: .seconds(-2 * 3600))
    #expect(try await bench.apply(Self.spec(image: "shop/api")).outcome == .succeeded)
  }

  @Test("What undoes a failed run is held to no policy: it goes where the workload was")
  func atomic() async throws {
    var bench = Bench { $0.atomic = true }
    try await bench.apply(Self.workload(image: "shop/api"))
    bench.provider.meddle { $0.failingCommands = [["/bin/broken"]] }
    bench.policies = try Self.policies(Self.noLatest)
    var broken = Self.workload(image: "shop/api:2")
    broken.services[0].command = ["/bin/broken"]
    let result = try await bench.apply(broken)
    #expect(result.outcome == .failed && result.recovery?.outcome == .succeeded)
    #expect(result.recovery?.run?.policyOverride == nil)
  }

  @Test("What only looks is held to no policy")
  func drift() async throws {
    var bench = try bench()
    try await bench.apply(Self.spec(image: "shop/api"))
    bench.policies = try Self.policies("plan: {forbid: [start, replace, restart, create, update]}")
    bench.provider.meddle { [key = bench.key] in $0.kill("api", in: InstanceID(0), of: key) }
    let plan = try await bench.preview.drift(of: bench.key)
    #expect(!plan.isEmpty && plan.notes.allSatisfy { $0.code != .policyBroken })
  }

  @Test("A protected workload is not destroyed, with or without its document")
  func protected() async throws {
    var bench = try bench()
    try await bench.apply(Self.spec(image: "shop/api:1"))
    bench.policies = try Self.policies("plan: {forbid: [destroy, delete-volumes]}")
    #expect(try await bench.refusal(of: .destroy(volumes: false)) == [.policyBroken])
    #expect(try await bench.releases.count == 1 && !bench.instances.isEmpty)
  }

  @Test("A saved plan is held to the policies of the one who applies it")
  func savedPlan() async throws {
    var bench = try bench()
    try await bench.apply(Self.spec(image: "shop/api:1"))
    let saved = try await bench.preview.savedPlan(bench.request(Self.spec(image: "shop/api"))).saved
    bench.policies = try Self.policies(Self.noLatest)
    #expect(try await bench.refusal(of: .saved(saved)) == [.policyBroken])
  }

  @Test("Nothing of a workload that is refused keeps others from being applied")
  func together() async throws {
    let bench = try bench(Self.noLatest)
    var other = Self.workload(image: "shop/web:1")
    other.name = "web"
    let requests = [
      bench.request(Self.spec(image: "shop/api")),
      WorkloadRequest(key: WorkloadKey(name: "web"), goal: .spec(other, services: nil)),
    ]
    let endings = await bench.engine().apply(
      requests, watching: RunWatch())
    #expect(endings.count == 2)
    guard case .refused = endings[0], case .result(let result) = endings[1] else {
      Issue.record("\(endings)")
      return
    }
    #expect(result.outcome == .succeeded)
  }
}
