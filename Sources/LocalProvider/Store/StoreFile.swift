import ProviderKit

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The database as a file: whether it is there, whose it is, and how it comes to be.
///
/// Nothing here opens a file that exists already: closing it again would take away the locks that SQLite
/// holds on it in this process.
struct StoreFile: Sendable {
  let path: String

  /// Whether there is a file that may be used.
  ///
  /// - Throws: ``ProviderKit/StoreError`` if something else is there, or if the file belongs to another user.
  func exists() throws -> Bool {
    var facts = stat()
    guard stat(path, &facts) == 0 else {
      if errno == ENOENT { return false }
      throw failure("can't be looked at")
    }
    guard facts.st_mode & S_IFMT == S_IFREG else {
      throw StoreError(
        "\(path) is not a file", help: "berth keeps its releases there: move away what is in the way")
    }
    guard facts.st_uid == geteuid() else {
      throw StoreError(
        "\(path) belongs to the user with number \(facts.st_uid), and this is the user with number \(geteuid())",
        help: "run berth as its owner, or choose another folder by BERTH_HOME")
    }
    return true
  }

  /// Whether there is no room left where it lies, which SQLite does not always call by its name.
  var hasNoRoom: Bool {
    var facts = statvfs()
    return statvfs(path, &facts) == 0 && UInt64(facts.f_bavail) * UInt64(facts.f_frsize) < 65_536
  }

  /// Makes the folder and an empty file, each for its owner alone. What is there already stays as it is, but no other
  /// user may read the files from then on.
  func create() throws {
    let folder = String(path.prefix(upTo: path.lastIndex(of: "/") ?? path.startIndex))
    try Self.createFolder(folder, for: self)
    let descriptor = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
    if descriptor >= 0 {
      close(descriptor)
      return
    }
    guard errno == EEXIST else { throw failure("can't be made") }
    guard try exists() else { throw failure("can't be made") }
    for name in [path, path + "-wal", path + "-shm"] {
      guard chmod(name, 0o600) == 0 || errno == ENOENT else { throw failure("can't be kept from others") }
    }
  }

  private static func createFolder(_ folder: String, for file: StoreFile) throws {
    guard !folder.isEmpty, access(folder, F_OK) != 0 else { return }
    if let slash = folder.lastIndex(of: "/") {
      try createFolder(String(folder[..<slash]), for: file)
    }
    guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw file.failure("can't be made") }
  }

  /// What the last system call said, as an error.
  private func failure(_ what: String) -> StoreError {
    StoreError(
      "\(path) \(what): \(String(cString: strerror(errno)))",
      help: "berth keeps its releases there: make its folder writable, or choose another by BERTH_HOME")
  }
}
