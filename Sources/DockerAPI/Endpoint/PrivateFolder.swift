import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A folder for a socket that only this user can enter. It is removed when it is let go, and else when the program
/// exits.
final class PrivateFolder: Sendable {
  let path: String

  /// Makes a folder where `TMPDIR` says, or in `/tmp`.
  ///
  /// - Throws: ``DockerError`` if it can't be made.
  init() throws {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(base)/berth-ssh-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw DockerError(
        "no ssh connection: a folder for its socket can't be made in \(base): \(String(cString: strerror(errno)))",
        help: "set TMPDIR to a folder that can be written")
    }
    path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    _ = Self.removesAtExit
    Self.present.withLock { _ = $0.insert(path) }
  }

  deinit {
    Self.present.withLock { _ = $0.remove(path) }
    Self.remove(path)
  }

  private static let present = Mutex<Set<String>>([])
  private static let removesAtExit = atexit {
    PrivateFolder.present.withLock { $0.forEach(PrivateFolder.remove) }
  }

  private static func remove(_ path: String) {
    unlink("\(path)/socket")
    rmdir(path)
  }
}
