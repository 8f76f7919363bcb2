import Diagnostics
import Engine
import Planning
import ProviderContract
import ProviderKit
import Synchronization
import Testing
import Values
import WorkloadSpec

/// Releases that say which bytes they were.
@Suite struct PinTests {
  static let (old, new) = (digest("a"), digest("b"))

  static func digest(_ digit: Character) -> String { "sha256:" + String(repeating: digit, count: 64) }

  static func app(_ image: String = "app:1", _ edit: (inout Service) -> Void = { _ in }) -> Workload {
    Examples.workload([
      Examples.service("api") {
        $0.image = image
        edit(&$0)
      }
    ]) { $0.strategy.maxUnavailable = 1 }
  }

  /// A target whose registry has an image.
  func bench(_ digest: String? = old, capabilities: Set<Capability> = Set(Capability.allCases)) -> Bench {
    let bench = Bench(capabilities: capabilities)
    move("app:1", to: digest, on: bench)
    return bench
  }

  func move(_ image: String, to digest: String?, on bench: Bench) {
    bench.provider.meddle { $0.registry[image] = digest }
  }

  func request(_ bench: Bench, _ workload: Workload = app(), pins: Bool = true) -> WorkloadRequest {
    WorkloadRequest(key: bench.key, goal: .spec(workload, services: nil), pins: pins)
  }

  @discardableResult
  func apply(_ bench: Bench, _ workload: Workload = app(), pins: Bool = true) async throws -> RunResult {
    try await bench.engine().apply(request(bench, workload, pins: pins))
  }

  /// What the one service that lives was made from.
  func live(_ bench: Bench) -> ObservedService? { bench.instances.first?.service("api") }

  @Test("The release has the digest") func theReleaseHasTheDigest() async throws {
    let bench = bench()
    let plan = try await bench.preview.plan(request(bench))
    #expect(plan.pinnedImages.map(\.image) == ["app:1@\(Self.old)"])
    #expect(bench.store.writes == 0)
    let result = try await apply(bench)
    #expect(result.release?.snapshot?.service("api")?.image == "app:1@\(Self.old)")
    #expect(live(bench)?.live.service.image == "app:1@\(Self.old)")
  }

  @Test("A plan tells where the tags lead that it makes services from")
  func aPlanTellsWhereTheTagsLeadThatItMakesServicesFrom() async throws {
    let bench = bench()
    func leads(_ workload: Workload, pins: Bool = false) async throws -> [ImageLead] {
      try await bench.preview.plan(request(bench, workload, pins: pins)).images
    }
    let two = Self.app("app:2")
    let unknown = ImageLead(image: "app:2", resolution: .unknown("no registry has it"))
    #expect(try await leads(Self.app()) == [ImageLead(image: "app:1", resolution: .digests([Self.old]))])
    // A digest that is written down says so itself.
    #expect(try await leads(Self.app(), pins: true) == [])
    try await apply(bench, pins: false)
    #expect(try await leads(Self.app()) == [])
    #expect(try await leads(Self.app { $0.env = ["A": "1"] }) == [])
    #expect(try await leads(two) == [unknown])
    move("app:2", to: Self.new, on: bench)
    #expect(try await leads(two) == [ImageLead(image: "app:2", resolution: .digests([Self.new]))])
    let both = Examples.workload([
      Examples.service("api") { $0.image = "app:2" },
      Examples.service("envoy", .sidecar) { $0.image = "app:2" },
    ]) { $0.strategy.maxUnavailable = 1 }
    #expect(try await leads(both) == [ImageLead(image: "app:2", resolution: .digests([Self.new]))])
    try await apply(bench, two, pins: false)
    // To go back to a release is shown as well.
    let back = try await bench.preview.plan(WorkloadRequest(key: bench.key, goal: .release(1)))
    #expect(back.images == [ImageLead(image: "app:1", resolution: .digests([Self.old]))])
  }

  @Test("The same tag is no change as long as it leads there") func theSameTagIsNoChangeAsLongAsItLeadsThere()
    async throws
  {
    let bench = bench()
    try await apply(bench)
    for pins in [true, false] {
      #expect(try await bench.preview.plan(request(bench, pins: pins)).isEmpty)
      #expect(try await apply(bench, pins: pins).outcome == .nothingToDo)
    }
    #expect(try await bench.preview.drift(of: bench.key).isEmpty)
    // Nor while its digest is not known.
    move("app:1", to: nil, on: bench)
    #expect(try await apply(bench, pins: false).outcome == .nothingToDo)
  }

  @Test("Another change keeps the digest") func anotherChangeKeepsTheDigest() async throws {
    let bench = bench()
    try await apply(bench)
    let result = try await apply(bench, Self.app { $0.env = ["A": "1"] }, pins: false)
    #expect(result.plan.action("restart 0.api")?.changes.map(\.path) == ["env.A"])
    #expect(result.release?.snapshot?.service("api")?.image == "app:1@\(Self.old)")
  }

  @Test("What runs is pinned without being touched") func whatRunsIsPinnedWithoutBeingTouched() async throws {
    let bench = bench()
    try await apply(bench, pins: false)
    let process = bench.processID("api")
    let result = try await apply(bench)
    #expect(result.plan.actions.map(\.id.description) == ["record workload"])
    #expect(result.release?.snapshot?.service("api")?.image == "app:1@\(Self.old)")
    #expect(bench.processID("api") == process)
    #expect(try await bench.preview.drift(of: bench.key).isEmpty)
  }

  @Test("A tag that moved is an external change", arguments: [true, false])
  func aTagThatMovedIsAnExternalChange(_ pins: Bool) async throws {
    let bench = bench()
    try await apply(bench)
    move("app:1", to: Self.new, on: bench)
    let result = try await apply(bench, pins: pins)
    #expect(
      result.plan.action("replace 0.api")?.changes == [
        Change(
          path: "image.digest", old: .value(.string(Self.old)), new: .value(.string(Self.new)),
          causes: [.external], impact: .replace)
      ])
    #expect(live(bench)?.imageDigests == [Self.new])
    #expect(
      result.release?.snapshot?.service("api")?.image == (pins ? "app:1@\(Self.new)" : "app:1"))
    #expect(try await apply(bench, pins: pins).outcome == .nothingToDo)
  }

  @Test("A rollback gets the old bytes") func aRollbackGetsTheOldBytes() async throws {
    let bench = bench()
    try await apply(bench)
    move("app:1", to: Self.new, on: bench)
    try await apply(bench)
    let result = try await bench.apply(.release(nil))
    #expect(result.plan.action("replace 0.api")?.causes == [.spec])
    #expect(result.release?.restoredFrom == 1)
    #expect(live(bench)?.live.service.image == "app:1@\(Self.old)")
    #expect(live(bench)?.imageDigests == [Self.old])
    // The tag goes on leading elsewhere, and the next spec says so.
    #expect(try await bench.preview.plan(request(bench)).action("replace 0.api")?.causes == [.external])
  }

  @Test("A saved plan holds the digest") func aSavedPlanHoldsTheDigest() async throws {
    let bench = bench()
    try await apply(bench, pins: false)
    move("app:1", to: Self.new, on: bench)
    let saved = try await bench.preview.savedPlan(request(bench)).saved
    let read = try SavedPlan(try Value(json: CanonicalJSON.pretty(saved.plain)))
    #expect(read.plain == saved.plain)
    // Where the tag leads since makes no difference: the plan says what is run.
    move("app:1", to: Self.digest("c"), on: bench)
    let result = try await bench.apply(.saved(read))
    #expect(result.release?.snapshot?.service("api")?.image == "app:1@\(Self.new)")
    #expect(live(bench)?.imageDigests == [Self.new])
    #expect(result.plan.action("replace 0.api")?.causes == [.external])
  }

  @Test("A tag that moves while it waits is asked about again")
  func aTagThatMovesWhileItWaitsIsAskedAboutAgain() async throws {
    let bench = bench()
    let plans = PlanLog()
    let result = try await bench.engine().apply(
      request(bench),
      approve: { plan in
        plans.add(plan)
        bench.time.advance(by: .seconds(60))
        bench.provider.meddle { $0.registry["app:1"] = Self.new }
        return true
      })
    #expect(plans.images == ["app:1@\(Self.old)", "app:1@\(Self.new)"])
    #expect(result.release?.snapshot?.service("api")?.image == "app:1@\(Self.new)")
  }

  @Test("A named service is pinned alone") func aNamedServiceIsPinnedAlone() async throws {
    let bench = bench()
    var workload = Self.app()
    workload.services.append(Examples.service("envoy", .sidecar) { $0.image = "app:1" })
    try await apply(bench, workload, pins: false)
    let result = try await bench.engine().apply(
      WorkloadRequest(key: bench.key, goal: .spec(workload, services: ["envoy"]), pins: true))
    #expect(
      result.release?.snapshot?.services.map(\.image) == ["app:1", "app:1@\(Self.old)"])
  }

  @Test("A paused rollout keeps its digest") func aPausedRolloutKeepsItsDigest() async throws {
    let bench = bench()
    let first = Self.app().canary
    try await apply(bench, first)
    move("app:1", to: Self.new, on: bench)
    var paused = request(bench, first)
    paused.pause = Examples.pause
    #expect(try await bench.engine().apply(paused).plan.pauses)
    // Without `--pin`, the spec is still the one that is paused.
    let result = try await apply(bench, first, pins: false)
    #expect(result.release?.snapshot?.service("api")?.image == "app:1@\(Self.new)")
  }

  @Test("What has no digest is refused") func whatHasNoDigestIsRefused() async throws {
    let bench = bench(nil)
    let error = try await #require(throws: DiagnosticError.self) { try await apply(bench) }
    #expect(error.diagnostics.map(\.code) == [.cannotPin])
    #expect(bench.store.writes == 0)
    #expect(try await apply(bench, pins: false).outcome == .succeeded)
  }

  @Test("A provider without images refuses") func aProviderWithoutImagesRefuses() async throws {
    let bench = bench(capabilities: Set(Capability.allCases).subtracting([.pin]))
    let error = try await #require(throws: DiagnosticError.self) { try await apply(bench) }
    #expect(error.diagnostics.map(\.code) == [.missingCapability])
    #expect(error.diagnostics.first?.message.contains("`--pin`") == true)
    #expect(try await apply(bench, pins: false).outcome == .succeeded)
  }
}

/// The plans that were agreed to.
private final class PlanLog: Sendable {
  private let log = Mutex<[Plan]>([])
  var images: [String] { log.withLock { $0.flatMap(\.pinnedImages).map(\.image) } }
  func add(_ plan: Plan) { log.withLock { $0.append(plan) } }
}

extension Plan {
  fileprivate func action(_ id: String) -> Action? { actions.first { $0.id.description == id } }
}

extension Workload {
  /// The same with a strategy that can pause.
  fileprivate var canary: Workload {
    var workload = self
    workload.strategy.type = .canary
    return workload
  }
}
