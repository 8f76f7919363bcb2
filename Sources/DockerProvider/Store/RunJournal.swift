import DockerAPI
import Planning
import ProviderKit
import Values

/// The journal of runs that are not archived yet, in the labels of empty volumes: one for each batch of entries.
///
/// What comes while a batch is being written goes into the next one, so that many actions at once do not wait for
/// each other. That an action is intended, or failed, is written down before anything else happens; that it succeeded
/// can wait a little for what comes next, for nothing hangs on it.
actor RunJournal {
  private static let entriesLabel = Label.prefix + "entries"

  /// What the volumes are called.
  let names: StoreNames
  /// How long it may take until it is written down that an action succeeded.
  private static let patience = Duration.seconds(1)

  private var waiting: [JournalEntry] = []
  private var reminder: Task<Void, Never>?
  private var writing: Task<Void, any Error>?
  private var next: Task<Void, any Error>?
  private var numbers: [RunID: Int] = [:]

  /// A journal without entries.
  init(names: StoreNames) { self.names = names }

  /// Adds entries. They are written down when this returns, unless all they say is that actions succeeded.
  func append(_ entries: [JournalEntry], on client: DockerClient) async throws {
    guard !entries.isEmpty else { return }
    waiting += entries
    if entries.contains(where: { $0.event != .succeeded }) { return try await flush(on: client) }
    guard reminder == nil else { return }
    reminder = Task {
      try? await Task.sleep(for: Self.patience)
      reminder = nil
      // Should it fail, what comes next takes the entries along.
      try? await flush(on: client)
    }
  }

  /// Writes down what waits to be.
  func flush(on client: DockerClient) async throws {
    if next == nil {
      guard !waiting.isEmpty else { return try await writing?.value ?? () }
      let before = writing
      next = Task {
        _ = await before?.result
        try await self.write(on: client)
      }
    }
    try await next?.value
  }

  /// A run is over, and nothing more is written of it.
  func forget(_ run: RunID) { numbers[run] = nil }

  /// What of a run is not written down yet.
  func unwritten(of run: RunID) -> [JournalEntry] { waiting.filter { $0.run == run } }

  private func write(on client: DockerClient) async throws {
    writing = next
    next = nil
    var batch = waiting[...]
    waiting = []
    while let run = batch.first?.run {
      let entries = batch.filter { $0.run == run }
      do {
        try await write(entries, of: run, on: client)
      } catch {
        waiting = batch + waiting
        throw error
      }
      batch.removeAll { $0.run == run }
    }
  }

  private func write(_ entries: [JournalEntry], of run: RunID, on client: DockerClient) async throws {
    let text = CanonicalJSON.compact(.list(entries.map(\.json)))
    while true {
      let number = numbers[run, default: 0] + 1
      numbers[run] = number
      let made = try await client.volumes.create(
        VolumeCreation(name: "\(names.journal(of: run))\(number)", labels: [Self.entriesLabel: text]))
      // A number that is taken was another process's.
      if made.labels?[Self.entriesLabel] == text { return }
    }
  }

  /// The runs of which something is written down.
  nonisolated func runs(on client: DockerClient) async throws -> Set<RunID> {
    let volumes = try await client.volumes.list(filters: ["name": ["^\(names.journals)"]])
    return Set(
      volumes.compactMap { volume in
        guard volume.name.hasPrefix(names.journals), let end = volume.name.lastIndex(of: "_") else {
          return nil
        }
        let run = volume.name[..<end].dropFirst(names.journals.count)
        return run.isEmpty ? nil : RunID(String(run))
      })
  }

  /// What is written down of a run, in order.
  ///
  /// - Parameter last: only batches after this one.
  nonisolated func read(
    _ run: RunID, after last: Int = 0, on client: DockerClient
  ) async throws -> ArchivedJournal {
    let prefix = names.journal(of: run)
    let batches = try await client.volumes.list(filters: ["name": [prefix]]).compactMap { volume in
      volume.name.hasPrefix(prefix)
        ? Int32(volume.name.dropFirst(prefix.count)).map { (number: Int($0), volume: volume) } : nil
    }.filter { $0.number > last }.sorted { $0.number < $1.number }
    let entries = batches.flatMap { batch -> [JournalEntry] in
      let text = batch.volume.labels?[Self.entriesLabel] ?? ""
      return ((try? Value(json: text))?.list ?? []).compactMap { try? JournalEntry(json: $0) }
    }
    let number = batches.last?.number ?? last
    return ArchivedJournal(
      lastBatch: number, entries: entries, isWhole: number > 0 && batches.count == number - last)
  }
}
