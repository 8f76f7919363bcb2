import Diagnostics
import Engine
import Planning
import ProviderContract
import ProviderKit
import Synchronization
import Testing

/// Several workloads in one command.
@Suite struct JointRunTests {
  let bench = Bench()
  let log = JointLog()

  private func words(_ endings: [String: RunEnding]) -> [String: String] { endings.mapValues(\.words) }

  // MARK: Order

  @Test("Each comes after what it depends on", arguments: [1, 20]) func eachComesAfterWhatItDependsOn(
    parallelism: Int
  ) async throws {
    let bench = Bench { $0.parallelism = parallelism }
    let endings = await bench.apply(JointExamples.tiers(), log: log)
    #expect(endings.values.allSatisfy { $0.words == "succeeded" })
    #expect(log.all.first == #"proposed ["api", "cache", "db", "web"] later []"#)
    #expect(Set(log.order.prefix(2)) == ["cache", "db"] && log.order.suffix(2) == ["api", "web"])
    if parallelism == 1 { #expect(log.order == ["cache", "db", "api", "web"]) }
    for (earlier, later) in [("cache", "api"), ("db", "api"), ("api", "web")] {
      let lines = log.all
      let end = try #require(lines.firstIndex(of: "ended \(earlier)"))
      #expect(end < (try #require(lines.firstIndex(of: "started \(later)"))))
    }
  }

  @Test("What goes away goes in reverse") func whatGoesAwayGoesInReverse() async throws {
    await bench.apply(JointExamples.tiers())
    let endings = await bench.apply([], deleting: ["api", "cache", "db", "web"], log: log)
    #expect(endings.values.allSatisfy { $0.words == "succeeded" })
    #expect(log.order.prefix(2) == ["web", "api"] && Set(log.order.suffix(2)) == ["cache", "db"])
    #expect(bench.provider.world.keys.isEmpty)
  }

  @Test("What is needed no more goes last") func whatIsNeededNoMoreGoesLast() async throws {
    await bench.apply([JointExamples.workload("db"), JointExamples.workload("web", after: ["db"])])
    bench.provider.meddle { $0.failingCommands = [["/bin/broken"]] }
    let broken = JointExamples.workload("web") { $0.services[0].command = ["/bin/broken"] }
    #expect(
      words(await bench.apply([broken], deleting: ["db"])) == ["web": "failed", "db": "not started: web"])
    let endings = await bench.apply([JointExamples.workload("web")], deleting: ["db"], log: log)
    #expect(endings.values.allSatisfy { $0.words == "succeeded" })
    #expect(log.order == ["web", "db"])
  }

  // MARK: Failure

  @Test("One that fails stops those that need it") func oneThatFailsStopsThoseThatNeedIt() async throws {
    bench.provider.meddle { $0.failingCommands = [["/bin/db"]] }
    let endings = await bench.apply(JointExamples.tiers() + [JointExamples.workload("other")], log: log)
    #expect(
      words(endings) == [
        "api": "not started: db", "cache": "succeeded", "db": "failed", "web": "not started: db",
        "other": "succeeded",
      ])
    #expect(try await bench.store.runs(of: .named("api"), limit: 1).isEmpty)
    bench.provider.meddle { $0.failingCommands = [] }
    #expect(
      words(await bench.apply(JointExamples.tiers())) == [
        "api": "succeeded", "cache": "nothingToDo", "db": "succeeded", "web": "succeeded",
      ])
  }

  @Test("What has nothing to do needs nothing") func whatHasNothingToDoNeedsNothing() async throws {
    await bench.apply(JointExamples.tiers())
    bench.provider.meddle { $0.failingCommands = [["/bin/db"]] }
    var next = JointExamples.tiers()
    next[2] = JointExamples.tiers(version: 2)[2]
    #expect(
      words(await bench.apply(next)) == [
        "api": "nothingToDo", "cache": "nothingToDo", "db": "failed", "web": "nothingToDo",
      ])
  }

  @Test("Who is stopped begins nothing more") func whoIsStoppedBeginsNothingMore() async throws {
    let bench = Bench { $0.parallelism = 1 }
    let stop = StopRequest()
    let requests = Bench.requests(JointExamples.tiers())
    let watch = RunWatch(events: { key, event in
      if case .started = event, key.name == "cache" { stop.make() }
    })
    let endings = await bench.engine(stop: stop).apply(requests, watching: watch)
    #expect(endings.map(\.words) == ["not begun", "failed", "not begun", "not begun"])
  }

  @Test("Who does not agree changes nothing") func whoDoesNotAgreeChangesNothing() async throws {
    let asked = Mutex<[[String]]>([])
    let endings = await bench.apply(JointExamples.tiers()) { plans in
      asked.withLock { $0.append(plans.map(\.key.name)) }
      return false
    }
    #expect(endings.values.allSatisfy { $0.words == "declined" })
    #expect(asked.withLock { $0 } == [["api", "cache", "db", "web"]])
    #expect(bench.store.writes == 0 && bench.provider.performed.isEmpty)
  }

  // MARK: Readiness

  @Test("What is not in the command is waited for before the lock")
  func whatIsNotInTheCommandIsWaitedForBeforeTheLock() async throws {
    await bench.apply([JointExamples.workload("db")])
    bench.provider.meddle { $0.kill("db", in: InstanceID(0), of: .named("db")) }
    let web = JointExamples.workload("web", after: ["db"])
    #expect(words(await bench.apply([web], log: log)) == ["web": "refused E0662"])
    #expect(log.all.contains("web waits for db"))
    // It is not begun, and its lock was never taken.
    #expect(try await bench.store.runs(of: .named("web"), limit: 1).isEmpty)
    let gate = LockWatch { bench.provider.world.observation(of: .named("db")).isReady }
    let engine = bench.engine(gate: gate)
    async let ending = engine.apply(
      Bench.requests([web]),
      watching: RunWatch(events: { _, event in
        if case .waitingForWorkloads = event {
          bench.provider.meddle { world in
            world.meddle(with: .named("db")) { observation in
              observation.instances[0].services[0].isReady = true
              observation.instances[0].isAlive = true
            }
          }
        }
      }))
    #expect(await ending.map(\.words) == ["succeeded"])
    #expect(gate.tooEarly == 0)
  }

  // MARK: What one leaves to the next

  @Test("What stands in the way may be gone in time") func whatStandsInTheWayMayBeGoneInTime() async throws {
    let problem = Diagnostics([Diagnostic(.portTaken, "the port 80 is taken")])
    let taken = JointExamples.workload("a", port: 80)
    await bench.apply([JointExamples.workload("b", port: 80), JointExamples.workload("c")])
    bench.provider.object(problem)
    // Those that take nothing from others are refused at once.
    let refused = await bench.apply([JointExamples.workload("a"), JointExamples.workload("c", version: 2)])
    #expect(words(refused) == ["a": "refused E0609", "c": "refused E0609"])
    let requests = Bench.requests([taken], deleting: ["b"])
    let asked = Mutex<[[String]]>([])
    let endings = await bench.engine().apply(
      requests,
      watching: RunWatch(
        proposed: { self.log.add("proposed \($0.map(\.key.name)) later \($1.keys.map(\.name))") },
        approve: { plans in
          asked.withLock { $0.append(plans.map(\.key.name)) }
          return true
        },
        events: { key, event in
          if case .recorded = event, key.name == "b" { self.bench.provider.object(Diagnostics()) }
        }))
    #expect(endings.map(\.words) == ["succeeded", "succeeded"])
    #expect(log.all == [#"proposed ["b"] later ["a"]"#])
    #expect(asked.withLock { $0 } == [["b"], ["a"]])
  }

  // MARK: Side by side

  @Test("Forty that do not wait for one another are under way at once")
  func independentOnesGoSideBySide() async throws {
    let bench = Bench { $0.parallelism = 40 }
    let gate = Rendezvous(40)
    let workloads = (0..<40).map { JointExamples.workload("w\($0)") }
    let endings = await bench.engine(gate: gate).apply(
      Bench.requests(workloads), watching: log.watch { _ in true })
    #expect(endings.allSatisfy { $0.words == "succeeded" })
    #expect(gate.hasMet && log.mostAtOnce == 40)
  }

  @Test("Their actions are counted together", arguments: [1, 3, 7]) func theirActionsAreCountedTogether(
    parallelism: Int
  ) async throws {
    let bench = Bench { $0.parallelism = parallelism }
    let gate = Rendezvous(parallelism)
    let workloads = (0..<20).map { index in
      JointExamples.workload("w\(index)") {
        $0.services += (0..<4).map { Examples.service("s\($0)", .sidecar) }
      }
    }
    let endings = await bench.engine(gate: gate).apply(
      Bench.requests(workloads), watching: log.watch { _ in true })
    #expect(endings.allSatisfy { $0.words == "succeeded" })
    #expect(gate.hasMet && log.mostAtOnce == parallelism)
  }
}

/// Keeps actions waiting until so many are under way at once.
private final class Rendezvous: CallGate {
  private let count: Int
  private let state = Mutex((here: 0, hasMet: false))

  init(_ count: Int) { self.count = count }

  var hasMet: Bool { state.withLock { $0.hasMet } }

  func read<Result>(_ body: () async throws -> Result) async throws -> Result { try await body() }
  func effect<Result>(_ body: () async throws -> Result) async throws -> Result { try await body() }

  func perform(_ action: Action, of key: WorkloadKey, _ body: () async throws -> Void) async throws {
    state.withLock { state in
      state.here += 1
      if state.here == count { state.hasMet = true }
    }
    defer { state.withLock { $0.here -= 1 } }
    // Where they wrongly go one after the other, a run that is missing never comes: the others go on, and have not met.
    let end = ContinuousClock.now + .seconds(60)
    while !hasMet, ContinuousClock.now < end { try await Task.sleep(for: .milliseconds(1)) }
    try await body()
  }
}

/// Counts what is written before something is so.
private final class LockWatch: CallGate {
  private let isSo: @Sendable () -> Bool
  private let count = Mutex(0)

  init(_ isSo: @escaping @Sendable () -> Bool) { self.isSo = isSo }

  var tooEarly: Int { count.withLock { $0 } }

  func read<Result>(_ body: () async throws -> Result) async throws -> Result { try await body() }

  func effect<Result>(_ body: () async throws -> Result) async throws -> Result {
    if !isSo() { count.withLock { $0 += 1 } }
    return try await body()
  }
}
