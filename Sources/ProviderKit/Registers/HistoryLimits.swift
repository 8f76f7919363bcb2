import Planning
import WorkloadSpec

/// How much of a workload's history a target keeps.
///
/// However little it is, these stay: the last release, which numbers go on from; the last one that is no tombstone; the
/// one that a rollback which did not succeed was to restore; and the runs that recorded the releases which stay.
public struct HistoryLimits: SpecObject {
  /// How many releases are kept, the newest; at least 2, so that there is one to go back to.
  public var releases: Int
  /// How many runs are kept, the newest; at least 1.
  public var runs: Int

  /// 50 releases and 200 runs.
  public init() { self.init(releases: 50) }

  /// Limits; by default, 50 releases and 200 runs.
  public init(releases: Int, runs: Int = 200) {
    self.releases = max(2, releases)
    self.runs = max(1, runs)
  }

  /// The statement of its fields.
  public static let schema = ObjectSchema<HistoryLimits>(
    "history", plural: "histories", "How much of each workload's history a target keeps.",
    fields: [
      Field(
        "releases", \.releases, "how many releases are kept, the newest", rules: [.range(2...1_000_000)]),
      Field("runs", \.runs, "how many runs are kept, the newest", rules: [.range(1...1_000_000)]),
    ])

  /// Which releases are kept.
  ///
  /// - Parameters:
  ///   - releases: all there are, the oldest first, and whether each is a tombstone.
  ///   - referred: the numbers of those that something refers to.
  package func kept(_ releases: [(number: Int, isTombstone: Bool)], referred: Set<Int> = []) -> Set<Int> {
    var kept = Set(releases.suffix(self.releases).map(\.number))
    if let last = releases.last(where: { !$0.isTombstone }) { kept.insert(last.number) }
    return kept.union(referred.intersection(releases.map(\.number)))
  }
}

extension Run {
  /// The release that it is to restore, unless it has.
  package var referredRelease: Int? {
    if outcome != .succeeded, case .rollback(let number) = intent { number } else { nil }
  }
}
