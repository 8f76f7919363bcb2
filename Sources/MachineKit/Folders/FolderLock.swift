import ProviderKit

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The lock of a folder in which machines of this computer are kept. The kernel gives it back when the process that holds it ends.
package struct FolderLock: Sendable {
  /// How long to wait for other commands: none holds it for longer than a call.
  private static let patience = Duration.seconds(60)

  /// The folder.
  let folder: String

  package init(_ folder: String) { self.folder = folder }

  /// Does something that no other process does meanwhile. The folder is made if it is not there.
  ///
  /// - Throws: `ProviderError` if the folder can't be made, or another process holds the lock for too long.
  package func hold<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result {
    try Self.make(folder)
    let path = folder + "/lock"
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Self.failure("\(path) can't be opened") }
    defer { close(descriptor) }
    let end = ContinuousClock.now + Self.patience
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      guard errno == EWOULDBLOCK || errno == EINTR, ContinuousClock.now < end else {
        throw Self.failure("\(path) can't be locked")
      }
      try await Task.sleep(for: .milliseconds(5))
    }
    return try await body()
  }

  /// Makes a folder, and those above it, for their owner alone.
  ///
  /// - Throws: `ProviderError` if that does not work.
  package static func make(_ folder: String) throws {
    if mkdir(folder, 0o700) == 0 || errno == EEXIST { return }
    if errno == ENOENT, let slash = folder.lastIndex(of: "/"), slash != folder.startIndex {
      try make(String(folder[..<slash]))
      if mkdir(folder, 0o700) == 0 || errno == EEXIST { return }
    }
    throw failure("\(folder) can't be made")
  }

  private static func failure(_ what: String) -> ProviderError {
    ProviderError(
      "\(what): \(String(cString: strerror(errno)))", help: "name another `folder` in the target")
  }
}
