import AWSTestSupport
import Diagnostics
import Planning
import ProviderContract
import ProviderKit
import Synchronization
import TestSupport
import Testing
import Values
import WorkloadSpec

@testable import AWSAPI
@testable import ObjectStore

/// The store on a bucket of moto does what is asked of every store, and loses nothing whatever goes wrong.
@Suite(MotoServer.isInstalled) struct MotoSuites {
  private static let engine = EngineIdentity(provider: "docker", id: "7TRN:IPZB:QYBB")

  struct Harness: StoreHarness {
    let world: MotoWorld
    func open() async throws -> any ReleaseStore {
      try await world.keeper().store(of: MotoSuites.engine, limits: HistoryLimits())
    }
  }

  @Test("keeps the contract of stores", arguments: StoreContract.cases)
  func keepsTheContract(_ contract: StoreCase) async throws {
    try await contract.run(Harness(world: MotoWorld()))
  }

  struct Place: StoreCrashPlace {
    let world: MotoWorld
    let findsOutLostReplies = true

    private var registers: ObjectRegisters { ObjectRegisters(connection: world.connection()) }

    func open() async throws -> any ReleaseStore { RegisterStore(registers, limits: StoreScript.limits) }

    func attempt(
      _ fault: StoreFault, _ body: @Sendable (any ReleaseStore) async -> Void
    ) async throws -> Int {
      let (gate, steps) = fault.gate
      await body(RegisterStore(GatedRegisters(registers, gate: gate), limits: StoreScript.limits))
      return steps()
    }

    func leftovers(of key: WorkloadKey) async throws -> [String] {
      try await RegisterStore(registers).unreferred(of: key)
    }
  }

  @Test("loses nothing wherever it is cut off") func losesNothing() async throws {
    let stride = Thoroughness.part?.of ?? (Thoroughness.isFull ? 1 : 13)
    let report = try await StoreCrashes(stride: stride, first: Thoroughness.part?.number, atOnce: 4) {
      try await Place(world: MotoWorld())
    }.run()
    print(report.summary("a bucket of moto"))
    for failure in report.failures { Issue.record("\(failure)") }
    #expect(report.points > 0)
  }

  /// Who has the lock.
  private final class Inside: Sendable {
    private let state = Mutex([0, 0, 0])
    /// The most that had it at the same time.
    var most: Int { state.withLock { $0[1] } }
    /// How often it was given back.
    var runs: Int { state.withLock { $0[2] } }

    func enter() { state.withLock { $0 = [$0[0] + 1, max($0[1], $0[0] + 1), $0[2]] } }
    func leave() { state.withLock { $0 = [$0[0] - 1, $0[1], $0[2] + 1] } }
  }

  /// As many as come at once: each with a connection and a store object of its own, as a process has.
  @Test(
    "of twenty that want one lock, one has it at a time; of twenty that begin with one head, all are recorded"
  )
  func twentyAtOnce() async throws {
    let world = try await MotoWorld()
    let key = WorkloadKey(name: "shop")
    let inside = Inside()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<20 {
        group.addTask {
          let store = try await world.keeper().store(of: Self.engine, limits: HistoryLimits())
          let moment = Timestamp(milliseconds: 1_800_000_000_000)
          let holder = LockHolder(token: "token-\(number)", description: "applier \(number)", since: moment)
          while try await store.tryLock(key, as: holder) != .acquired {
            try await Task.sleep(for: .milliseconds(20))
          }
          inside.enter()
          let run = Run(
            id: RunID("run-\(number)"), key: key, intent: .apply, startedAt: moment, by: "ada",
            summary: "1 to create")
          try await store.begin(run)
          let release = try await store.finish(
            run.id, of: key, outcome: .succeeded, failure: nil, at: moment,
            release: ReleaseDraft(snapshot: Self.workload(number), by: "ada"))
          inside.leave()
          #expect(release != nil)
          try await store.unlock(key, token: holder.token)
        }
      }
      try await group.waitForAll()
    }
    #expect(inside.most == 1 && inside.runs == 20)
    let store = try await world.keeper().store(of: Self.engine, limits: HistoryLimits())
    #expect(
      try await store.releases(of: key, before: nil, limit: 100).map(\.number) == Array((1...20).reversed()))
    #expect(Set(try await store.runs(of: key, limit: 100).map(\.id)).count == 20)
    #expect(try await store.lock(of: key) == nil)
  }

  @Test("of twenty that make one object, or change it from one state, one does") func oneDoes() async throws {
    let world = try await MotoWorld()
    let all = (0..<20).map { _ in ObjectRegisters(connection: world.connection()) }
    @Sendable func wins(
      _ body: @escaping @Sendable (ObjectRegisters, Int) async throws -> Bool
    ) async throws -> Int {
      try await withThrowingTaskGroup(of: Bool.self) { group in
        for (number, registers) in all.enumerated() { group.addTask { try await body(registers, number) } }
        return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
      }
    }
    for round in 0..<5 {
      let name = "heads/default_w\(round)"
      #expect(try await wins { try await $0.create(name, Array("\($1)".utf8)) } == 1)
      let state = try #require(try await all[0].get(name))
      #expect(
        try await wins { try await $0.swap(name, from: state.version, to: Array("new \($1)".utf8)) } == 1)
      let next = try #require(try await all[1].get(name))
      #expect(
        try await wins { registers, _ in try await registers.swap(name, from: next.version, to: nil) } == 1)
      #expect(try await all[2].get(name) == nil)
    }
  }

  private static func workload(_ number: Int) -> Workload {
    var service = Service()
    service.name = "api"
    service.image = "shop/api:1"
    service.env = ["NUMBER": "\(number)"]
    var workload = Workload()
    workload.name = "shop"
    workload.services = [service]
    return workload
  }

  @Test("a bucket that is not there, and one with versions, are told") func whatIsTold() async throws {
    let world = try await MotoWorld()
    var store = S3Store(address: "no-such-bucket-\(UInt32.random(in: .min ... .max))")
    store.endpoint = world.endpoint
    let environment = ["HOME": "/nowhere", "AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "s"]
    let missing = BucketKeeper(
      StoreOptions(target: "edge", own: store, isGiven: true), environment: environment)
    let error = await #expect(throws: StoreError.self) { try await missing.connect() }
    #expect(error?.code == .bucketMissing)
    let body =
      "<VersioningConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Status>Enabled</Status></VersioningConfiguration>"
    _ = try await world.client().call(
      AWSRequest(
        .PUT, "/\(world.bucket)", query: [("versioning", "")], body: Array(body.utf8), isRepeatable: true))
    let registers = ObjectRegisters(connection: world.connection())
    let versioned = await #expect(throws: StoreError.self) {
      try await registers.create("heads/default_shop", [1])
    }
    #expect(versioned?.code == .bucketVersioned)
  }

  @Test("a configuration that was found reaches a store of this machine alone") func found() async throws {
    let world = try await MotoWorld()
    let here = BucketKeeper(
      world.options(isGiven: false),
      environment: ["HOME": "/nowhere", "AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "s"])
    try await here.connect()
    for endpoint in [nil, "https://s3.example.com"] {
      var store = S3Store(address: "history/berth")
      (store.endpoint, store.region) = (endpoint, "eu-central-1")
      let elsewhere = BucketKeeper(
        StoreOptions(target: "edge", own: store, isGiven: false), environment: ["HOME": "/nowhere"])
      let error = await #expect(throws: DiagnosticError.self) { try await elsewhere.connect() }
      #expect(error?.diagnostics.first?.code == .foundConfiguration)
    }
  }
}
