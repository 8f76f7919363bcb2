import Values
import WorkloadSpec

/// An immutable, numbered, self-contained snapshot of a workload that was applied with success.
///
/// A destroyed workload leaves a release without a snapshot, its tombstone, and numbering goes on.
public struct Release: Sendable, Equatable {
  /// 1, 2, 3 … within one workload on one target, without gaps.
  public var number: Int
  /// The workload that was applied.
  public var key: WorkloadKey
  /// What was applied; `nil` in a tombstone.
  public var snapshot: Workload?
  /// When it was recorded.
  public var recordedAt: Timestamp
  /// Who applied it: `user@host`.
  public var by: String
  /// The run that applied it.
  public var run: RunID
  /// Where each service's spec comes from, by service name, where that is known.
  public var provenance: [String: Provenance]
  /// The release that a rollback restored with it.
  public var restoredFrom: Int?
  /// The named set that the workload was applied under.
  public var setName: String?
  /// The policies that the user of its run overrode, and why; `nil` where none stood in the way.
  public var policyOverride: PolicyOverride?

  public init(
    number: Int, key: WorkloadKey, snapshot: Workload?, recordedAt: Timestamp, by: String, run: RunID,
    provenance: [String: Provenance] = [:], restoredFrom: Int? = nil, setName: String? = nil,
    policyOverride: PolicyOverride? = nil
  ) {
    self.number = number
    self.key = key
    self.snapshot = snapshot
    self.recordedAt = recordedAt
    self.by = by
    self.run = run
    self.provenance = provenance
    self.restoredFrom = restoredFrom
    self.setName = setName
    self.policyOverride = policyOverride
  }
}
