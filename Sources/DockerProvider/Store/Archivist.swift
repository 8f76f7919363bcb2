import DockerAPI
import Planning
import ProviderKit
import Values

/// Brings runs into the archive, one piece for each run: Docker 20.10 starts a process of its own to unpack each.
///
/// What a run is going to record is written ahead, together with what the runs before it left, while its actions are
/// under way. The process that finishes the run then waits for nothing, as long as it came as it was anticipated. A run that is
/// over before that has begun leaves its record to those after it; where the archive turns out to lack more than a few, it
/// begins at once.
actor Archivist {
  /// How many records the archive may lack when a run begins; if it lacks more, they are written at once.
  static let backlog = 3
  /// How long a run goes on until what it is going to leave is written: the engine has its first actions to do.
  static let patience = Duration.seconds(1)

  private let names: StoreNames
  private let sweeper: VolumeSweeper
  private let journal: RunJournal
  private let patience: Duration
  private var open: [RunID: OpenRun] = [:]

  /// A run that this process began.
  private struct OpenRun {
    /// The history as it was when the run began.
    let state: LedgerState
    /// Waits until it is known what the run is going to record.
    var hearing: Task<Void, Never>?
    /// Finds out what of that which earlier runs left is archived.
    var checking: Task<Check, Never>?
    /// What is going to be written ahead.
    var ahead: RunRecord?
    var waiting: Task<Void, Never>?
    var writing: Task<Void, any Error>?
  }

  /// - Parameters:
  ///   - journal: what happened to the actions of runs that are not archived.
  ///   - sweeper: deletes the journals of those that are.
  ///   - patience: how long a run goes on until what it is going to leave is written.
  init(names: StoreNames, journal: RunJournal, sweeper: VolumeSweeper, patience: Duration) {
    self.names = names
    self.journal = journal
    self.sweeper = sweeper
    self.patience = patience
  }

  /// What became of some records. Of those that are in neither list the engine would not say.
  struct Check: Sendable {
    /// Those that are archived, whole.
    var archived: [RunRecord] = []
    /// Those that are not archived yet, or not whole.
    var missing: [RunRecord] = []
  }

  private func archive(on client: DockerClient) -> Archive { Archive(client: client, names: names) }

  /// A run began. What it is going to leave behind if it succeeds is written, soon. Not for one that leaves nothing else:
  /// no other would come to archive its journal, and it is archived when it is over.
  ///
  /// - Parameters:
  ///   - state: the history as it is since.
  ///   - recording: what it is going to record.
  func begin(_ run: Run, _ state: LedgerState, recording: RunRecording?, on client: DockerClient) {
    open[run.id] = OpenRun(state: state)
    guard let recording else { return }
    open[run.id]?.hearing = Task {
      let content = await recording.content
      anticipate(
        run.id, at: run.startedAt,
        release: content.release.map { Release($0, number: 0, of: run.key, at: run.startedAt, run: run.id) },
        operatorState: content.operatorState, on: client)
    }
  }

  /// The history as it was when a run began; `nil` if this process did not begin it.
  func state(since run: RunID) -> LedgerState? { open[run]?.state }

  /// What runs before this one left and is archived, whole, as far as it was looked for. Where nothing is written ahead
  /// it is looked for now.
  func archived(before run: RunID, on client: DockerClient) async -> [RunRecord] {
    await open[run]?.hearing?.value
    guard let begun = open[run] else { return [] }
    let checking = begun.ahead == nil ? check(before: run, on: client) : begun.checking
    return await checking?.value.archived ?? []
  }

  private func anticipate(
    _ run: RunID, at: Timestamp, release: Release?, operatorState: OperatorState?, on client: DockerClient
  ) {
    guard let begun = open[run], begun.ahead == nil else { return }
    if isTombstone(release) {
      _ = check(before: run, on: client)
      return
    }
    var expected = begun.state
    // What can't be is not written; the process that finishes it will be told.
    try? expected.finish(
      run, outcome: .succeeded, failure: nil, at: at, release: release, operatorState: operatorState)
    guard expected != begun.state, let ahead = expected.unarchived.last else { return }
    open[run]?.ahead = ahead
    // Where nothing lives yet, there is a lot to do, and one thing after the other at first.
    let isFirst = begun.state.release?.snapshot == nil
    if isFirst || patience == .zero { return write(ahead, of: run, on: client) }
    let hasBacklog = begun.state.unarchived.count > Self.backlog
    open[run]?.waiting = Task { [patience] in
      if hasBacklog, await check(before: run, on: client).value.missing.count > Self.backlog {
        return write(ahead, of: run, on: client)
      }
      // It is over.
      do { try await Task.sleep(for: patience) } catch { return }
      write(ahead, of: run, on: client)
    }
  }

  private func write(_ ahead: RunRecord, of run: RunID, on client: DockerClient) {
    guard !Task.isCancelled, open[run] != nil else { return }
    let checking = check(before: run, on: client)
    open[run]?.writing = Task { try await self.write(await checking.value.missing, ahead: ahead, on: client) }
  }

  /// Looks, once, for what runs before this one left.
  private func check(before run: RunID, on client: DockerClient) -> Task<Check, Never> {
    if let checking = open[run]?.checking { return checking }
    let records = open[run]?.state.unarchived ?? []
    let checking = Task { await self.check(records, on: client) }
    open[run]?.checking = checking
    return checking
  }

  /// A run is over: archives it, unless it came as it was anticipated.
  ///
  /// - Parameter record: what it left behind.
  /// - Throws: `DockerError` or `StoreError` if the archive does not take it; the next run tries again.
  func finish(_ record: RunRecord, on client: DockerClient) async throws {
    let run = record.run.id
    await open[run]?.hearing?.value
    let begun = open[run]
    begun?.waiting?.cancel()
    // As it was anticipated, the ledger has it, and it is written or left to the next run.
    let isExpected = begun?.ahead?.isFulfilled(by: record) ?? false
    if isExpected, begun?.writing == nil {
      open[run] = nil
      return
    }
    let isWritten = await begun?.writing?.isDone ?? false
    let left = isWritten ? [] : await check(before: run, on: client).value.missing
    open[run] = nil
    if isWritten, isExpected { return }
    try await write(left + [record], ahead: nil, on: client)
  }

  private func isTombstone(_ release: Release?) -> Bool { release.map { $0.snapshot == nil } ?? false }

  /// Looks for records in the archive. What is left of the journals of those that are there is deleted, soon.
  func check(_ records: [RunRecord], on client: DockerClient) async -> Check {
    await withTaskGroup(of: (RunRecord, isArchived: Bool?).self) { group in
      for record in records {
        group.addTask {
          async let journal = self.journal.read(record.run.id, on: client)
          let isArchived = try? await self.archive(on: client).holds(record)
          if isArchived == true, let journal = try? await journal {
            await self.sweep(journal, of: record.run.id, on: client)
          }
          return (record, isArchived)
        }
      }
      var check = Check()
      for await (record, isArchived) in group {
        switch isArchived {
        case true: check.archived.append(record)
        case false: check.missing.append(record)
        case nil: break
        }
      }
      check.missing.sort { $0.sequence < $1.sequence }
      return check
    }
  }

  private func write(_ records: [RunRecord], ahead: RunRecord?, on client: DockerClient) async throws {
    var finished: [(RunRecord, ArchivedJournal)] = []
    for record in records { finished.append((record, try await wholeJournal(of: record.run.id, on: client))) }
    try await archive(on: client).write(finished, ahead: ahead)
    for (record, journal) in finished { await sweep(journal, of: record.run.id, on: client) }
  }

  /// The journal of a run that is over, from wherever it is.
  private func wholeJournal(of run: RunID, on client: DockerClient) async throws -> ArchivedJournal {
    let rest = try await journal.read(run, on: client)
    // What is gone where it was has been archived before.
    guard !rest.isWhole, let begun = try await archive(on: client).journal(of: run) else { return rest }
    let later = try await journal.read(run, after: begun.lastBatch, on: client)
    return ArchivedJournal(lastBatch: later.lastBatch, entries: begun.entries + later.entries)
  }

  /// Deletes what is archived of a run's journal where it was, soon.
  func sweep(_ journal: ArchivedJournal, of run: RunID, on client: DockerClient) async {
    guard journal.lastBatch > 0 else { return }
    let prefix = names.journal(of: run)
    await sweeper.delete((1...journal.lastBatch).map { "\(prefix)\($0)" }, on: client)
  }
}

extension Task where Success == Void, Failure == any Error {
  /// Whether it came to a good end, when it has come to one.
  fileprivate var isDone: Bool {
    get async { if case .success = await result { true } else { false } }
  }
}

extension RunRecord {
  /// Whether a run came as this tells it, but for when it was over.
  fileprivate func isFulfilled(by record: RunRecord) -> Bool {
    var expected = self
    expected.run.endedAt = record.run.endedAt
    if let recordedAt = record.release?.recordedAt { expected.release?.recordedAt = recordedAt }
    return expected == record
  }
}
