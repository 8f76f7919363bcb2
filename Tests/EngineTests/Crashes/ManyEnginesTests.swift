import Engine
import Planning
import ProviderContract
import ProviderKit
import Synchronization
import TestSupport
import Testing
import WorkloadSpec

/// Twenty engines that apply the same five workloads at once.
@Suite struct ManyEnginesTests {
  /// What an engine said that it does.
  private struct Sight: Sendable {
    let workload: Int
    let apply: Int
  }

  private final class Sights: Sendable {
    private let seen = Mutex<[Sight]>([])

    var all: [Sight] { seen.withLock { $0 } }
    func add(_ sight: Sight) { seen.withLock { $0.append(sight) } }
  }

  /// How many times each of them applies.
  private static let rounds = Thoroughness.isFull ? 60 : 8

  @Test("Each workload has one holder at a time") func eachWorkloadHasOneHolderAtATime() async throws {
    let provider = SimulatedProvider()
    let sights = Sights()
    let applies = try await withThrowingTaskGroup(of: Int.self) { group in
      for applier in 0..<20 {
        group.addTask {
          for round in 0..<Self.rounds {
            let (workload, apply) = ((applier + round) % 5, applier * 1000 + round)
            let engine = Engine(
              provider: GatedProvider(provider, gate: Hesitation()), target: "local",
              options: EngineOptions(lockTimeout: .seconds(3600)), environment: Self.environment)
            let spec = Examples.workload(
              [Examples.service("api") { $0.env = ["N": "\(apply)"] }, Examples.service("logs", .sidecar)])
            let result = try await engine.apply(
              WorkloadRequest(key: Self.key(workload), goal: .spec(spec, services: nil)),
              events: { event in
                switch event {
                case .started, .succeeded, .failed:
                  sights.add(Sight(workload: workload, apply: apply))
                default: break
                }
              })
            #expect(result.outcome == .succeeded)
          }
          return Self.rounds
        }
      }
      return try await group.reduce(0, +)
    }
    var interleaved = 0
    for workload in 0..<5 {
      let order = sights.all.filter { $0.workload == workload }.map(\.apply)
      // A run that was seen once and gave way to another is not seen again.
      let turns = order.reduce(into: [Int]()) { if $0.last != $1 { $0.append($1) } }
      interleaved += turns.count - Set(turns).count
      let store = provider.store
      let releases = try await store.releases(of: Self.key(workload), before: nil, limit: .max)
      #expect(releases.map(\.number).reversed() == Array(1...(applies / 5)))
      let runs = try await store.runs(of: Self.key(workload), limit: .max)
      #expect(runs.count == applies / 5 && runs.allSatisfy { $0.outcome == .succeeded })
      let last = releases.first?.snapshot?.service("api")
      let live = provider.world.observation(of: Self.key(workload)).instances
      #expect(live.count == 1 && live.first?.service("api")?.live.service == last)
      #expect(turns.last.map { "\($0)" } == last?.env["N"]?.description)
      #expect(try await store.lock(of: Self.key(workload)) == nil)
    }
    #expect(interleaved == 0)
    print("twenty engines: \(applies) applies, \(interleaved) interleaved")
  }

  private static func key(_ workload: Int) -> WorkloadKey { WorkloadKey(name: "w\(workload)") }

  /// The real world, in which waiting is short, and no holder is taken for silent.
  private static var environment: EngineEnvironment {
    var environment = EngineEnvironment.live
    environment.uptime = { .zero }
    environment.sleep = { duration in
      guard duration <= .seconds(1) else { return try await untilCancelled() }
      try await Task.sleep(for: .milliseconds(2))
    }
    return environment
  }
}

/// Lets others go first at every call.
private struct Hesitation: CallGate {
  func read<Result>(_ body: () async throws -> Result) async throws -> Result {
    await Task.yield()
    return try await body()
  }

  func effect<Result>(_ body: () async throws -> Result) async throws -> Result {
    for _ in 0..<Int.random(in: 0...5) { await Task.yield() }
    return try await body()
  }
}
