import Diagnostics
import Engine
import Planning
import ProviderContract
import ProviderKit
import Testing
import Values

@Suite struct LockTests {
  static let other = LockHolder(
    token: "other", description: "bob@desk, process 7", since: Timestamp(milliseconds: 1_700_000_000_000))

  @Test("Without waiting it says who holds the lock") func withoutWaitingItSaysWhoHoldsTheLock() async throws
  {
    let bench = Bench { $0.lockTimeout = .zero }
    _ = try await bench.store.tryLock(bench.key, as: Self.other)
    let error = try await #require(throws: DiagnosticError.self) { try await bench.apply(Examples.hello) }
    let diagnostic = try #require(error.diagnostics.first)
    #expect(diagnostic.code == .lockHeld)
    #expect(diagnostic.message.contains("bob@desk, process 7"))
    #expect(bench.provider.performed.isEmpty)
    #expect(try await bench.store.lock(of: bench.key)?.holder == Self.other)
  }

  @Test("A lock that is given back is taken") func aLockThatIsGivenBackIsTaken() async throws {
    let store = MemoryStore()
    let time = TestTime(meanwhile: {
      await ignoringErrors { try await store.unlock(WorkloadKey(name: "shop"), token: "other") }
    })
    let bench = Bench(time: time, store: store)
    _ = try await store.tryLock(bench.key, as: Self.other)
    let log = EventLog()
    #expect(try await bench.apply(Examples.hello, log: log).outcome == .succeeded)
    #expect(log.all.contains("waiting for bob@desk, process 7"))
  }

  @Test("A holder that is silent too long loses the lock") func aHolderThatIsSilentTooLongLosesTheLock()
    async throws
  {
    let bench = Bench {
      $0.lockTimeout = .seconds(20)
      $0.lockTimeToLive = .seconds(15)
    }
    _ = try await bench.store.tryLock(bench.key, as: Self.other)
    #expect(try await bench.apply(Examples.hello).outcome == .succeeded)
    #expect(bench.time.environment.uptime() >= .seconds(15))
  }

  @Test("A holder that beats keeps the lock") func aHolderThatBeatsKeepsTheLock() async throws {
    let store = MemoryStore()
    let time = TestTime(meanwhile: {
      await ignoringErrors { _ = try await store.beat(WorkloadKey(name: "shop"), token: "other") }
    })
    let bench = Bench(time: time, store: store) { $0.lockTimeout = .seconds(60) }
    _ = try await store.tryLock(bench.key, as: Self.other)
    #expect(try await bench.refusal(of: .spec(Examples.hello, services: nil)) == [.lockHeld])
    #expect(time.environment.uptime() >= .seconds(60))
    #expect(try await store.lock(of: bench.key)?.holder == Self.other)
  }

  @Test("A holder that is gone is not waited for") func aHolderThatIsGoneIsNotWaitedFor() async throws {
    let bench = Bench { $0.lockTimeout = .zero }
    _ = try await bench.store.tryLock(bench.key, as: Self.other)
    bench.store.markGone("other")
    let log = EventLog()
    #expect(try await bench.apply(Examples.hello, log: log).outcome == .succeeded)
    #expect(!log.all.contains { $0.hasPrefix("waiting") })
  }

  @Test("Who loses the lock stops and writes nothing more") func whoLosesTheLockStopsAndWritesNothingMore()
    async throws
  {
    // The holder beats all the time; only what hangs keeps the run from its end.
    let bench = Bench(time: TestTime(longestSleep: .seconds(5)))
    bench.provider.plan(FaultPlan([Fault(.hang, at: .perform(2))]))
    let run = Task { try await bench.apply(Examples.web) }
    while bench.provider.performed.count < 2 { await Task.yield() }
    let holder = try #require(try await bench.store.lock(of: bench.key)).holder
    try await bench.store.unlock(bench.key, token: holder.token)
    _ = try await bench.store.tryLock(bench.key, as: Self.other)
    let error = try await #require(throws: DiagnosticError.self) { try await run.value }
    #expect(error.diagnostics.map(\.code) == [.lockLost])
    #expect(bench.provider.performed.count == 2)
    #expect(try await bench.store.runs(of: bench.key, limit: 1).first?.outcome == .unfinished)
    #expect(try await bench.store.lock(of: bench.key)?.holder == Self.other)
  }

  @Test("The lock is looked at before each action") func theLockIsLookedAtBeforeEachAction() async throws {
    let bench = Bench { $0.parallelism = 1 }
    // Asked once for the plan that is shown, and once more under the lock.
    bench.secrets.onSecondRead { [store = bench.store, key = bench.key] in
      try await store.unlock(key, token: "token-1")
    }
    #expect(try await bench.refusal(of: .spec(Examples.web, services: nil)) == [.lockLost])
    #expect(bench.provider.performed.isEmpty)
  }

  @Test("Who stood still under the lock begins nothing") func whoStoodStillUnderTheLockBeginsNothing()
    async throws
  {
    let bench = Bench()
    bench.secrets.onSecondRead { [store = bench.store, key = bench.key, time = bench.time] in
      time.advance(by: .milliseconds(200))
      try await store.unlock(key, token: "token-1")
    }
    #expect(try await bench.refusal(of: .spec(Examples.web, services: nil)) == [.lockLost])
    #expect(try await bench.store.runs(of: bench.key, limit: 1).isEmpty)
  }

  @Test("Unlocking takes the lock from any holder") func unlockingTakesTheLockFromAnybody() async throws {
    let bench = Bench()
    #expect(try await bench.engine().unlock(bench.key) == nil)
    _ = try await bench.store.tryLock(bench.key, as: Self.other)
    #expect(try await bench.engine().unlock(bench.key)?.holder == Self.other)
    #expect(try await bench.store.lock(of: bench.key) == nil)
  }

  @Test("Applies at once come one after the other") func appliesAtOnceComeOneAfterTheOther() async throws {
    let bench = Bench(time: TestTime(longestSleep: .zero)) { $0.lockTimeout = .seconds(3600) }
    let store = bench.store
    let patient = TestTime(longestSleep: .seconds(1), meanwhile: { await Task.yield() })
    let results = try await withThrowingTaskGroup(of: RunResult.self) { group in
      for number in 1...6 {
        group.addTask {
          var environment = patient.environment
          // Time stands still, so that no holder is taken for silent.
          environment.uptime = { .zero }
          let engine = Engine(
            provider: bench.provider, target: "local", options: bench.options, environment: environment,
            secrets: SecretResolvers([bench.secrets]))
          return try await engine.apply(
            WorkloadRequest(
              key: bench.key,
              goal: .spec(Examples.web("api") { $0.env = ["N": "\(number)"] }, services: nil)))
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(results.allSatisfy { $0.outcome == .succeeded })
    #expect(try await bench.releases.map(\.number) == Array(1...6))
    #expect(try await store.runs(of: bench.key, limit: 100).allSatisfy { $0.outcome == .succeeded })
  }
}

/// What happens elsewhere in a test may come too late to matter.
func ignoringErrors(_ body: () async throws -> Void) async {
  do { try await body() } catch {}
}
