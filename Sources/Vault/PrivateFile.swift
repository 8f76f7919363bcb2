import Diagnostics
import UserFiles

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file of its owner alone.
struct PrivateFile {
  /// How long to wait for another process that changes the vault, in milliseconds.
  private static let patience = 30_000
  /// How large it may be: 256 MiB.
  private static let maximumSize = 256 << 20

  let path: String

  /// The bytes; `nil` if there is no file.
  ///
  /// - Throws: `DiagnosticError` if it can't be read, or if other users can read or write it.
  func read() throws -> [UInt8]? {
    do {
      let file = try UserFile(opening: path)
      try Self.checkOwner(of: file.descriptor, path, allowed: 0o600)
      return try file.bytes(atMost: Self.maximumSize)
    } catch let error as UserFileError {
      if error.isMissing { return nil }
      throw DiagnosticError(Diagnostic(.vaultUnusable, error.message, help: Self.help))
    }
  }

  /// Replaces the file as a whole: a reader, also after a crash, finds the old or the new bytes, and
  /// the new ones have reached the disk on return.
  func replace(with bytes: [UInt8]) throws {
    let temporary = path + ".new"
    // Left by a process that was killed.
    unlink(temporary)
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure("can't be written") }
    var isMoved = false
    defer { if !isMoved { unlink(temporary) } }
    do {
      defer { close(descriptor) }
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else { throw failure("can't be written") }
        rest = rest.dropFirst(count)
      }
      guard fsync(descriptor) == 0 else { throw failure("can't be written") }
    }
    guard rename(temporary, path) == 0 else { throw failure("can't be written") }
    isMoved = true
    let folder = open(Self.folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw failure("can't be written") }
    defer { close(folder) }
    guard fsync(folder) == 0 else { throw failure("can't be written") }
  }

  /// Runs something under an exclusive lock on the file, which is made if it does not exist.
  ///
  /// - Throws: `DiagnosticError` if another process holds the lock for too long.
  func locked<Result>(_ body: () throws -> Result) throws -> Result {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure("can't be opened") }
    // Closing gives the lock back, also when the process is killed.
    defer { close(descriptor) }
    var waited = 0
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      guard errno == EWOULDBLOCK || errno == EINTR, waited < Self.patience else {
        throw failure("can't be locked")
      }
      usleep(5_000)
      waited += 5
    }
    return try body()
  }

  // MARK: Folders

  /// Makes a folder that only its owner can enter, with those above it.
  ///
  /// - Throws: `DiagnosticError` if it can't be made, or if it is there and others can get into it.
  static func makeFolder(_ path: String) throws {
    try makeFolders(path)
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw PrivateFile(path: path).failure("can't be opened") }
    defer { close(descriptor) }
    try checkOwner(of: descriptor, path, allowed: 0o700)
  }

  private static func makeFolders(_ path: String) throws {
    if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
    guard errno == ENOENT, !folder(of: path).isEmpty else {
      throw PrivateFile(path: path).failure("can't be made")
    }
    try makeFolders(folder(of: path))
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
      throw PrivateFile(path: path).failure("can't be made")
    }
  }

  private static func folder(of path: String) -> String {
    String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
  }

  // MARK: Who can get at it

  private static func checkOwner(of descriptor: Int32, _ path: String, allowed: mode_t) throws {
    var facts = stat()
    guard fstat(descriptor, &facts) == 0 else { throw PrivateFile(path: path).failure("can't be looked at") }
    guard facts.st_uid == geteuid() else {
      throw DiagnosticError(
        Diagnostic(
          .vaultExposed,
          "\(path) belongs to the user with number \(facts.st_uid), and this is the user with number \(geteuid())",
          help: "run berth as its owner, or choose another home by BERTH_HOME"))
    }
    let mode = facts.st_mode & 0o777
    guard mode & ~allowed == 0 else {
      throw DiagnosticError(
        Diagnostic(
          .vaultExposed, "other users can read or write \(path), whose mode is 0\(String(mode, radix: 8))",
          help:
            "run `chmod \(String(allowed, radix: 8)) \(path)`, and change the secrets if another user may have read them"
        ))
    }
  }

  /// What the last system call said, as an error.
  private func failure(_ what: String) -> DiagnosticError {
    DiagnosticError(
      Diagnostic(
        .vaultUnusable, "\(path) \(what): \(String(cString: strerror(errno)))",
        help: Self.help))
  }

  private static let help =
    "nothing was changed; the folder of the vault must be readable and writable to its owner"
}
