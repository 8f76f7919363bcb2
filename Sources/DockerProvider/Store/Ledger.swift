import DockerAPI
import Planning
import ProviderKit
import WorkloadSpec

/// The history of a workload as it is now, kept in the label of an empty volume.
///
/// An engine makes a volume at once or not at all, gives its name to one only, and tells its labels in a
/// millisecond, where reading a file takes it fifty. Labels never change, so that each change of the history is
/// a new volume, whose name is the next version's. Whoever makes it has made the change; whoever comes too late
/// finds another's labels on it, looks again, and tries the version after that.
struct Ledger: Sendable {
  /// The engine.
  let client: DockerClient
  /// What the volumes are called.
  let names: StoreNames
  /// The workload.
  let key: WorkloadKey
  /// What is known of the workload where there is no volume.
  let archived: @Sendable () async throws -> LedgerState

  private static let stateLabel = Label.prefix + "state"
  private static let lineageLabel = Label.prefix + "lineage"

  /// How many of the changes before it a version names, so that who made one finds it among them.
  private static let lineageLength = 32
  /// How often a change is tried anew.
  private static let attempts = 200

  private var prefix: String { names.ledger(of: key) }

  /// A volume of the ledger.
  private struct Version {
    let number: Int
    let volume: DockerAPI.Volume
    let lineage: [Substring]
  }

  /// The history.
  func read() async throws -> LedgerState {
    guard let last = try await versions().last else { return try await archived() }
    return try state(of: last)
  }

  /// Changes the history.
  ///
  /// - Parameter change: may be asked more than once; what it throws ends the attempt.
  /// - Returns: the history as it is then.
  @discardableResult
  func update(_ change: @Sendable (inout LedgerState) async throws -> Void) async throws -> LedgerState {
    for _ in 0..<Self.attempts {
      let before = try await versions()
      var state: LedgerState
      if let last = before.last { state = try self.state(of: last) } else { state = try await archived() }
      try await change(&state)
      if try await commit(state, after: before) { return state }
      try await Task.sleep(for: .milliseconds(Int.random(in: 1...20)))
    }
    throw StoreError("too many others change the history of \(key) at once", help: "try again")
  }

  private func commit(_ state: LedgerState, after before: [Version]) async throws -> Bool {
    let number = (before.last?.number ?? 0) + 1
    let token = String(UInt64.random(in: .min ... .max), radix: 36)
    let lineage = [token] + (before.last?.lineage.map(String.init) ?? []).prefix(Self.lineageLength - 1)
    let name = "\(prefix)\(number)"
    let made = try await client.volumes.create(
      VolumeCreation(
        name: name,
        labels: [
          Label.version: Label.currentVersion, Self.stateLabel: CanonicalJSON.compact(state.json),
          Self.lineageLabel: lineage.joined(separator: " "),
        ]))
    guard made.labels?[Self.lineageLabel] == lineage.joined(separator: " ") else { return false }
    // Who looked long ago may have made anew a version that was left behind and deleted meanwhile: only what
    // the last one descends from has happened.
    guard try await versions().last?.lineage.contains(Substring(token)) == true else {
      await delete([name])
      return false
    }
    await delete(before.map(\.volume.name))
    return true
  }

  /// The versions that there are, the last one last: one, or a few while it changes.
  private func versions() async throws -> [Version] {
    var unlabelled: String?
    for _ in 0..<Self.attempts {
      unlabelled = nil
      var versions: [Version] = []
      for volume in try await client.volumes.list(filters: ["name": [prefix]]) {
        guard volume.name.hasPrefix(prefix), let number = Int(volume.name.dropFirst(prefix.count)) else {
          continue
        }
        guard let lineage = volume.labels?[Self.lineageLabel] else {
          unlabelled = volume.name
          continue
        }
        versions.append(Version(number: number, volume: volume, lineage: lineage.split(separator: " ")))
      }
      // An engine that deletes a volume while it lists them tells the name, and no labels any more. What came
      // after that version may be younger than the list.
      if unlabelled == nil { return versions.sorted { $0.number < $1.number } }
      try await Task.sleep(for: .milliseconds(5))
    }
    throw StoreError(
      "the volume `\(unlabelled ?? prefix)` is in the way of the history of \(key): berth did not create it",
      help: "look at what it holds, and remove it")
  }

  private func state(of version: Version) throws -> LedgerState {
    do {
      let text = version.volume.labels?[Self.stateLabel] ?? ""
      return try LedgerState(json: try Value(json: text))
    } catch {
      throw StoreError(
        "the history of \(key) in the volume `\(version.volume.name)` can't be read",
        help: "a newer version of berth may have written it: update this berth")
    }
  }

  /// Deletes versions that nobody needs any more. What stays is deleted by the next change.
  private func delete(_ names: [String]) async {
    for name in names { try? await client.volumes.remove(name) }
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
