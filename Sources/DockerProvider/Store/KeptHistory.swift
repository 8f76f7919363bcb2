import Planning
import ProviderKit

/// What of a workload's history a target keeps, as its ledger and its archive tell it.
struct KeptHistory {
  /// The releases, the newest first.
  let releases: [Release]
  /// The runs, the newest first.
  let runs: [Run]
  /// The archived runs that are kept no more, nor what they recorded.
  let rest: [RunRecord]

  init(_ state: LedgerState, archived: [RunRecord], limits: HistoryLimits) {
    var (allReleases, allRuns) = ([Int: Release](), [Int: Run]())
    for record in archived + state.unarchived {
      if let release = record.release { allReleases[release.number] = release }
      if record.sequence < state.sequence { allRuns[record.sequence] = record.run }
    }
    if let release = state.release { allReleases[release.number] = release }
    if let run = state.run { allRuns[state.sequence] = run }
    let oldestFirst = allReleases.values.sorted { $0.number < $1.number }
    let kept = limits.kept(
      oldestFirst.map { ($0.number, $0.snapshot == nil) },
      referred: Set([state.run?.referredRelease].compactMap(\.self)))
    releases = oldestFirst.reversed().filter { kept.contains($0.number) }
    let recording = Set(releases.map(\.run))
    let newest = state.sequence - limits.runs
    runs = allRuns.sorted { $0.key > $1.key }.filter { $0.key > newest || recording.contains($0.value.id) }
      .map(\.value)
    let keptRuns = Set(runs.map(\.id))
    rest = archived.filter { !keptRuns.contains($0.run.id) }
  }
}
