import DockerAPI
import Planning
import ProviderKit
import Synchronization
import Values

/// The release store of a Docker engine, on that engine.
///
/// Three things make it up: the ``Ledger`` says what is true of a workload's history now, the ``Archive`` keeps
/// everything that was, and the ``LockVolume`` is the lock. What happens is decided in the ledger, by a step
/// that the engine takes at once or not at all; the archive follows, or was told ahead what is to be expected. The
/// ledger keeps what a run left behind until a later one has seen it in the archive whole; what the archive has not
/// got by then, it is given again. Of a few short runs the ledger alone knows.
///
/// Reading never makes anything.
final class DockerStore: ReleaseStore {
  private let connection: EngineConnection
  private let names: StoreNames
  private let journal: RunJournal
  private let sweeper = VolumeSweeper()
  private let versions = VersionMemory()
  private let memory = LedgerMemory()
  private let archivist: Archivist
  private let limits: HistoryLimits
  /// A run finds what those before it left to it, what the last one left, and what that could not see in the archive
  /// yet.
  private static let usuallyUnarchived = Archivist.backlog + 2
  private let sweepInterval: Int
  /// After how many runs the archive is swept, usually: to look through it takes the engine long.
  static let sweepInterval = 16
  /// The workloads whose history was looked at when their lock had just been taken, and not asked for since.
  private let seenUnderLock = Mutex<Set<WorkloadKey>>([])

  /// The store on an engine.
  ///
  /// - Parameters:
  ///   - limits: how much is kept of each workload's history.
  ///   - patience: how long a run goes on until the archive is told of it.
  ///   - sweepInterval: after how many runs the archive is swept.
  init(
    connection: EngineConnection, names: StoreNames = .standard, limits: HistoryLimits = HistoryLimits(),
    patience: Duration = Archivist.patience, sweepInterval: Int = DockerStore.sweepInterval
  ) {
    self.sweepInterval = sweepInterval
    self.connection = connection
    self.names = names
    self.limits = limits
    journal = RunJournal(names: names)
    archivist = Archivist(names: names, journal: journal, sweeper: sweeper, patience: patience)
  }

  /// Runs something with the engine, and says in the words of stores what it refuses.
  private func asking<Result: Sendable>(
    _ body: @Sendable (DockerClient) async throws -> Result
  ) async throws -> Result {
    do {
      return try await body(try await connection.client())
    } catch let error as DockerError {
      throw StoreError(error.message, help: error.help)
    } catch let error as LedgerRefusal {
      throw StoreError(error.message, help: "another apply may have taken over; look at `berth history`")
    }
  }

  private func ledger(
    of key: WorkloadKey, on client: DockerClient, ifLost: @escaping @Sendable () async throws -> LedgerState
  ) -> Ledger {
    Ledger(
      client: client, names: names, key: key, sweeper: sweeper, versions: versions, memory: memory,
      archived: ifLost)
  }

  /// The history as the archive tells it.
  private func archived(_ key: WorkloadKey, on client: DockerClient) async throws -> LedgerState {
    let archive = archive(on: client)
    // Of a history that can't be reached, the containers on the engine tell enough for a plan.
    guard try await archive.isReachable() else { return LedgerState() }
    return LedgerState(
      archived: try await archive.records(of: key), ahead: try await archive.recordAhead(of: key))
  }

  private func archive(on client: DockerClient) -> Archive { Archive(client: client, names: names) }

  private func lock(of key: WorkloadKey, on client: DockerClient) -> LockVolume {
    LockVolume(client: client, names: names, key: key, sweeper: sweeper, versions: versions)
  }

  /// A ledger that is only read.
  private func ledger(of key: WorkloadKey, on client: DockerClient) -> Ledger {
    ledger(of: key, on: client) { try await self.archived(key, on: client) }
  }

  private func state(of key: WorkloadKey) async throws -> LedgerState {
    try await asking { try await self.ledger(of: key, on: $0).read() }
  }

  // MARK: Reading

  func workloads(in namespace: String?) async throws -> [WorkloadKey] {
    try await asking { client in
      async let live = Ledger.keys(on: client, names)
      async let archived = self.archive(on: client).workloads()
      return try await live.union(archived).filter { namespace == nil || $0.namespace == namespace }.sorted()
    }
  }

  /// Those with a ledger; and, where ledgers were lost, those with containers. The archive, which has all that there ever were,
  /// takes an engine a tenth of a second to read.
  func residents(in namespace: String) async throws -> [WorkloadKey] {
    try await asking { client in
      async let known = Ledger.keys(on: client, self.names)
      // What runs here is of no other engine's history.
      guard self.names.isOwn else { return try await known.filter { $0.namespace == namespace }.sorted() }
      let containers = try await client.containers.list(
        filters: ["label": ["\(Label.namespace)=\(namespace)"]])
      let running = containers.compactMap { $0.labels?[Label.workload] }.map {
        WorkloadKey(namespace: namespace, name: $0)
      }
      return try await known.union(running).filter { $0.namespace == namespace }.sorted()
    }
  }

  func heads(of keys: [WorkloadKey]) async -> Answers<HistoryHead> {
    await heads(of: keys, leavesSeen: false)
  }

  /// The heads of some histories.
  ///
  /// - Parameter leavesSeen: whether what was seen under the lock stays for who asks for that.
  func heads(of keys: [WorkloadKey], leavesSeen: Bool) async -> Answers<HistoryHead> {
    await Answers(
      of: keys,
      together: {
        try await asking { client in
          // Of what was seen just now, under the lock, the engine is not asked again.
          let seen = try self.seen(keys, leavesIt: leavesSeen, on: client)
          let unseen = keys.filter { seen[$0] == nil }
          let listed = unseen.isEmpty ? [] : try await Ledger.list(unseen, on: client, self.names)
          return await Answers(of: keys) { key in
            if let state = seen[key] { return state.head }
            return try await self.asking { try await self.ledger(of: key, on: $0).read(listed).head }
          }
        }
      })
  }

  private func seen(
    _ keys: [WorkloadKey], leavesIt: Bool, on client: DockerClient
  ) throws -> [WorkloadKey: LedgerState] {
    var states: [WorkloadKey: LedgerState] = [:]
    for key in keys {
      let isSeen = seenUnderLock.withLock { leavesIt ? $0.contains(key) : $0.remove(key) != nil }
      if isSeen { states[key] = try ledger(of: key, on: client).remembered() }
    }
    return states
  }

  func release(_ number: Int, of key: WorkloadKey) async throws -> Release? {
    // No release has the greatest of all numbers.
    guard number < .max else { return nil }
    return try await releases(of: key, before: number + 1, limit: 1).first { $0.number == number }
  }

  func releases(of key: WorkloadKey, before: Int?, limit: Int) async throws -> [Release] {
    let state = try await state(of: key)
    guard let last = state.release else { return [] }
    if limit == 1, before.map({ last.number < $0 }) ?? true { return [last] }
    return try await asking { client in
      let history = KeptHistory(
        state, archived: try await self.archive(on: client).records(of: key), limits: self.limits)
      return Array(history.releases.filter { before == nil || $0.number < before! }.prefix(max(0, limit)))
    }
  }

  func runs(of key: WorkloadKey, limit: Int) async throws -> [Run] {
    let state = try await state(of: key)
    guard let last = state.run, limit > 0 else { return [] }
    if limit == 1 { return [last] }
    return try await asking { client in
      let history = KeptHistory(
        state, archived: try await self.archive(on: client).records(of: key), limits: self.limits)
      return Array(history.runs.prefix(limit))
    }
  }

  func journal(of run: RunID) async throws -> [JournalEntry] {
    try await asking { client in
      let archived = try await self.archive(on: client).journal(of: run)
      let rest = try await self.journal.read(run, after: archived?.lastBatch ?? 0, on: client)
      return (archived?.entries ?? []) + rest.entries + (await self.journal.unwritten(of: run))
    }
  }

  func lock(of key: WorkloadKey) async throws -> LockRecord? {
    try await asking { try await self.lock(of: key, on: $0).find() }
  }

  // MARK: Runs

  func begin(_ run: Run, recording: RunRecording?) async throws {
    try await asking { client in
      // An archive that only its container is missing of still has the history.
      let ledger = self.ledger(of: run.key, on: client) {
        try await self.digestKey(on: client).makeSure()
        return try await self.archived(run.key, on: client)
      }
      let state = try await ledger.update { state in
        // The process that began the first run has seen to it.
        if state.sequence == 0 { try await self.digestKey(on: client).makeSure() }
        // Runs that were killed one after the other could not say what is archived by now.
        if state.unarchived.count > Self.usuallyUnarchived {
          let archived = await self.archivist.check(state.unarchived, on: client).archived
          state.unarchived.removeAll { archived.contains($0) }
        }
        try state.begin(run)
      }
      await self.archivist.begin(run, state, recording: recording, on: client)
    }
  }

  func append(_ entries: [JournalEntry]) async throws {
    try await asking { try await self.journal.append(entries, on: $0) }
  }

  func finish(
    _ run: RunID, of key: WorkloadKey, outcome: RunOutcome, failure: String?, at: Timestamp,
    release: ReleaseDraft?, operatorState: OperatorState?
  ) async throws -> Release? {
    try await asking { client in
      let draft = release.map { Release($0, number: 0, of: key, at: at, run: run) }
      async let written: Void = self.journal.flush(on: client)
      let archived = await self.archivist.archived(before: run, on: client)
      let begun = await self.archivist.state(since: run)
      let sweeps = begun?.sequence.isMultiple(of: self.sweepInterval) ?? false
      // What is there now and no record has when the run is over never will be had: who could, begins later.
      let contents = sweeps ? try? await self.archive(on: client).contentNames(of: key) : nil
      // If the ledger was taken away meanwhile, the run still ends as what it was.
      let ledger = self.ledger(of: key, on: client) {
        if let begun { return begun }
        return try await self.archived(key, on: client)
      }
      let state = try await ledger.update { state in
        state.unarchived.removeAll { archived.contains($0) }
        try state.finish(
          run, outcome: outcome, failure: failure, at: at, release: draft, operatorState: operatorState)
        state.forgetContents(notOfLast: self.limits.releases)
      }
      // It has happened. Should the archive not take it now, the next run tries again.
      try? await written
      await self.journal.forget(run)
      if let record = state.unarchived.last { try? await self.archivist.finish(record, on: client) }
      if sweeps { try? await self.sweep(state, of: key, contents: contents ?? [], on: client) }
      return draft == nil ? nil : state.release
    }
  }

  /// Deletes what a target is to keep no more, and what a sweep that was cut off has left of journals.
  ///
  /// - Parameter contents: the names of the files of large content that there were before the run was over.
  private func sweep(
    _ state: LedgerState, of key: WorkloadKey, contents: [String], on client: DockerClient
  ) async throws {
    let archive = archive(on: client)
    let records = try await archive.records(of: key)
    var rest: [RunRecord] = []
    if state.sequence > limits.runs { rest = KeptHistory(state, archived: records, limits: limits).rest }
    let emptied = Set(rest.map(\.run.id))
    let kept = records.filter { !emptied.contains($0.run.id) } + state.unarchived
    let ahead = try await archive.recordAhead(of: key)
    let had = Set((kept + [ahead].compactMap(\.self)).flatMap(\.contents) + state.contents.keys)
    let names = Set(had.map(\.fileName))
    try await archive.sweep(rest, contents: contents.filter { !names.contains($0) }, of: key)
    let unarchived = Set(state.unarchived.map(\.run.id))
    for run in try await journal.runs(on: client)
    where !unarchived.contains(run) && records.contains(where: { $0.run.id == run }) {
      if let archived = try await archive.journal(of: run) {
        await archivist.sweep(archived, of: run, on: client)
      }
    }
  }

  // MARK: The lock

  func tryLock(_ key: WorkloadKey, as holder: LockHolder) async throws -> LockAttempt {
    forgetSeen(key)
    let attempt = try await asking { try await self.lock(of: key, on: $0).take(as: holder) }
    if attempt == .acquired { _ = seenUnderLock.withLock { $0.insert(key) } }
    return attempt
  }

  /// What was seen of a workload's history does not answer for it any more.
  private func forgetSeen(_ key: WorkloadKey) {
    _ = seenUnderLock.withLock { $0.remove(key) }
    versions.forget(names.ledger(of: key))
  }

  func beat(_ key: WorkloadKey, token: String) async throws -> Bool {
    try await changingLock(of: key) { try await $0.beat(token: token) }
  }

  func breakLock(_ key: WorkloadKey, seen: LockRecord) async throws -> Bool {
    try await changingLock(of: key) { try await $0.breakIt(seen: seen) }
  }

  func unlock(_ key: WorkloadKey, token: String) async throws {
    forgetSeen(key)
    try await changingLock(of: key) { try await $0.giveBack(token: token) }
  }

  /// Changes a lock, and leaves nothing behind that waits to be deleted.
  private func changingLock<Result: Sendable>(
    of key: WorkloadKey, _ body: @Sendable (LockVolume) async throws -> Result
  ) async throws -> Result {
    try await asking { client in
      let result = try await body(self.lock(of: key, on: client))
      await self.sweeper.finish(on: client)
      return result
    }
  }

  // MARK: The key of the digests of secrets

  private func digestKey(on client: DockerClient) -> DigestKey { DigestKey(client: client, names: names) }

  func digestKey(in namespace: String) async throws -> [UInt8]? {
    try await asking { try await self.digestKey(on: $0).read() }
  }

  func makeDigestKey(in namespace: String) async throws -> [UInt8] {
    try await asking { try await self.digestKey(on: $0).make() }
  }
}
