import Planning
import ProviderKit
import Synchronization
import Values
import WorkloadSpec

/// What is done to a store while its steps go wrong, one operation after the other: all that a store is asked for.
public enum StoreScript {
  /// How much a store keeps of a history, so that the script has something to sweep.
  public static let limits = HistoryLimits(releases: 3, runs: 4)

  static let key = WorkloadKey(namespace: "default", name: "shop")
  static let other = WorkloadKey(namespace: "other", name: "shop")
  static let keys = [key, other]

  /// One thing that is asked of a store.
  struct Operation: Sendable {
    let name: String
    let body: @Sendable (any ReleaseStore) async throws -> Release?

    init(_ name: String, _ body: @escaping @Sendable (any ReleaseStore) async throws -> Release?) {
      self.name = name
      self.body = body
    }
  }

  static func holder(_ token: String) -> LockHolder {
    LockHolder(
      token: token, description: "ada@build, process 1", since: Timestamp(milliseconds: 1_700_000_000_000))
  }

  /// A workload with a config file whose content is large.
  static func workload(_ version: Int, content: Character = "a") -> Workload {
    var file = ConfigFile()
    file.name = "app"
    file.path = "/etc/app.conf"
    file.content = String(repeating: content, count: 10_000)
    var service = Service()
    service.name = "api"
    service.command = ["/bin/api", "v\(version)"]
    service.configFiles = [file]
    var workload = Workload()
    workload.name = key.name
    workload.services = [service]
    return workload
  }

  private static func run(_ name: String, of key: WorkloadKey, _ intent: RunIntent) -> Run {
    Run(
      id: RunID(name), key: key, intent: intent, startedAt: Timestamp(milliseconds: 1000), by: "ada@build",
      summary: "create 1")
  }

  /// A whole run that records a release.
  static func record(_ name: String, of key: WorkloadKey, in store: any ReleaseStore) async throws -> Release?
  {
    try await store.begin(run(name, of: key, .apply))
    return try await store.finish(
      RunID(name), of: key, outcome: .succeeded, failure: nil, at: Timestamp(milliseconds: 3000),
      release: ReleaseDraft(snapshot: workload(0), by: "ada@build"))
  }

  private static func begin(
    _ name: String, of key: WorkloadKey = key, _ intent: RunIntent = .apply,
    expects draft: ReleaseDraft? = nil
  ) -> Operation {
    Operation("begin \(name)") { store in
      let recording = draft.map { draft in RunRecording { RunRecording.Content(release: draft) } }
      try await store.begin(run(name, of: key, intent), recording: recording)
      return nil
    }
  }

  private static func append(_ name: String, _ event: JournalEvent) -> Operation {
    Operation("append to \(name)") { store in
      try await store.append([
        JournalEntry(
          run: RunID(name), action: ActionID("create 0.api"), event: event, at: Timestamp(milliseconds: 1500))
      ])
      return nil
    }
  }

  private static func finish(
    _ name: String, of key: WorkloadKey = key, _ outcome: RunOutcome = .succeeded,
    release: ReleaseDraft? = nil,
    operatorState: OperatorState? = nil
  ) -> Operation {
    Operation("finish \(name)") { store in
      try await store.finish(
        RunID(name), of: key, outcome: outcome, failure: outcome == .failed ? "exited with code 1" : nil,
        at: Timestamp(milliseconds: 2000), release: release, operatorState: operatorState)
    }
  }

  private static func draft(_ workload: Workload?, restoredFrom: Int? = nil) -> ReleaseDraft {
    ReleaseDraft(snapshot: workload, by: "ada@build", restoredFrom: restoredFrom, setName: "shop-prod")
  }

  private static func lock(_ token: String, _ key: WorkloadKey = key) -> Operation {
    Operation("lock as \(token)") { store in
      _ = try await store.tryLock(key, as: holder(token))
      return nil
    }
  }

  private static func unlock(_ token: String, _ key: WorkloadKey = key) -> Operation {
    Operation("unlock as \(token)") { store in
      try await store.unlock(key, token: token)
      return nil
    }
  }

  private static var pausedRollout: OperatorState {
    // Each text is small, and the whole is not.
    var workload = workload(3, content: "b")
    workload.services[0].env = StringMap(
      (100..<400).map { ("VARIABLE_\($0)", String(repeating: "x", count: 60)) })
    return OperatorState(
      stopped: [ServiceScope(service: "api")],
      rollout: PausedRollout(
        snapshot: workload, instances: [InstanceID(0, generation: 1)], places: 1,
        pause: Pause(by: "ada@build", since: Timestamp(milliseconds: 1_700_000_000_123))))
  }

  /// The operations, in order.
  static let operations: [Operation] = [
    lock("first"),
    Operation("make the digest key") { store in
      _ = try await store.makeDigestKey(in: StoreScript.key.namespace)
      return nil
    },
    begin("run-1", expects: draft(workload(1))), append("run-1", .intended), append("run-1", .succeeded),
    finish("run-1", release: draft(workload(1))),
    Operation("beat") { store in
      _ = try await store.beat(key, token: "first")
      return nil
    },
    unlock("first"),
    lock("elsewhere", other), begin("run-2", of: other), append("run-2", .failed),
    finish("run-2", of: other, .failed), unlock("elsewhere", other),
    lock("second"),
    Operation("break the lock of second") { store in
      if let record = try await store.lock(of: key) { _ = try await store.breakLock(key, seen: record) }
      return nil
    },
    lock("third"),
    begin("run-3", expects: draft(workload(2, content: "c"))), append("run-3", .intended),
    begin("run-4", expects: draft(workload(2))), finish("run-4", release: draft(workload(2))),
    begin("run-5", .stop), finish("run-5", operatorState: pausedRollout),
    begin("run-6", .rollback(to: 1), expects: draft(workload(1, content: "d"))), append("run-6", .intended),
    append("run-6", .failed),
    finish("run-6", .failed),
    begin("run-7", .promote), finish("run-7", release: draft(workload(3, content: "b"), restoredFrom: 1)),
    begin("run-8"),
    finish("run-8", release: draft(workload(4)), operatorState: OperatorState(stopped: [.all])),
    // It ends otherwise than it expects.
    begin("run-9", expects: draft(workload(5, content: "e"))), append("run-9", .intended),
    append("run-9", .succeeded),
    finish("run-9", release: draft(workload(5))),
    begin("run-10", .destroy), finish("run-10", release: draft(nil), operatorState: OperatorState()),
    begin("run-11"), finish("run-11", release: draft(workload(6))),
    unlock("third"),
  ]

  /// Carries out the operations until one fails.
  ///
  /// - Parameter goesOn: whether it goes on after one that fails.
  static func play(in store: any ReleaseStore, _ progress: Progress, goesOn: Bool = false) async {
    for operation in operations {
      do {
        if let release = try await operation.body(store) { progress.note(release) }
        progress.step()
      } catch {
        progress.note(error)
        if !goesOn { return }
      }
    }
  }
}

/// How far a writer came, and what the store told it.
final class Progress: Sendable {
  private struct State {
    var done = 0
    var releases: [Release] = []
    var errors: [any Error] = []
  }
  private let state = Mutex(State())

  /// How many operations were done.
  var done: Int { state.withLock { $0.done } }
  var releases: [Release] { state.withLock { $0.releases } }
  var errors: [any Error] { state.withLock { $0.errors } }
  var error: (any Error)? { errors.first }

  func step() { state.withLock { $0.done += 1 } }
  func note(_ release: Release) { state.withLock { $0.releases.append(release) } }
  func note(_ error: any Error) { state.withLock { $0.errors.append(error) } }
}

/// All that can be read from a store.
struct StoreSight: Equatable, Sendable {
  /// What there is of a workload.
  struct History: Equatable, Sendable {
    var head: HistoryHead
    var releases: [Release]
    var runs: [Run]
    var lock: LockRecord?
  }

  private(set) var workloads: [WorkloadKey] = []
  private(set) var histories: [WorkloadKey: History] = [:]
  private(set) var journals: [RunID: [JournalEntry]] = [:]
  private(set) var hasDigestKey = false

  /// Reads a store. How often a holder has beaten is left out.
  ///
  /// - Parameter withSuccesses: whether what journals tell of actions that succeeded is not left out, too.
  init(of store: any ReleaseStore, withSuccesses: Bool = true) async throws {
    workloads = try await store.workloads(in: nil)
    for key in StoreScript.keys {
      var lock = try await store.lock(of: key)
      lock?.beat = 0
      let history = History(
        head: try await store.head(of: key),
        releases: try await store.releases(of: key, before: nil, limit: 100),
        runs: try await store.runs(of: key, limit: 100), lock: lock)
      for run in history.runs {
        journals[run.id] = try await store.journal(of: run.id).filter {
          withSuccesses || $0.event != .succeeded
        }
      }
      histories[key] = history
    }
    hasDigestKey = try await store.digestKey(in: StoreScript.key.namespace) != nil
  }

  func lastNumber(of key: WorkloadKey) -> Int { histories[key]?.head.release?.number ?? 0 }
  func operatorState(of key: WorkloadKey) -> OperatorState {
    histories[key]?.head.operatorState ?? OperatorState()
  }

  /// What differs, in words.
  func difference(from other: StoreSight) -> String {
    var words: [String] = []
    if workloads != other.workloads { words.append("workloads \(workloads)") }
    for key in StoreScript.keys {
      guard let mine = histories[key], let theirs = other.histories[key] else { continue }
      if mine.head != theirs.head { words.append("the head of \(key)") }
      if mine.releases != theirs.releases { words.append("releases \(mine.releases.map(\.number))") }
      if mine.runs != theirs.runs { words.append("runs \(mine.runs.map { "\($0.id) \($0.outcome)" })") }
      if mine.lock != theirs.lock { words.append("lock \(mine.lock?.holder.token ?? "free")") }
    }
    if journals != other.journals { words.append("journals") }
    if hasDigestKey != other.hasDigestKey { words.append("the digest key") }
    return words.joined(separator: ", ")
  }
}
