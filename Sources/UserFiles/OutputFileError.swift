#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Why a file can't be written.
public struct OutputFileError: Error, Sendable, Equatable {
  /// The path as the user wrote it.
  public let path: String
  /// What is wrong.
  public let problem: Problem

  /// What may be wrong.
  public enum Problem: Sendable, Equatable {
    /// The system refuses, with this number of an error.
    case system(Int32)
    /// There is a symbolic link at the path.
    case link(to: String)
    /// There is something else at the path that is no regular file.
    case notRegular(UserFileError.Kind)
    /// A link on the way leads out of the tree, or to where git keeps what is its own.
    case elsewhere(UserFileError)
  }

  init(_ path: String, _ problem: Problem) {
    self.path = path
    self.problem = problem
  }

  /// What is wrong, in one line without a full stop.
  public var message: String {
    switch problem {
    case .system(let code): "`\(path)` can't be written: \(String(cString: strerror(code)))"
    case .link(let target): "`\(path)` can't be written: it is a symbolic link to `\(target)`"
    case .notRegular(let kind): "`\(path)` can't be written: it is \(kind.rawValue), and no regular file"
    case .elsewhere(let error): "`\(path)` can't be written: \(error.message)"
    }
  }

  /// What to do about it.
  public var help: String {
    switch problem {
    case .system(ENOSPC), .system(EDQUOT): "free some space, or choose a file elsewhere; nothing was changed"
    case .system: "choose a file in a folder that you may write to"
    case .link: "name the file that is meant, or delete the link"
    case .notRegular: "name a file that is not there yet, or a regular one"
    case .elsewhere: "name the file by the path where it lies"
    }
  }
}
