#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Why a file that a user names can't be read.
public struct UserFileError: Error, Sendable, Equatable {
  /// The path as the user wrote it.
  public let path: String
  /// What is wrong.
  public let problem: Problem

  /// What may be wrong.
  public enum Problem: Sendable, Equatable {
    /// The system refuses, with this number of an error.
    case system(Int32)
    /// It is a symbolic link, and there is nothing where it leads.
    case danglingLink(to: String)
    /// There is something, and it is no regular file.
    case notRegular(Kind)
    /// It has more than so many bytes.
    case tooLarge(limit: Int)
    /// It lies outside of the folders that it may be in.
    case outside(of: [String])
    /// It belongs to what git keeps of its own.
    case gitFolder
  }

  /// What a path may lead to besides a regular file.
  public enum Kind: String, Sendable {
    case folder = "a folder"
    case pipe = "a named pipe"
    case socket = "a socket"
    case device = "a device"
    /// A file of the system that has to be waited for.
    case silent = "a file that has nothing to read now"
    case standardInput = "standard input"

    /// What a mode of the system says; `nil` for a regular file.
    init?(_ mode: mode_t) {
      switch mode & S_IFMT {
      case S_IFREG: return nil
      case S_IFDIR: self = .folder
      case S_IFIFO: self = .pipe
      case S_IFSOCK: self = .socket
      default: self = .device
      }
    }
  }

  init(_ path: String, _ problem: Problem) {
    self.path = path
    self.problem = problem
  }

  /// Whether there simply is no such file.
  public var isMissing: Bool { problem == .system(ENOENT) || problem == .system(ENOTDIR) }

  /// What is wrong, in one line without a full stop.
  public var message: String {
    switch problem {
    case .system(let code): "`\(path)` can't be read: \(String(cString: strerror(code)))"
    case .danglingLink(let target): "`\(path)` is a symbolic link to `\(target)`, where there is nothing"
    case .notRegular(let kind): "`\(path)` is no regular file: it is \(kind.rawValue)"
    case .tooLarge(let limit): "`\(path)` is larger than \(Self.size(limit))"
    case .outside(let folders):
      "`\(path)` leads outside of \(folders.map { "`\($0)`" }.joined(separator: " and "))"
    case .gitFolder: "`\(path)` lies in a `.git` folder"
    }
  }

  /// What to do about it.
  public var help: String {
    switch problem {
    case .system(ENOENT): "check the path; a relative one is taken from the working directory"
    case .system: "check that you may read it"
    case .danglingLink: "mend the link, or name the file itself"
    case .notRegular(.folder): "name a file in it"
    case .notRegular(.standardInput): "standard input is named `-`, where it is taken"
    case .notRegular: "copy what is in it to a file, or pipe it in where `-` is taken for standard input"
    case .tooLarge: "check that it is the file that you mean"
    case .outside:
      "put the file there, or allow the folder that it lies in: `--allow-files-from DIR`"
    case .gitFolder: "git keeps its settings there, passwords among them; name another file"
    }
  }

  private static func size(_ limit: Int) -> String {
    limit % (1 << 20) == 0 ? "\(limit >> 20) MiB" : "\(limit) bytes"
  }
}
