import Planning
import Synchronization
import Values

/// The history of a target whose `store` says that something else than its own engine keeps it.
///
/// What its records begin with is known when the engine has said which one it is: then it is opened, by the first call.
public final class NamedStore: ReleaseStore {
  /// What keeps it, in words: "the target `lab`".
  public let place: String
  private let keeper: any StoreKeeper
  private let limits: HistoryLimits
  private let state = Mutex(State())

  private struct State {
    /// What knows whose history it is; not needed any more when the store is open.
    var owner: (any ProviderReader)?
    var store: (any ReleaseStore)?
  }

  /// A history that something keeps. It is used by a provider that ``serve(_:)`` names.
  ///
  /// - Parameters:
  ///   - place: what keeps it, in words: "the target `lab`".
  ///   - limits: how much is kept of each workload's history.
  public init(in keeper: any StoreKeeper, place: String, limits: HistoryLimits = HistoryLimits()) {
    self.keeper = keeper
    self.place = place
    self.limits = limits
  }

  /// Says whose history it is. Providers of a ``ProviderRegistry`` are named by that.
  public func serve(_ provider: any ProviderReader) {
    state.withLock { if $0.store == nil { $0.owner = provider } }
  }

  /// Makes sure that what keeps it answers, and soon enough.
  ///
  /// - Parameter limit: how long it may take to answer.
  /// - Throws: ``ProviderError`` if it can't be reached, or did not answer in time.
  public func connect(within limit: Duration) async throws {
    let keeper = keeper
    if try await inTime(limit, { try await keeper.connect() }) != nil { return }
    throw ProviderError(
      "\(place) did not answer within \(limit)", help: "is it running, and does berth.yaml have its address?")
  }

  private func open() async throws -> any ReleaseStore {
    let (owner, known) = state.withLock { ($0.owner, $0.store) }
    if let known { return known }
    guard let owner else {
      throw StoreError("it is not known whose history \(place) is to keep", help: "name it by `serve`")
    }
    do {
      let store = try await keeper.store(of: try await owner.info().identity, limits: limits)
      return state.withLock { state in
        // Of two that were made at once, all use one: a store remembers the runs that it began.
        if let first = state.store { return first }
        (state.store, state.owner) = (store, nil)
        return store
      }
    } catch let error as ProviderError {
      throw StoreError(error.message, help: error.help, code: .engineUnreachable)
    }
  }
}

// MARK: ReleaseReader

extension NamedStore {
  /// The workloads that have a history there.
  public func workloads(in namespace: String?) async throws -> [WorkloadKey] {
    try await open().workloads(in: namespace)
  }

  /// The workloads of which a release may be in force.
  public func residents(in namespace: String) async throws -> [WorkloadKey] {
    try await open().residents(in: namespace)
  }

  /// What is true of some histories now.
  public func heads(of keys: [WorkloadKey]) async -> Answers<HistoryHead> {
    await Answers(of: keys, together: { try await self.open().heads(of: keys) })
  }

  /// A release by its number.
  public func release(_ number: Int, of key: WorkloadKey) async throws -> Release? {
    try await open().release(number, of: key)
  }

  /// The releases of a workload, the newest first.
  public func releases(of key: WorkloadKey, before: Int?, limit: Int) async throws -> [Release] {
    try await open().releases(of: key, before: before, limit: limit)
  }

  /// The runs of a workload, the newest first.
  public func runs(of key: WorkloadKey, limit: Int) async throws -> [Run] {
    try await open().runs(of: key, limit: limit)
  }

  /// The journal of a run.
  public func journal(of run: RunID) async throws -> [JournalEntry] { try await open().journal(of: run) }

  /// Who holds the lock of a workload.
  public func lock(of key: WorkloadKey) async throws -> LockRecord? { try await open().lock(of: key) }

  /// The key of the digests of secrets of a namespace.
  public func digestKey(in namespace: String) async throws -> [UInt8]? {
    try await open().digestKey(in: namespace)
  }

  /// The key that plans are signed with.
  public func planKey(in namespace: String) async throws -> [UInt8]? {
    try await open().planKey(in: namespace)
  }
}

// MARK: ReleaseStore

extension NamedStore {
  /// Writes down that a run starts.
  public func begin(_ run: Run, recording: RunRecording?) async throws {
    try await open().begin(run, recording: recording)
  }

  /// Adds to the journal.
  public func append(_ entries: [JournalEntry]) async throws { try await open().append(entries) }

  /// Writes down how a run ended.
  public func finish(
    _ run: RunID, of key: WorkloadKey, outcome: RunOutcome, failure: String?, at: Timestamp,
    release: ReleaseDraft?, operatorState: OperatorState?
  ) async throws -> Release? {
    try await open().finish(
      run, of: key, outcome: outcome, failure: failure, at: at, release: release,
      operatorState: operatorState)
  }

  /// Takes the lock of a workload, if it is free.
  public func tryLock(_ key: WorkloadKey, as holder: LockHolder) async throws -> LockAttempt {
    try await open().tryLock(key, as: holder)
  }

  /// Says that the holder is alive.
  public func beat(_ key: WorkloadKey, token: String) async throws -> Bool {
    try await open().beat(key, token: token)
  }

  /// Takes the lock away from a holder that did not beat.
  public func breakLock(_ key: WorkloadKey, seen: LockRecord) async throws -> Bool {
    try await open().breakLock(key, seen: seen)
  }

  /// Gives the lock back.
  public func unlock(_ key: WorkloadKey, token: String) async throws {
    try await open().unlock(key, token: token)
  }

  /// The key of the digests of secrets, made at the first call.
  public func makeDigestKey(in namespace: String) async throws -> [UInt8] {
    try await open().makeDigestKey(in: namespace)
  }
}
