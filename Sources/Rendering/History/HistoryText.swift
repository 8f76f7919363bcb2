import Planning
import Values
import WorkloadSpec

/// The history of a workload for a person: its releases, and the runs that failed between them.
///
///     RELEASE  WHEN (UTC)        BY           COMMIT    CHANGES
///     ● 2      2026-11-21 02:47  ada@build-7  9fceb02*  api: image, env.LOG_LEVEL
///     ✗        2026-11-21 02:40  ada@build-7            apply failed: api exited with code 1
///       1      2026-11-20 17:02  bob@build-7  1b7e0c4   + api
public enum HistoryText {
  /// A table, the newest first. A star behind a commit means that the file had changes not committed.
  ///
  /// - Parameters:
  ///   - releases: the newest first, without gaps.
  ///   - older: the release before the last of them, to tell what that one changed.
  ///   - runs: the runs of the same time; those that succeeded are told by their releases, or if they overrode policies.
  ///   - active: the number of the release that is active; it is marked.
  ///   - operatorState: what operators asked of the workload; it stands below the table.
  ///   - engines: what engines declare.
  ///   - now: what ages are counted to.
  public static func render(
    _ releases: [Release], older: Release?, runs: [Run], active: Int?,
    operatorState: OperatorState = OperatorState(), on engines: [EngineFields] = [],
    now: Timestamp = Timestamp(milliseconds: 0), style: TextStyle
  ) -> String {
    let told = runs.filter { run in
      (run.outcome != .succeeded || run.policyOverride != nil && run.release == nil)
        && run.startedAt > (older?.recordedAt ?? Timestamp(milliseconds: .min))
    }
    guard !releases.isEmpty || !told.isEmpty else { return "No releases yet.\n" }
    let rows =
      ReleaseHistory(releases, older: older, on: engines).entries.map {
        (at: $0.release.recordedAt, cells: cells($0, active: active))
      } + told.map { (at: $0.startedAt, cells: cells($0)) }
    // Sorting by (moment, index) keeps the order of those at one moment.
    let sorted = rows.enumerated().sorted { left, right in
      left.element.at == right.element.at
        ? left.offset < right.offset : left.element.at > right.element.at
    }
    var table = Table(["RELEASE", "WHEN (UTC)", "BY", "COMMIT", "CHANGES"])
    for row in sorted { table.add(row.element.cells) }
    let asked = OperatorStateText.lines(operatorState, now, style)
    return table.text(style) + (asked.isEmpty ? "" : "\n" + asked.map { $0 + "\n" }.joined())
  }

  private static func cells(_ entry: ReleaseHistory.Entry, active: Int?) -> [Table.Cell] {
    let release = entry.release
    let isActive = release.number == active
    return [
      .init("\(isActive ? "●" : " ") \(release.number)", isActive ? .good : nil),
      .init(minute(release.recordedAt)), .init(SafeText.line(release.by)),
      .init(release.commits.map(\.shortWithReview).joined(separator: ", ")), .init(changes(entry)),
    ]
  }

  private static func changes(_ entry: ReleaseHistory.Entry) -> String {
    let changes = entry.release.snapshot == nil ? "destroyed" : entry.changes.map(ChangeSummary.text)
    let restored = entry.release.restoredFrom.map { "restores release \($0)" }
    return [restored, changes, entry.release.policyOverride?.words].compactMap(\.self).joined(separator: "; ")
  }

  private static func cells(_ run: Run) -> [Table.Cell] {
    let intent =
      switch run.intent {
      case .rollback(let number), .scale(let number): "\(run.intent.verb) to \(number)"
      case let other: other.text
      }
    let outcome =
      switch run.outcome {
      case .unfinished: "has not ended"
      case .abandoned: "was killed"
      case .failed: "failed"
      case .succeeded: "succeeded"
      }
    let failure = run.failure.map { ": \(SafeText.line($0))" } ?? ""
    let override = run.policyOverride.map { "; \($0.words)" } ?? ""
    let (sign, ink): (String, Ink?) = run.outcome == .succeeded ? ("✓", nil) : ("✗", .removed)
    return [
      .init(sign, ink), .init(minute(run.startedAt)), .init(SafeText.line(run.by)), .init(""),
      .init("\(intent) \(outcome)\(failure)\(override)", ink),
    ]
  }

  /// `2026-11-21 02:47`
  private static func minute(_ moment: Timestamp) -> String {
    String(moment.description.dropLast(":00Z".count).map { $0 == "T" ? " " : $0 })
  }
}

extension PolicyOverride {
  /// In words: "overrides the policy quiet-nights: the shop is down".
  var words: String {
    let names = policies.map { SafeText.line($0) }.joined(separator: ", ")
    return "overrides the \(policies.count == 1 ? "policy" : "policies") \(names): \(SafeText.line(reason))"
  }
}
