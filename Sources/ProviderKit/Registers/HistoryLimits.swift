/// How much of a workload's history a target keeps.
///
/// However little it is, these stay: the last release, which numbers go on from; the last one that is no tombstone; the
/// one that a rollback which did not succeed was to restore; and the runs that recorded the releases which stay.
public struct HistoryLimits: Sendable, Equatable {
  /// How many releases are kept, the newest; at least 2, so that there is one to go back to.
  public var releases: Int
  /// How many runs are kept, the newest; at least 1.
  public var runs: Int

  /// Limits; by default, 50 releases and 200 runs.
  public init(releases: Int = 50, runs: Int = 200) {
    self.releases = max(2, releases)
    self.runs = max(1, runs)
  }

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
