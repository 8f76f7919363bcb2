import Planning
import Values
import WorkloadSpec

/// The history of a workload for programs.
public enum HistoryJSON {
  /// A list of releases, the newest first. Each is an object with these keys; what is not known is `null`:
  ///
  /// | key | value |
  /// | --- | --- |
  /// | `number` | the number |
  /// | `recordedAt` | when, as RFC 3339 has it, in UTC |
  /// | `by` | who |
  /// | `active` | whether it is the active one |
  /// | `restoredFrom` | the number of the release that a rollback restored |
  /// | `destroyed` | whether it is the tombstone of a destroyed workload |
  /// | `run` | the run that recorded it |
  /// | `commit` | the git commit of the main service's spec, or of the first that has one |
  /// | `provenance` | for each service where it is known: `commit`, `dirty`, `author`, `repository`, `branch`, `review` (`#41`), `pipeline` (the address of its run) |
  /// | `policyOverride` | `policies` (names) and `reason`, where its run went ahead although policies did not allow it |
  /// | `changes` | what differs from the release before: objects with `service` (`null`: the workload itself), `change` (`added`, `changed`, `removed`) and `fields` (paths) |
  ///
  /// - Parameters:
  ///   - releases: the newest first, without gaps.
  ///   - older: the release before the last of them, to tell what that one changed.
  ///   - active: the number of the release that is active.
  ///   - engines: what engines declare.
  public static func render(
    _ releases: [Release], older: Release?, active: Int?, on engines: [EngineFields] = []
  ) -> String {
    CanonicalJSON.pretty(
      .list(ReleaseHistory(releases, older: older, on: engines).entries.map { value($0, active) }))
  }

  private static func value(_ entry: ReleaseHistory.Entry, _ active: Int?) -> Value {
    let release = entry.release
    return [
      "number": Value(release.number),
      "recordedAt": .string(release.recordedAt.description),
      "by": .string(release.by),
      "active": .bool(release.number == active),
      "restoredFrom": Value(release.restoredFrom),
      "destroyed": .bool(release.snapshot == nil),
      "run": .string(release.run.description),
      "commit": Value(release.commits.first?.commit),
      "provenance": .map(
        release.provenance.sorted { $0.key < $1.key }.map { service, origin in
          .init(
            service,
            [
              "commit": .string(origin.commit), "dirty": .bool(origin.isDirty),
              "author": .string(origin.author), "repository": Value(origin.repository),
              "branch": Value(origin.branch), "review": Value(origin.review),
              "pipeline": Value(origin.pipeline),
            ])
        }),
      "policyOverride": release.policyOverride?.plain ?? .null,
      "changes": entry.changes.map(value) ?? .null,
    ]
  }

  private static func value(_ diff: SnapshotDiff) -> Value {
    func element(_ service: String?, _ fate: SnapshotDiff.Fate, _ changes: [Change]) -> Value {
      [
        "service": Value(service), "change": .string(fate.rawValue),
        "fields": .list(changes.map { .string($0.path) }),
      ]
    }
    let workload = diff.workloadChanges.isEmpty ? [] : [element(nil, .changed, diff.workloadChanges)]
    return .list(workload + diff.services.map { element($0.name, $0.fate, $0.changes) })
  }
}
