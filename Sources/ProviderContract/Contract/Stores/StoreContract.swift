import Planning
import ProviderKit
import Values
import WorkloadSpec

/// A place to keep releases in, for the store contract.
public protocol StoreHarness: Sendable {
  /// Opens the store: what one returned store wrote, the next one reads. At first it holds nothing.
  func open() async throws -> any ReleaseStore
}

/// What every release store must do, in cases that a test runs one by one.
///
/// With Swift Testing:
///
///     @Test(arguments: StoreContract.cases)
///     func passesTheContract(_ contract: StoreCase) async throws {
///       try await contract.run(MyHarness())
///     }
public enum StoreContract {
  /// The cases; each needs a harness of its own.
  public static let cases: [StoreCase] = readingCases + runCases + operatorCases + lockCases

  static let key = WorkloadKey(namespace: "default", name: "shop")
  static let other = WorkloadKey(namespace: "other", name: "shop")

  static func run(_ name: String, of key: WorkloadKey = key, _ intent: RunIntent = .apply) -> Run {
    Run(
      id: RunID(name), key: key, intent: intent, startedAt: Timestamp(milliseconds: 1000), by: "ada@build",
      summary: "create 1", savedPlan: "0f1e2d")
  }

  static func workload(_ command: String = "/bin/api") -> Workload {
    var service = Service()
    service.name = "api"
    service.command = [command]
    service.env = ["LEVEL": "info", "QUOTE": "\"'\n\u{1F980}"]
    var workload = Workload()
    workload.name = key.name
    workload.replicas = 2
    workload.labels = ["team": "checkout"]
    workload.services = [service]
    return workload
  }

  static func draft(_ snapshot: Workload? = workload(), restoredFrom: Int? = nil) -> ReleaseDraft {
    ReleaseDraft(
      snapshot: snapshot, by: "ada@build",
      provenance: [
        "api": Provenance(
          commit: "0123456789abcdef0123456789abcdef01234567", isDirty: true, author: "Ada <ada@example.com>",
          repository: "https://example.com/shop.git")
      ], restoredFrom: restoredFrom, setName: "shop-prod")
  }

  /// Begins and ends a run that records a release.
  @discardableResult
  static func record(
    _ name: String, in store: any ReleaseStore, of key: WorkloadKey = key, _ draft: ReleaseDraft = draft()
  ) async throws -> Release {
    try await store.begin(run(name, of: key))
    let release = try await store.finish(
      RunID(name), of: key, outcome: .succeeded, failure: nil, at: Timestamp(milliseconds: 2000),
      release: draft)
    return try require(release, "the release that the run recorded")
  }

  static func fail(_ name: String, in store: any ReleaseStore, of key: WorkloadKey = key) async throws {
    try await store.begin(run(name, of: key))
    let release = try await store.finish(
      RunID(name), of: key, outcome: .failed, failure: "create 0.api: exited with code 1",
      at: Timestamp(milliseconds: 2000), release: nil)
    try expect(release == nil, "that a failed run records no release")
  }

  // MARK: Releases

  private static let readingCases: [StoreCase] = [
    StoreCase("an empty store answers that there is nothing") { harness in
      let store = try await harness.open()
      try expect(try await store.workloads(in: nil), is: [], "the workloads")
      try expect(try await store.lastRelease(of: key) == nil, "no last release")
      try expect(try await store.release(1, of: key) == nil, "no release 1")
      try expect(try await store.releases(of: key, before: nil, limit: 10), is: [], "the releases")
      try expect(try await store.runs(of: key, limit: 10), is: [], "the runs")
      try expect(try await store.head(of: key).incompleteRuns, is: [], "the incomplete runs")
      try expect(try await store.journal(of: RunID("run-1")), is: [], "the journal")
      try expect(try await store.head(of: key).operatorState, is: OperatorState(), "what operators asked")
      try expect(try await store.lock(of: key) == nil, "no lock")
      try expect(try await store.digestKey(in: key.namespace) == nil, "no digest key")
      try expect(try await store.planKey(in: key.namespace) == nil, "no key of plans")
    },
    StoreCase("a release comes back as it was recorded, also from a store opened anew") { harness in
      let recorded = try await record("run-1", in: try await harness.open())
      try expect(recorded.number, is: 1, "the first number")
      try expect(recorded.run, is: RunID("run-1"), "the run of the release")
      try expect(recorded.recordedAt, is: Timestamp(milliseconds: 2000), "when it was recorded")
      try expect(recorded.snapshot, is: workload(), "the snapshot")
      try expect(recorded.provenance, is: draft().provenance, "where it comes from")
      try expect(recorded.setName, is: "shop-prod", "the named set")
      let store = try await harness.open()
      try expect(try await store.lastRelease(of: key), is: recorded, "the last release")
      try expect(try await store.release(1, of: key), is: recorded, "release 1")
      try expect(try await store.workloads(in: nil), is: [key], "the workloads")
      let run = try await store.runs(of: key, limit: 1).first
      try expect(run?.release, is: 1, "the release of the run")
      try expect(run?.savedPlan, is: "0f1e2d", "the saved plan of the run")
    },
    StoreCase("what a run overrides of policies is kept with it and with its release") { harness in
      let store = try await harness.open()
      var run = run("run-1")
      run.policyOverride = PolicyOverride(reason: "the shop is \"down\"", policies: ["windows", "tags"])
      try await store.begin(run)
      try expect(
        try await store.head(of: key).run?.policyOverride, is: run.policyOverride, "what a run overrides")
      var draft = draft()
      draft.policyOverride = run.policyOverride
      let release = try await store.finish(
        run.id, of: key, outcome: .succeeded, failure: nil, at: Timestamp(milliseconds: 2000), release: draft)
      try expect(release?.policyOverride, is: run.policyOverride, "that of the new release")
      try await record("run-2", in: store)
      let later = try await harness.open()
      try expect(try await later.release(1, of: key), is: release, "release 1")
      try expect(
        try await later.runs(of: key, limit: 2).map(\.policyOverride), is: [nil, run.policyOverride],
        "the runs")
      try expect(try await later.release(2, of: key)?.policyOverride == nil, "that release 2 has none")
    },
    StoreCase("numbers have no gaps, and go on after a failure and after a tombstone") { harness in
      let store = try await harness.open()
      try await record("run-1", in: store)
      try await fail("run-2", in: store)
      let restored = try await record("run-3", in: store, draft(restoredFrom: 1))
      try expect(restored.number, is: 2, "the number after a failed run")
      try expect(restored.restoredFrom, is: 1, "the restored release")
      let tombstone = try await record("run-4", in: store, draft(nil))
      try expect(tombstone.number, is: 3, "the number of the tombstone")
      try expect(try await store.lastRelease(of: key)?.snapshot == nil, "a tombstone as the last release")
      try expect(try await record("run-5", in: store).number, is: 4, "the number after the tombstone")
    },
    StoreCase("releases are read in pages, the newest first") { harness in
      let store = try await harness.open()
      for number in 1...5 { try await record("run-\(number)", in: store, draft(workload("/bin/\(number)"))) }
      func numbers(before: Int?, limit: Int) async throws -> [Int] {
        try await store.releases(of: key, before: before, limit: limit).map(\.number)
      }
      try expect(try await numbers(before: nil, limit: 2), is: [5, 4], "the first page")
      try expect(try await numbers(before: 4, limit: 2), is: [3, 2], "the second page")
      try expect(try await numbers(before: 2, limit: 2), is: [1], "the last page")
      try expect(try await numbers(before: 1, limit: 2), is: [], "the page after the last")
    },
    StoreCase("the histories of many workloads are read as each is read alone") { harness in
      let store = try await harness.open()
      try await record("run-1", in: store)
      try await fail("run-2", in: store, of: other)
      let third = WorkloadKey(namespace: "default", name: "shop-2")
      try await record("run-3", in: store, of: third)
      try await record("run-4", in: store, of: third)
      let missing = WorkloadKey(namespace: "default", name: "sho")
      let keys = [other, missing, key, third]
      let heads = await (try await harness.open()).heads(of: keys)
      try expect(try heads.answer(for: key).release?.number, is: 1, "the last release of the first")
      try expect(try heads.answer(for: third).release?.number, is: 2, "the last release of the third")
      try expect(try heads.answer(for: other).run?.outcome, is: .failed, "the last run elsewhere")
      try expect(try heads.answer(for: other).release == nil, "no release elsewhere")
      try expect(try heads.answer(for: missing), is: HistoryHead(), "the history of what is not there")
      for key in keys { try expect(try heads.answer(for: key), is: try await store.head(of: key), "\(key)") }
    },
    StoreCase("workloads of one name in two namespaces have nothing to do with each other") { harness in
      let store = try await harness.open()
      try await record("run-1", in: store)
      try await record("run-2", in: store)
      try expect(
        try await record("run-3", in: store, of: other).number, is: 1, "the number in another namespace")
      try await store.begin(run("run-4", of: other))
      try expect(try await store.head(of: key).incompleteRuns, is: [], "the incomplete runs of the first")
      try expect(try await store.workloads(in: "other"), is: [other], "the workloads of a namespace")
      try expect(try await store.workloads(in: nil), is: [key, other], "all workloads, in order")
      _ = try await store.tryLock(key, as: holder("a"))
      try expect(try await store.tryLock(other, as: holder("b")), is: .acquired, "the lock of the other")
    },
  ]

  // MARK: Runs

  private static let runCases: [StoreCase] = [
    StoreCase("a run that begins leaves earlier unfinished ones abandoned") { harness in
      let store = try await harness.open()
      try await store.begin(run("run-1"))
      try await store.begin(run("run-2"))
      let runs = try await store.runs(of: key, limit: 10)
      try expect(runs.map(\.id.description), is: ["run-2", "run-1"], "the runs, the newest first")
      try expect(runs.map(\.outcome), is: [.unfinished, .abandoned], "their outcomes")
      try await expectError(StoreError.self, "the end of an abandoned run") {
        try await store.finish(
          RunID("run-1"), of: key, outcome: .succeeded, failure: nil, at: Timestamp(milliseconds: 1),
          release: draft())
      }
      try expect(try await store.lastRelease(of: key) == nil, "no release of an abandoned run")
    },
    StoreCase("a run comes back as it was, with its end") { harness in
      let store = try await harness.open()
      try await store.begin(run("run-1", of: key, .rollback(to: 3)))
      try expect(
        try await store.runs(of: key, limit: 1), is: [run("run-1", of: key, .rollback(to: 3))], "the run")
      _ = try await store.finish(
        RunID("run-1"), of: key, outcome: .failed, failure: "it broke", at: Timestamp(milliseconds: 5000),
        release: nil)
      let ended = try require(try await harness.open().runs(of: key, limit: 1).first, "the run")
      try expect(ended.outcome, is: .failed, "the outcome")
      try expect(ended.failure, is: "it broke", "the failure")
      try expect(ended.endedAt, is: Timestamp(milliseconds: 5000), "the end")
      try expect(ended.release == nil, "no release")
    },
    StoreCase("a run ends once") { harness in
      let store = try await harness.open()
      try await record("run-1", in: store)
      try await expectError(StoreError.self, "a second end") {
        try await store.finish(
          RunID("run-1"), of: key, outcome: .succeeded, failure: nil, at: Timestamp(milliseconds: 1),
          release: draft())
      }
      try expect(try await store.releases(of: key, before: nil, limit: 10).count, is: 1, "the releases")
    },
    StoreCase("incomplete are the runs since the last release that did not succeed") { harness in
      let store = try await harness.open()
      try await store.begin(run("run-1"))
      try await fail("run-2", in: store)
      try await store.begin(run("run-3"))
      try expect(
        try await store.head(of: key).incompleteRuns, is: [RunID("run-1"), RunID("run-2"), RunID("run-3")],
        "abandoned, failed and unfinished runs")
      try await record("run-4", in: store)
      try expect(try await store.head(of: key).incompleteRuns, is: [], "those after a release")
      try await fail("run-5", in: store)
      try expect(
        try await store.head(of: key).incompleteRuns, is: [RunID("run-5")], "those after a new failure")
    },
    StoreCase("a journal is read in the order in which it was written") { harness in
      let store = try await harness.open()
      try await store.begin(run("run-1"))
      func entry(_ action: String, _ event: JournalEvent, _ message: String? = nil) -> JournalEntry {
        JournalEntry(
          run: RunID("run-1"), action: ActionID(action), event: event, at: Timestamp(milliseconds: 7),
          message: message)
      }
      let entries = [
        entry("create 0", .intended), entry("create 0", .succeeded), entry("create 0.api", .intended),
        entry("create 0.api", .failed, "exited with code 1"),
      ]
      try await store.append([entries[0]])
      try await store.append([entries[1], entries[2]])
      try await store.append([])
      try await store.append([entries[3]])
      try expect(try await harness.open().journal(of: RunID("run-1")), is: entries, "the journal")
    },
    StoreCase("the digest key is made once") { harness in
      let store = try await harness.open()
      let made = try await store.makeDigestKey(in: key.namespace)
      try expect(made.count >= 32, "a key of 32 bytes or more")
      try expect(try await store.makeDigestKey(in: key.namespace), is: made, "the key, made again")
      let reader = try await harness.open()
      try expect(try await reader.digestKey(in: key.namespace), is: made, "the key, read again")
      let planKey = try require(try await store.planKey(in: key.namespace), "the key of plans")
      try expect(planKey != made, "that plans are signed with another key")
      try expect(try await reader.planKey(in: key.namespace), is: planKey, "the key of plans, read again")
    },
    StoreCase("many runs at once record releases without gaps") { harness in
      let stores = [try await harness.open(), try await harness.open()]
      let refusals = try await withThrowingTaskGroup(of: String?.self) { group -> [String] in
        for number in 0..<20 {
          // Runs of one workload take over from each other; here only the numbering is looked at.
          let key = WorkloadKey(name: "shop-\(number % 4)")
          let store = stores[number % 2]
          group.addTask {
            do { try await record("run-\(number)", in: store, of: key) } catch let error as StoreError {
              return "\(key): \(error)"
            }
            return nil
          }
        }
        return try await group.reduce(into: []) { if let refusal = $1 { $0.append(refusal) } }
      }
      for number in 0..<4 {
        let numbers = try await stores[0].releases(
          of: WorkloadKey(name: "shop-\(number)"), before: nil, limit: 100
        ).map(\.number)
        try expect(
          !numbers.isEmpty, "a release of each workload, where \(refusals.joined(separator: "; "))")
        try expect(numbers.reversed(), is: Array(1...numbers.count), "the numbers")
      }
    },
  ]

  // MARK: The lock

  static func holder(_ token: String) -> LockHolder {
    LockHolder(
      token: token, description: "ada@build, process 1", since: Timestamp(milliseconds: 1_700_000_000_000))
  }

  private static func held(
    _ key: WorkloadKey, in store: any ReleaseStore, by token: String, line: Int = #line
  ) async throws -> LockRecord {
    guard case .held(let record) = try await store.tryLock(key, as: holder(token)) else {
      throw ContractViolation("expected the lock to be held", line: line)
    }
    return record
  }

  private static let lockCases: [StoreCase] = [
    StoreCase("one holder at a time has the lock") { harness in
      let (first, second) = (try await harness.open(), try await harness.open())
      try expect(try await first.tryLock(key, as: holder("a")), is: .acquired, "the first attempt")
      let record = try await held(key, in: second, by: "b")
      try expect(record.holder, is: holder("a"), "the holder")
      try expect(try await second.lock(of: key)?.holder, is: holder("a"), "the holder, read")
      try await second.unlock(key, token: "b")
      try expect(try await second.lock(of: key) != nil, "that only the holder can give it back")
      try await first.unlock(key, token: "a")
      try expect(try await second.lock(of: key) == nil, "no lock after it was given back")
      try expect(try await second.tryLock(key, as: holder("b")), is: .acquired, "the next attempt")
    },
    StoreCase("asking again with the same token, as after a lost reply, gets the lock") { harness in
      let store = try await harness.open()
      _ = try await store.tryLock(key, as: holder("a"))
      try expect(try await store.tryLock(key, as: holder("a")), is: .acquired, "the repeated attempt")
    },
    StoreCase("a beat is seen by others, and only the holder can give one") { harness in
      let store = try await harness.open()
      try expect(try await store.beat(key, token: "a"), is: false, "the answer to a beat without a lock")
      _ = try await store.tryLock(key, as: holder("a"))
      let before = try await held(key, in: store, by: "b")
      try expect(try await store.beat(key, token: "a"), is: true, "the answer to the holder")
      try expect(try await store.beat(key, token: "b"), is: false, "the answer to another holder")
      let after = try await held(key, in: store, by: "b")
      try expect(before.beat != after.beat, "a beat that a waiter can see")
    },
    StoreCase("a lock is broken only if its holder was silent since it was seen") { harness in
      let store = try await harness.open()
      _ = try await store.tryLock(key, as: holder("a"))
      let seen = try await held(key, in: store, by: "b")
      _ = try await store.beat(key, token: "a")
      try expect(try await store.breakLock(key, seen: seen), is: false, "breaking the lock of one who beat")
      let again = try await held(key, in: store, by: "b")
      try expect(try await store.breakLock(key, seen: again), is: true, "breaking the lock of a silent one")
      try expect(try await store.beat(key, token: "a"), is: false, "the answer to who lost the lock")
      try expect(try await store.tryLock(key, as: holder("b")), is: .acquired, "the waiter's attempt")
      try expect(try await store.breakLock(key, seen: again), is: false, "breaking it a second time")
    },
    StoreCase("of many who ask at once, one gets the lock") { harness in
      let stores = [try await harness.open(), try await harness.open()]
      let winners = try await withThrowingTaskGroup(of: Bool.self) { group in
        for number in 0..<16 {
          let store = stores[number % 2]
          group.addTask { try await store.tryLock(key, as: holder("token-\(number)")) == .acquired }
        }
        return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
      }
      try expect(winners, is: 1, "the number of winners")
    },
  ]
}

/// One thing that every release store must do.
public struct StoreCase: Sendable, CustomStringConvertible {
  /// What a store does if it keeps to the contract, as a sentence; the name of the test.
  public let name: String
  private let body: @Sendable (any StoreHarness) async throws -> Void

  init(_ name: String, _ body: @escaping @Sendable (any StoreHarness) async throws -> Void) {
    self.name = name
    self.body = body
  }

  /// The name, for the output of a test framework.
  public var description: String { name }

  /// Tries it.
  ///
  /// - Throws: ``ContractViolation`` if the store does otherwise; whatever the store throws.
  public func run(_ harness: some StoreHarness) async throws { try await body(harness) }
}
