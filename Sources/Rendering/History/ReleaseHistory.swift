import Planning
import WorkloadSpec

/// Releases with what each changed, the newest first.
struct ReleaseHistory {
  /// A release with the difference to the one before it.
  struct Entry {
    let release: Release
    /// What it changed; `nil` where the release before it is not known.
    let changes: SnapshotDiff?
  }

  let entries: [Entry]

  /// - Parameters:
  ///   - releases: the newest first, without gaps.
  ///   - older: the release before the last of them, if there is one.
  ///   - engines: what engines declare.
  init(_ releases: [Release], older: Release?, on engines: [EngineFields]) {
    let before = releases.dropFirst().map(Optional.some) + [older]
    entries = zip(releases, before).map { release, previous in
      let isKnown = previous != nil || release.number == 1
      return Entry(
        release: release,
        changes: isKnown ? SnapshotDiff(from: previous?.snapshot, to: release.snapshot, on: engines) : nil)
    }
  }
}

extension Release {
  /// The commits that the services' specs come from, each once: the main service's first.
  var commits: [Provenance] {
    let main = snapshot?.main.flatMap { provenance[$0.name] }
    var seen: Set<String> = []
    return ([main].compactMap(\.self) + provenance.sorted { $0.key < $1.key }.map(\.value)).filter {
      seen.insert($0.commit + ($0.isDirty ? "*" : "")).inserted
    }
  }
}

extension Provenance {
  /// `9fceb02`, and `9fceb02*` if the file had changes that were not committed.
  var short: String { SafeText.line(commit.prefix(7)) + (isDirty ? "*" : "") }

  /// The same, with what the change was reviewed as: `9fceb02 #41`.
  var shortWithReview: String {
    ([short] + [review].compactMap { $0.map { SafeText.line($0) } }).joined(separator: " ")
  }
}
