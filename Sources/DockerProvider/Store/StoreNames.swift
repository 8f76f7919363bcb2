import Planning
import ProviderKit

/// What the things of a release store are called on the engine.
///
/// Each has a dot in its first part, which no name of a workload's things has there.
struct StoreNames: Sendable, Equatable {
  /// What they all start with.
  let prefix: String
  /// Whether the history is of the workloads that run on the engine itself, and not of another engine's.
  let isOwn: Bool

  init(prefix: String) { (self.prefix, isOwn) = (prefix, true) }

  /// Those of the history of another engine's workloads.
  init(of engine: EngineIdentity) {
    (prefix, isOwn) = ((["berth"] + engine.storeParts).joined(separator: "."), false)
  }

  /// Those of the store that all berths which use the engine share.
  static let standard = StoreNames(prefix: "berth")

  /// The volume of the archive, and the container that reaches it.
  var archive: String { "\(prefix).store" }
  /// The volume that decides whose key of the digests of secrets is taken.
  var key: String { "\(prefix).key" }
  /// What the ledgers of all workloads start with.
  var ledgers: String { "\(prefix).ledger_" }

  /// What the versions of a workload's ledger start with.
  func ledger(of key: WorkloadKey) -> String { "\(ledgers)\(key.namespace)_\(key.name)_" }

  /// What the journals of all runs start with.
  var journals: String { "\(prefix).journal_" }

  /// What the batches of a run's journal start with.
  func journal(of run: RunID) -> String { "\(journals)\(run)_" }

  /// What the locks of all workloads start with.
  var locks: String { "\(prefix).lock_" }

  /// What the versions of a workload's lock start with.
  func lock(of key: WorkloadKey) -> String { "\(locks)\(key.namespace)_\(key.name)_" }
}
