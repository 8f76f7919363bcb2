import Planning
import ProviderKit
import Synchronization

/// A release store in memory.
public final class MemoryStore: ReleaseStore {
  private let state = Mutex(State())

  private struct State {
    var releases: [WorkloadKey: [Release]] = [:]
    var runs: [WorkloadKey: [Run]] = [:]
    var journal: [RunID: [JournalEntry]] = [:]
    var operatorStates: [WorkloadKey: OperatorState] = [:]
    var locks: [WorkloadKey: LockRecord] = [:]
    var goneHolders: Set<String> = []
    var digestKey: [UInt8]?
    var writes = 0
  }

  private let newDigestKey: [UInt8]

  /// A store that holds nothing.
  ///
  /// - Parameter newDigestKey: the key of the digests of secrets, once somebody asks for one; a random one if
  ///   not given.
  public init(newDigestKey: [UInt8]? = nil) {
    self.newDigestKey = newDigestKey ?? (0..<32).map { _ in UInt8.random(in: .min ... .max) }
  }

  /// A store of its own that holds what another one holds now.
  public init(copying other: MemoryStore) {
    newDigestKey = other.newDigestKey
    let copy = other.state.withLock { $0 }
    state.withLock { $0 = copy }
  }

  /// How many times anything was written, or might have been.
  public var writes: Int { state.withLock { $0.writes } }

  /// Makes it known for certain that the holder of a lock is gone.
  public func markGone(_ token: String) { state.withLock { _ = $0.goneHolders.insert(token) } }

  private func write<Result: Sendable>(_ change: (inout State) throws -> Result) rethrows -> Result {
    try state.withLock { state in
      state.writes += 1
      return try change(&state)
    }
  }
}

// MARK: ReleaseReader

extension MemoryStore {
  /// The workloads that have runs; without one there is no release.
  public func workloads(in namespace: String?) async throws -> [WorkloadKey] {
    state.withLock { state in
      state.runs.keys.filter { namespace == nil || $0.namespace == namespace }.sorted()
    }
  }

  /// The release with the highest number, the last run, the runs that began after the one which recorded that
  /// release and did not succeed, and what operators asked.
  public func heads(of keys: [WorkloadKey]) async -> Answers<HistoryHead> {
    let state = state.withLock { $0 }
    return await Answers(of: keys) { key in
      let runs = state.runs[key] ?? []
      let start = runs.lastIndex { $0.release != nil }.map { $0 + 1 } ?? 0
      return HistoryHead(
        release: state.releases[key]?.last, run: runs.last,
        incompleteRuns: Set(runs[start...].filter { $0.outcome != .succeeded }.map(\.id)),
        operatorState: state.operatorStates[key] ?? OperatorState())
    }
  }

  /// The release with a number.
  public func release(_ number: Int, of key: WorkloadKey) async throws -> Release? {
    state.withLock { $0.releases[key]?.first { $0.number == number } }
  }

  /// The releases, the newest first.
  public func releases(of key: WorkloadKey, before: Int?, limit: Int) async throws -> [Release] {
    state.withLock { state in
      let found = (state.releases[key] ?? []).filter { release in
        before.map { release.number < $0 } ?? true
      }
      return Array(found.reversed().prefix(max(0, limit)))
    }
  }

  /// The runs, the newest first.
  public func runs(of key: WorkloadKey, limit: Int) async throws -> [Run] {
    state.withLock { Array(($0.runs[key] ?? []).reversed().prefix(max(0, limit))) }
  }

  /// The journal of a run.
  public func journal(of run: RunID) async throws -> [JournalEntry] {
    state.withLock { $0.journal[run] ?? [] }
  }

  /// Who holds the lock.
  public func lock(of key: WorkloadKey) async throws -> LockRecord? {
    state.withLock { state in Self.lock(of: key, in: state) }
  }

  private static func lock(of key: WorkloadKey, in state: State) -> LockRecord? {
    guard var record = state.locks[key] else { return nil }
    record.holderIsGone = state.goneHolders.contains(record.holder.token)
    return record
  }

  /// The key of the digests of secrets.
  public func digestKey() async throws -> [UInt8]? { state.withLock { $0.digestKey } }
}

// MARK: ReleaseStore

extension MemoryStore {
  /// Writes down that a run starts.
  public func begin(_ run: Run) async throws {
    try write { state in
      guard !state.runs.values.joined().contains(where: { $0.id == run.id }) else {
        throw StoreError("there is a run \(run.id) already")
      }
      var runs = state.runs[run.key] ?? []
      for index in runs.indices where runs[index].outcome == .unfinished { runs[index].outcome = .abandoned }
      state.runs[run.key] = runs + [run]
    }
  }

  /// Adds to the journal.
  public func append(_ entries: [JournalEntry]) async throws {
    try write { state in
      let known = Set(state.runs.values.joined().map(\.id))
      if let stray = entries.first(where: { !known.contains($0.run) }) {
        throw StoreError("there is no run \(stray.run)")
      }
      for entry in entries { state.journal[entry.run, default: []].append(entry) }
    }
  }

  /// Writes down how a run ended, the release that it made, and what operators asked.
  public func finish(
    _ run: RunID, of key: WorkloadKey, outcome: RunOutcome, failure: String?, at: Timestamp,
    release: ReleaseDraft?, operatorState: OperatorState?
  ) async throws -> Release? {
    try write { state in
      guard let index = state.runs[key]?.firstIndex(where: { $0.id == run && $0.outcome == .unfinished })
      else { throw StoreError("run \(run) of \(key) can't be ended: it is not under way") }
      let recorded = release.map { draft in
        Release(
          number: (state.releases[key]?.last?.number ?? 0) + 1, key: key, snapshot: draft.snapshot,
          recordedAt: at, by: draft.by, run: run, provenance: draft.provenance,
          restoredFrom: draft.restoredFrom, setName: draft.setName)
      }
      state.runs[key]?[index].outcome = outcome
      state.runs[key]?[index].failure = failure
      state.runs[key]?[index].endedAt = at
      state.runs[key]?[index].release = recorded?.number
      if let recorded { state.releases[key, default: []].append(recorded) }
      if let operatorState { state.operatorStates[key] = operatorState.isEmpty ? nil : operatorState }
      return recorded
    }
  }

  /// Takes the lock, if nobody holds it.
  public func tryLock(_ key: WorkloadKey, as holder: LockHolder) async throws -> LockAttempt {
    write { state in
      if let record = Self.lock(of: key, in: state) {
        return record.holder.token == holder.token ? .acquired : .held(record)
      }
      state.locks[key] = LockRecord(holder: holder, beat: 0)
      return .acquired
    }
  }

  /// Says that the holder is alive.
  public func beat(_ key: WorkloadKey, token: String) async throws -> Bool {
    write { state in
      guard state.locks[key]?.holder.token == token else { return false }
      state.locks[key]?.beat += 1
      return true
    }
  }

  /// Takes the lock away, if it is as it was seen.
  public func breakLock(_ key: WorkloadKey, seen: LockRecord) async throws -> Bool {
    write { state in
      guard let record = state.locks[key], record.holder.token == seen.holder.token, record.beat == seen.beat
      else { return false }
      state.locks[key] = nil
      return true
    }
  }

  /// Gives the lock back.
  public func unlock(_ key: WorkloadKey, token: String) async throws {
    write { state in
      if state.locks[key]?.holder.token == token { state.locks[key] = nil }
    }
  }

  /// The key of the digests of secrets, made at the first call.
  public func makeDigestKey() async throws -> [UInt8] {
    write { state in
      state.digestKey = newDigestKey
      return newDigestKey
    }
  }
}
