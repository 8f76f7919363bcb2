import Diagnostics
import Planning
import ProviderContract
import ProviderKit
import Testing
import Values
import WorkloadSpec

@testable import Engine

/// Targets whose history another one's engine keeps.
@Suite struct NamedStoreTests {
  /// What keeps histories: an engine in memory with workloads of its own.
  let keeper = SimulatedProvider(
    world: SimulatedWorld(engine: EngineIdentity(provider: "simulated", id: "keeper")))
  let key = WorkloadKey(name: "shop")
  /// One clock, so that no two runs are called the same.
  let time = TestTime()

  /// A provider whose history the keeper has, made as a registry makes it.
  private func provider(
    _ id: String, world: SimulatedWorld? = nil, in keeper: (any StoreKeeper)? = nil
  ) throws -> SimulatedProvider {
    let world = world ?? SimulatedWorld(engine: EngineIdentity(provider: "simulated", id: id))
    var registry = ProviderRegistry()
    registry.register("simulated", summary: "an engine in memory") { target in
      SimulatedProvider(world: world, store: target.store ?? MemoryStore())
    }
    let store = NamedStore(in: keeper ?? self.keeper, place: "the target `keeper`")
    let made = try registry.get("simulated").make(TargetOptions(name: id, store: store))
    return try #require(made as? SimulatedProvider)
  }

  private func engine(_ provider: any Provider) -> Engine {
    Engine(provider: provider, target: "t", environment: time.environment)
  }

  private func apply(_ workload: Workload, on provider: any Provider) async throws -> RunResult {
    try await engine(provider).apply(WorkloadRequest(key: key, goal: .spec(workload, services: nil)))
  }

  @Test("The history is where the target says, and comes back by another runner")
  func theHistoryIsWhereTheTargetSays() async throws {
    let edge = try provider("edge")
    #expect(try await apply(Examples.hello, on: edge).release?.number == 1)
    // Another runner has the same engine and the same keeper, and nothing else.
    let again = try provider("edge", world: edge.world)
    var changed = Examples.hello
    changed.services[0].env["COLOUR"] = "blue"
    #expect(try await apply(changed, on: again).release?.number == 2)
    let releases = try await again.history.releases(of: key, before: nil, limit: 9)
    #expect(releases.map(\.number) == [2, 1])
    let restored = try await engine(again).apply(WorkloadRequest(key: key, goal: .release(1)))
    #expect(restored.release?.restoredFrom == 1)
    #expect(try await again.history.workloads(in: nil) == [key])
  }

  @Test("Engines that share a store do not see each other's history")
  func enginesThatShareAStoreAreApart() async throws {
    let (one, two) = (try provider("one"), try provider("two"))
    _ = try await apply(Examples.hello, on: one)
    #expect(try await two.history.lastRelease(of: key) == nil)
    #expect(try await two.history.workloads(in: nil).isEmpty)
    #expect(try await keeper.history.workloads(in: nil).isEmpty)
    _ = try await apply(Examples.hello, on: two)
    _ = try await apply(Examples.hello, on: keeper)
    for provider in [one, two, keeper] {
      #expect(try await provider.history.lastRelease(of: key)?.number == 1)
    }
    // Keys of digests and of plans are each engine's own, too.
    let keys = [
      try await one.store.makeDigestKey(in: "default"), try await two.store.makeDigestKey(in: "default"),
      try await keeper.store.makeDigestKey(in: "default"),
    ]
    #expect(Set(keys).count == 3)
    #expect(try await one.history.planKey(in: "default") != two.history.planKey(in: "default"))
  }

  @Test("The lock is the named store's") func theLockIsTheNamedStores() async throws {
    let edge = try provider("edge")
    let other = try provider("edge", world: edge.world)
    let holder = LockHolder(token: "t", description: "ada", since: Timestamp(milliseconds: 0))
    #expect(try await edge.store.tryLock(key, as: holder) == .acquired)
    #expect(try await other.history.lock(of: key)?.holder == holder)
    let free = try await keeper.store.tryLock(
      key, as: LockHolder(token: "u", description: "bo", since: Timestamp(milliseconds: 0)))
    #expect(free == .acquired)
  }

  @Test("An engine that is asked to keep its own history has one history")
  func anEngineThatKeepsItsOwnHasOne() async throws {
    _ = try await apply(Examples.hello, on: keeper)
    let same = try provider("keeper", world: keeper.world)
    #expect(try await same.history.lastRelease(of: key)?.number == 1)
  }

  @Test("A store that does not answer is an error that says so")
  func aStoreThatDoesNotAnswer() async throws {
    keeper.plan(FaultPlan([Fault(.fail, at: .info)]))
    let store = NamedStore(in: keeper, place: "the target `keeper`")
    await #expect(throws: ProviderError.self) { try await store.connect(within: .seconds(5)) }
    let edge = try provider("edge")
    keeper.plan(FaultPlan([Fault(.fail, at: .info)]))
    let error = await #expect(throws: StoreError.self) { try await edge.history.workloads(in: nil) }
    #expect(error?.code == .engineUnreachable)
    // The next call tries anew.
    #expect(try await edge.history.workloads(in: nil).isEmpty)
  }

  @Test("A store that serves no provider says so") func aStoreThatServesNoProviderSaysSo() async throws {
    let store = NamedStore(in: keeper, place: "the target `keeper`")
    let error = await #expect(throws: StoreError.self) { try await store.workloads(in: nil) }
    #expect(error?.help?.contains("serve") == true)
  }

  @Test("A provider that would use another store than the named one is refused")
  func aProviderThatForgetsTheStoreIsRefused() throws {
    var registry = ProviderRegistry()
    registry.register("forgetful", summary: "keeps its own") { _ in SimulatedProvider() }
    let store = NamedStore(in: keeper, place: "the target `keeper`")
    let error = #expect(throws: DiagnosticError.self) {
      try registry.get("forgetful").make(TargetOptions(name: "edge", store: store))
    }
    #expect(error?.diagnostics.first?.code == .storeNotNamed)
    #expect(throws: Never.self) { try registry.get("forgetful").make(TargetOptions(name: "edge")) }
  }
}
