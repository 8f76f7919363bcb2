import Synchronization

/// Remembers for a moment the versions of things that were seen last: who has just read something, or changed it, need
/// not look once more before it changes that, or tells what it saw.
final class VersionMemory: Sendable {
  /// How long it remembers. A process that changes something after that looks first: it may have been pruned meanwhile, and
  /// have begun anew.
  private static let span = Duration.seconds(1)

  private struct Sight {
    let versions: [VersionedVolume.Version]
    let at: ContinuousClock.Instant
  }
  private let seen = Mutex<[String: Sight]>([:])

  /// The versions of a thing as they were seen just now; `nil` if they were not.
  func versions(of prefix: String) -> [VersionedVolume.Version]? {
    seen.withLock { $0[prefix] }.flatMap { $0.at.duration(to: .now) <= Self.span ? $0.versions : nil }
  }

  /// The versions of a thing were seen.
  func note(_ versions: [VersionedVolume.Version], of prefix: String) {
    seen.withLock { $0[prefix] = Sight(versions: versions, at: .now) }
  }

  /// What was seen of a thing is not so any more.
  func forget(_ prefix: String) { seen.withLock { $0[prefix] = nil } }
}
