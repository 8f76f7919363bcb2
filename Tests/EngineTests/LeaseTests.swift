import Diagnostics
import Planning
import ProviderContract
import ProviderKit
import Synchronization
import Testing
import Values

@testable import Engine

@Suite struct LeaseTests {
  /// Lets nothing be written once it is shut.
  private final class Shutter: CallGate {
    private let isShut = Mutex(false)

    func shut() { isShut.withLock { $0 = true } }
    func open() { isShut.withLock { $0 = false } }

    func read<Result>(_ body: () async throws -> Result) async throws -> Result { try await body() }

    func effect<Result>(_ body: () async throws -> Result) async throws -> Result {
      if isShut.withLock({ $0 }) { throw StoreError("the store is away") }
      return try await body()
    }
  }

  private func lease(_ time: TestTime, _ shutter: Shutter) async throws -> Lease {
    let store = RegisterStore(GatedRegisters(MemoryRegisters(), gate: shutter))
    let key = WorkloadKey(name: "shop")
    let holder = LockHolder(token: "mine", description: "ada", since: Timestamp(milliseconds: 0))
    _ = try await store.tryLock(key, as: holder)
    return Lease(
      key, token: holder.token, asked: .zero, wasContended: false, store: store,
      timeToLive: EngineOptions().lockTimeToLive, environment: time.environment)
  }

  @Test("A lock whose store stays away is given up, and no other run is said to have taken it")
  func aStoreThatStaysAway() async throws {
    let (time, shutter) = (TestTime(longestSleep: .seconds(5)), Shutter())
    let lease = try await lease(time, shutter)
    shutter.shut()
    let error = try await #require(throws: DiagnosticError.self) { try await lease.keepBeating() }
    #expect(time.environment.uptime() >= EngineOptions().lockTimeToLive)
    let problem = try #require(error.diagnostics.first)
    #expect(problem.code == .lockLost)
    #expect(problem.message.hasSuffix("does not answer: the store is away"))
  }

  @Test("A store may be away for ten seconds")
  func aStoreThatComesBack() async throws {
    let shutter = Shutter()
    let clock = Mutex(TestTime?.none)
    let time = TestTime(longestSleep: .seconds(5)) {
      let now = clock.withLock { $0?.environment.uptime() } ?? .zero
      if now >= .seconds(14) { shutter.open() }
      // The clock moves for as long as no other task gets its turn.
      await Task.yield()
    }
    clock.withLock { $0 = time }
    let lease = try await lease(time, shutter)
    shutter.shut()
    let beats = Task { try await lease.keepBeating() }
    while time.environment.uptime() < .seconds(60) { await Task.yield() }
    beats.cancel()
    try await beats.value
    #expect(!lease.isLost)
  }
}
