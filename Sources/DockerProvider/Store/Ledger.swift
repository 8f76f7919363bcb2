import DockerAPI
import Planning
import ProviderKit
import Values
import WorkloadSpec

/// The history of a workload as it is now, kept in the label of a ``VersionedVolume``.
struct Ledger: Sendable {
  let key: WorkloadKey
  /// What is known of the workload where there is no volume.
  let archived: @Sendable () async throws -> LedgerState

  private let volume: VersionedVolume
  /// What the versions of the workload's lock start with. Who looks at the history may want the lock soon.
  private let lock: String
  private let memory: LedgerMemory

  private static let stateLabel = Label.prefix + "state"

  /// The history of a workload on an engine.
  ///
  /// - Parameters:
  ///   - names: what the volumes are called.
  ///   - sweeper: deletes the versions that are needed no more.
  ///   - versions: the versions that were seen before.
  ///   - memory: what was read before.
  ///   - archived: what is known of the workload where there is no volume.
  init(
    client: DockerClient, names: StoreNames, key: WorkloadKey, sweeper: VolumeSweeper,
    versions: VersionMemory, memory: LedgerMemory,
    archived: @escaping @Sendable () async throws -> LedgerState
  ) {
    self.key = key
    self.archived = archived
    self.memory = memory
    lock = names.lock(of: key)
    volume = VersionedVolume(
      client: client, prefix: names.ledger(of: key), subject: "the history of \(key)", sweeper: sweeper,
      memory: versions)
  }

  /// What an engine lists of some workloads' histories and locks.
  static func list(
    _ keys: [WorkloadKey], on client: DockerClient, _ names: StoreNames
  ) async throws -> [DockerAPI.Volume] {
    let ledgers = EngineListing.patterns(for: keys, names.ledger) { "\(names.ledgers)\($0)_" }
    let locks = EngineListing.patterns(for: keys, names.lock) { "\(names.locks)\($0)_" }
    return try await client.volumes.list(filters: ["name": (ledgers + locks).map { "^\($0)" }])
  }

  /// The history.
  ///
  /// - Parameter listed: what the engine has just listed of it, and of the lock.
  func read(_ listed: [DockerAPI.Volume]? = nil) async throws -> LedgerState {
    guard let last = try await volume.last(in: listed, rememberingAlso: lock) else {
      return try await archived()
    }
    return try state(of: last)
  }

  /// The history as it was at the last look; `nil` if that was not just now, or there was none.
  func remembered() throws -> LedgerState? { try volume.remembered().map(state) }

  /// Changes the history.
  ///
  /// - Parameter change: may be asked more than once; what it throws ends the attempt.
  /// - Returns: the history as it is then.
  @discardableResult
  func update(_ change: @Sendable (inout LedgerState) async throws -> Void) async throws -> LedgerState {
    let changed = try await volume.attempting { before, _ -> LedgerState? in
      var state: LedgerState
      if let last = before.last { state = try self.state(of: last) } else { state = try await archived() }
      try await change(&state)
      let text = CanonicalJSON.compact(state.json)
      let labels = [Label.version: Label.currentVersion, Self.stateLabel: text]
      guard try await volume.commit(labels, after: before) != nil else { return nil }
      memory.note(state, in: text, of: key)
      return state
    }
    if let changed { return changed }
    throw StoreError("too many others change the history of \(key) at once", help: "try again")
  }

  private func state(of version: VersionedVolume.Version) throws -> LedgerState {
    let text = version.labels[Self.stateLabel] ?? ""
    do {
      return try memory.state(in: text, of: key)
    } catch {
      let what = "the history of \(key) in the volume `\(version.name)`"
      if let json = try? Value(json: text), let format = json["version"]?.int,
        format > LedgerState.formatVersion
      {
        throw RecordFormat.newer(what, writer: json["berth"]?.string, format: Int(format))
      }
      throw StoreError("\(what) makes no sense", help: "remove the volume: the archive tells the same")
    }
  }

  /// The workloads that have a ledger on an engine.
  static func keys(on client: DockerClient, _ names: StoreNames) async throws -> Set<WorkloadKey> {
    let volumes = try await client.volumes.list(filters: ["name": [names.ledgers]])
    return Set(
      volumes.compactMap { volume in
        guard volume.name.hasPrefix(names.ledgers) else { return nil }
        let parts = volume.name.dropFirst(names.ledgers.count).split(separator: "_")
        guard parts.count == 3 else { return nil }
        return WorkloadKey(namespace: String(parts[0]), name: String(parts[1]))
      })
  }
}
