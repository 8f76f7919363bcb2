#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A folder that a user names, with all that is in it, read as one.
///
/// Nothing but regular files and folders may be in it: a link could lead anywhere, and a pipe may never end.
public enum UserFolder {
  /// A regular file that was found in the folder or below it.
  public struct File: Sendable, Equatable {
    /// Its path from the folder: `conf.d/site.conf`.
    public let path: String
    /// Whether it can be executed.
    public let isExecutable: Bool
    /// What it held when it was read: no more than ``Limits/file`` bytes.
    public let bytes: [UInt8]
  }

  /// How much there may be in a folder.
  public struct Limits: Sendable {
    /// How many files.
    public let files: Int
    /// How large a file may be, in bytes.
    public let file: Int
    /// How large all files may be together, in bytes.
    public let total: Int

    public init(files: Int, file: Int, total: Int) {
      self.files = files
      self.file = file
      self.total = total
    }
  }

  /// Why a folder can't be taken.
  public enum Problem: Error, Sendable, Equatable {
    /// A file or a folder can't be read.
    case unreadable(UserFileError)
    /// There is something in it that is neither a file nor a folder; what it is.
    case strange(String, String)
    /// A name in it is not valid UTF-8; the folder that it is in.
    case badName(in: String)
    /// There are more files than may be.
    case tooMany(Int)
    /// The files are larger together than may be, in bytes.
    case tooLarge(Int)
    /// There are more folders within each other than may be.
    case tooDeep(String)
  }

  /// How many folders may be within each other.
  private static let maximumDepth = 32

  /// All files in a folder and in the folders in it, ordered by path. What git keeps of its own is left out.
  ///
  /// - Parameters:
  ///   - path: the folder; a relative one is taken from the working directory.
  ///   - boundary: the folders that it must lie in once links are resolved.
  /// - Throws: ``Problem``.
  public static func files(
    of path: String, within boundary: FileBoundary, _ limits: Limits
  ) throws(Problem) -> [File] {
    let place = RealPath.of(path)
    do throws(UserFileError) { try boundary.check(place + "/", for: path) } catch { throw .unreadable(error) }
    let descriptor = open(place, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unreadable(UserFileError(path, .system(errno))) }
    var reading = Reading(name: path, limits: limits)
    try reading.read(descriptor, "", depth: 0)
    return reading.files.sorted { $0.path < $1.path }
  }

  private struct Reading {
    let name: String
    let limits: Limits
    var files: [File] = []
    var total = 0

    /// Reads a folder, and closes it.
    mutating func read(_ descriptor: Int32, _ prefix: String, depth: Int) throws(Problem) {
      guard let folder = fdopendir(descriptor) else {
        let code = errno
        close(descriptor)
        throw .unreadable(UserFileError(shown(prefix), .system(code)))
      }
      defer { closedir(folder) }
      guard depth <= UserFolder.maximumDepth else { throw .tooDeep(shown(prefix)) }
      while let entry = readdir(folder) {
        let bytes = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
        guard let name = String(validating: bytes, as: UTF8.self) else { throw .badName(in: shown(prefix)) }
        if name == "." || name == ".." || name == ".git" { continue }
        try read(name, in: dirfd(folder), prefix, depth: depth)
      }
    }

    private mutating func read(
      _ name: String, in folder: Int32, _ prefix: String, depth: Int
    ) throws(Problem) {
      let path = prefix + name
      let descriptor = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
      guard descriptor >= 0 else {
        let code = errno
        if code == ELOOP || code == EMLINK { throw .strange(shown(path), "a symbolic link") }
        if code == ENXIO { throw .strange(shown(path), UserFileError.Kind.socket.rawValue) }
        throw .unreadable(UserFileError(shown(path), .system(code)))
      }
      var status = stat()
      guard fstat(descriptor, &status) == 0 else {
        let code = errno
        close(descriptor)
        throw .unreadable(UserFileError(shown(path), .system(code)))
      }
      if status.st_mode & S_IFMT == S_IFDIR { return try read(descriptor, path + "/", depth: depth + 1) }
      defer { close(descriptor) }
      if let kind = UserFileError.Kind(status.st_mode) { throw .strange(shown(path), kind.rawValue) }
      guard files.count < limits.files else { throw .tooMany(limits.files) }
      let bytes: [UInt8]
      do throws(UserFileError) {
        bytes = try UserFile.read(
          descriptor, shown(path), atMost: limits.file, expecting: Int(status.st_size), waits: false)
      } catch { throw .unreadable(error) }
      total += bytes.count
      guard total <= limits.total else { throw .tooLarge(limits.total) }
      files.append(File(path: path, isExecutable: status.st_mode & 0o111 != 0, bytes: bytes))
    }

    private func shown(_ path: String) -> String {
      let folder = name.hasSuffix("/") ? String(name.dropLast()) : name
      return path.isEmpty ? folder : "\(folder)/\(path.hasSuffix("/") ? String(path.dropLast()) : path)"
    }
  }
}
