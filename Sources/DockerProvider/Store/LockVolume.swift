import DockerAPI
import Planning
import ProviderKit
import Values

/// The lock of a workload, kept in the labels of a ``VersionedVolume``: they say which run holds it, or that none does.
///
/// To take it, to beat, to break it and to give it back are changes alike, of which the engine lets one happen after
/// a version: who breaks the lock of a holder that beats meanwhile finds the beat in the way, and who takes it
/// together with others is told who was first. The volume stays when no run holds it, so that its numbers go on, and
/// a process that looked long ago changes nothing.
struct LockVolume: Sendable {
  let key: WorkloadKey
  private let volume: VersionedVolume
  /// What the versions of the workload's history start with. Who has taken the lock wants to know it.
  private let ledger: String

  private static let token = Label.prefix + "token"
  private static let holder = Label.prefix + "holder"
  private static let since = Label.prefix + "since"
  private static let beat = Label.prefix + "beat"

  /// The lock of a workload on an engine.
  ///
  /// - Parameters:
  ///   - names: what the volumes are called.
  ///   - sweeper: deletes the versions that are needed no more.
  ///   - versions: the versions that were seen before.
  init(
    client: DockerClient, names: StoreNames, key: WorkloadKey, sweeper: VolumeSweeper, versions: VersionMemory
  ) {
    self.key = key
    ledger = names.ledger(of: key)
    volume = VersionedVolume(
      client: client, prefix: names.lock(of: key), subject: "the lock of \(key)", sweeper: sweeper,
      memory: versions)
  }

  /// Who holds the lock.
  ///
  /// - Throws: `StoreError` if something else sits on its name.
  func find() async throws -> LockRecord? { try await volume.last().flatMap(record) }

  /// Takes the lock, if no run holds it.
  func take(as holder: LockHolder) async throws -> LockAttempt {
    try await change(rememberingAlso: ledger) { record in
      guard let record else { return .to(LockRecord(holder: holder, beat: 1), .acquired) }
      return .not(record.holder.token == holder.token ? .acquired : .held(record))
    }
  }

  /// Says that the holder is alive.
  ///
  /// - Returns: whether the lock is still the holder's.
  func beat(token: String) async throws -> Bool {
    try await change { record in
      guard var record, record.holder.token == token else { return .not(false) }
      record.beat &+= 1
      return .to(record, true)
    }
  }

  /// Gives the lock back, if it is the holder's. A holder that has lost it learns nothing of that.
  func giveBack(token: String) async throws {
    try await change { $0?.holder.token == token ? .free(()) : .not(()) }
  }

  /// Takes the lock from a holder that has not beaten since it was seen.
  ///
  /// - Returns: whether it was this call that did so.
  func breakIt(seen: LockRecord) async throws -> Bool {
    try await change { record in
      guard let record, record.holder.token == seen.holder.token, record.beat == seen.beat else {
        return .not(false)
      }
      return .to(nil, true)
    }
  }

  // MARK: Changing

  /// What becomes of the lock, and what that means to who asked.
  private enum Decision<Result> {
    case to(LockRecord?, Result)
    /// No run's, and the one that asked needs not know whether it came so.
    case free(Result)
    case not(Result)
  }

  private func change<Result>(
    rememberingAlso other: String? = nil, _ decide: (LockRecord?) throws -> Decision<Result>
  ) async throws -> Result {
    let result = try await volume.attempting { before, isFresh -> Result? in
      switch try decide(try before.last.flatMap(record)) {
      case .not(let result): return isFresh ? result : nil
      case .free(let result):
        return try await volume.commitUnseen(labels(of: nil), after: before) ? result : nil
      case .to(let next, let result):
        guard
          let last = try await volume.commit(labels(of: next), after: before, rememberingAlso: other)
        else { return nil }
        // Who stood still between making it and looking may have lost it again.
        guard let next else { return result }
        return try record(of: last)?.holder.token == next.holder.token ? result : nil
      }
    }
    if let result { return result }
    throw StoreError("too many others want the lock of \(key) at once", help: "try again")
  }

  private func labels(of record: LockRecord?) -> [String: String] {
    var labels = [Label.version: Label.currentVersion]
    guard let record else { return labels }
    labels[Self.token] = record.holder.token
    labels[Self.holder] = record.holder.description
    labels[Self.since] = "\(record.holder.since.milliseconds)"
    labels[Self.beat] = "\(record.beat)"
    return labels
  }

  private func record(of version: VersionedVolume.Version) throws -> LockRecord? {
    let format = version.labels[Label.version] ?? ""
    guard format == Label.currentVersion else {
      guard let number = Int(format), number > Int(Label.currentVersion) ?? 0 else {
        throw unreadable(version)
      }
      throw RecordFormat.newer(what(version), writer: nil, format: number)
    }
    guard let token = version.labels[Self.token] else { return nil }
    guard let description = version.labels[Self.holder],
      let since = version.labels[Self.since].flatMap({ Int64($0) }),
      let beat = version.labels[Self.beat].flatMap({ Int($0) })
    else { throw unreadable(version) }
    return LockRecord(
      holder: LockHolder(token: token, description: description, since: Timestamp(milliseconds: since)),
      beat: beat)
  }

  private func what(_ version: VersionedVolume.Version) -> String {
    "the lock of \(key) in the volume `\(version.name)`"
  }

  private func unreadable(_ version: VersionedVolume.Version) -> StoreError {
    StoreError(
      "\(what(version)) makes no sense", help: "remove the volume, if no apply is under way")
  }
}
