#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The folders in which files may lie that another file names.
///
/// The author of a file decides which other files it names, and what is read is shown: by a plan, by the line of a
/// diagnostic. So a file leads only to what belongs to the same tree, whatever links there are, and never to what git
/// keeps of its own, where the passwords of a pipeline lie.
public struct FileBoundary: Sendable, Equatable {
  /// The folders, as absolute paths without links.
  public let folders: [String]

  /// The boundary of files in a folder: the git repository around it, or where there is none, the folder itself; and
  /// the folders that are allowed besides.
  ///
  /// - Parameter folder: the folder; an empty path is the working directory.
  public init(around folder: String, allowing allowed: [String] = []) {
    folders = [Self.tree(around: RealPath.of(folder))] + allowed.map { RealPath.of($0) }
  }

  /// The boundary of a path that a user wrote himself: he may name any file, and yet a link that lies in a repository
  /// is the work of the repository's authors. So a path below the working directory stays in the tree of that, and
  /// any other in the tree of the folder that it names.
  public init(ofTyped path: String, allowing allowed: [String] = []) {
    let working = RealPath.workingFolder
    let isBelow = path.hasPrefix("/") ? path.hasPrefix(working + "/") : working != "/"
    let staysBelow = isBelow && !path.split(separator: "/").contains("..")
    self.init(around: staysBelow ? "" : RealPath.folder(of: path), allowing: allowed)
  }

  /// Whether a file may be read.
  public func contains(_ path: String) -> Bool { (try? check(RealPath.of(path), for: path)) != nil }

  /// Makes sure that a file may be read.
  ///
  /// - Parameters:
  ///   - place: its absolute path without links.
  ///   - path: the path that was written.
  /// - Throws: ``UserFileError`` if not.
  func check(_ place: String, for path: String) throws(UserFileError) {
    let insides = folders.compactMap { Self.path(of: place, in: $0) }
    guard !insides.isEmpty else { throw UserFileError(path, .outside(of: folders)) }
    let isGits = { (inside: Substring) in inside.split(separator: "/").contains { $0.lowercased() == ".git" }
    }
    guard insides.contains(where: { !isGits($0) }) else { throw UserFileError(path, .gitFolder) }
  }

  /// A path as seen from a folder that it lies in. Only what lies in the root itself belongs to it: all else of the
  /// machine would.
  private static func path(of place: String, in folder: String) -> Substring? {
    if folder == "/" {
      let name = place.dropFirst()
      return name.contains("/") ? nil : name
    }
    return place.hasPrefix(folder + "/") ? place.dropFirst(folder.count + 1) : nil
  }

  /// The git repository around a folder, or the folder.
  private static func tree(around folder: String) -> String {
    var candidate = folder[...]
    while candidate.count > 1 {
      if access("\(candidate)/.git", F_OK) == 0 { return String(candidate) }
      candidate = candidate[..<(candidate.lastIndex(of: "/") ?? candidate.startIndex)]
    }
    return folder
  }
}
