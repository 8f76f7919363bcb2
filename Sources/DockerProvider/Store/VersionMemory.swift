import Synchronization

/// Remembers the versions of things that were seen last: who has just read something, or changed it, need not look
/// once more before it changes that.
final class VersionMemory: Sendable {
  private let seen = Mutex<[String: [VersionedVolume.Version]]>([:])

  /// The versions of a thing as they were seen last; `nil` if they never were.
  func versions(of prefix: String) -> [VersionedVolume.Version]? { seen.withLock { $0[prefix] } }

  /// The versions of a thing were seen.
  func note(_ versions: [VersionedVolume.Version], of prefix: String) {
    seen.withLock { $0[prefix] = versions }
  }

  /// What was seen of a thing is not so any more.
  func forget(_ prefix: String) { seen.withLock { $0[prefix] = nil } }
}
