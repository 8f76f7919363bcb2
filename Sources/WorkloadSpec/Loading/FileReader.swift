import Diagnostics
import UserFiles

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Reads files whole, and says what can't be read.
public struct FileReader: Sendable {
  /// The size of the largest file that is read: 64 MiB.
  public static let maximumSize = 64 << 20
  /// How much is read of all files together: 256 MiB.
  public static let maximumTotal = 256 << 20

  /// What could not be read.
  public private(set) var diagnostics = Diagnostics()
  /// The folders that files must lie in which ``source(at:)`` reads: those that another file names.
  public var boundary: FileBoundary?
  private let allowedFolders: [String]
  private var hasReadStandardInput = false
  private var total = 0

  /// A reader that has read nothing.
  ///
  /// - Parameter folders: the folders that files may lie in besides the tree of the file that names them.
  public init(allowing folders: [String] = []) { allowedFolders = folders }

  /// The files that a path of the command line stands for.
  public mutating func sources(at path: String) -> [SourceFile] {
    if path == "-" { return standardInput() }
    if Self.isFolder(path) { return sources(inFolder: path) }
    guard path.contains(where: { "*?[".contains($0) }), access(path, F_OK) != 0 else {
      return typedSource(at: path).map { [$0] } ?? []
    }
    let matches = Self.matches(of: path)
    if matches.isEmpty {
      diagnostics.report(.unreadableFile, "no file matches `\(path)`")
    }
    return matches.flatMap { Self.isFolder($0) ? [] : typedSource(at: $0).map { [$0] } ?? [] }
  }

  /// Reads one file that a user names on the command line, or that the program hands over as `<(command)` does; `nil`
  /// if it can't be read.
  public mutating func typedSource(at path: String) -> SourceFile? {
    guard let descriptor = UserFile.inheritedDescriptor(at: path) else {
      return source(at: path, within: FileBoundary(ofTyped: path, allowing: allowedFolders))
    }
    // It lies in no folder, so that what it names is taken from the working directory.
    return source(inherited: descriptor, as: "<descriptor \(descriptor)>")
  }

  /// Reads one file that another one names; `nil` if it can't be read, or lies outside of the ``boundary``.
  public mutating func source(at path: String) -> SourceFile? { source(at: path, within: boundary) }

  private mutating func source(at path: String, within boundary: FileBoundary?) -> SourceFile? {
    source(named: path) { () throws(UserFileError) in
      try UserFile.bytes(of: path, atMost: Self.maximumSize, within: boundary)
    }
  }

  private mutating func standardInput() -> [SourceFile] {
    if hasReadStandardInput {
      diagnostics.report(
        .unreadableFile, "standard input is given twice", help: "use `-` once; it can be read once only")
      return []
    }
    hasReadStandardInput = true
    return source(inherited: STDIN_FILENO, as: "<stdin>").map { [$0] } ?? []
  }

  private mutating func sources(inFolder path: String) -> [SourceFile] {
    guard let folder = opendir(path) else {
      diagnostics.report(.unreadableFile, "`\(path)` can't be read: \(String(cString: strerror(errno)))")
      return []
    }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
      }
      if Self.isWorkloadFile(name), !Self.isFolder("\(path)/\(name)") { names.append(name) }
    }
    if names.isEmpty {
      diagnostics.report(
        .unreadableFile, "there is no YAML file in the folder `\(path)`",
        help: "its files ending in `.yaml` or `.yml` are read, those of folders inside of it are not")
    }
    let prefix = path.hasSuffix("/") ? path : path + "/"
    return names.sorted().compactMap { typedSource(at: prefix + $0) }
  }

  private static func isWorkloadFile(_ name: String) -> Bool {
    (name.hasSuffix(".yaml") || name.hasSuffix(".yml")) && !name.hasPrefix(".") && name != "berth.yaml"
  }

  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  private static func matches(of pattern: String) -> [String] {
    var found = glob_t()
    defer { globfree(&found) }
    guard glob(pattern, 0, nil, &found) == 0, let paths = found.gl_pathv else { return [] }
    return (0..<Int(found.gl_pathc)).compactMap { index in paths[index].map { String(cString: $0) } }
  }

  private mutating func source(inherited descriptor: Int32, as name: String) -> SourceFile? {
    source(named: name) { () throws(UserFileError) in
      try UserFile.bytes(ofInherited: descriptor, named: name, atMost: Self.maximumSize)
    }
  }

  private mutating func source(
    named name: String, _ read: () throws(UserFileError) -> [UInt8]
  ) -> SourceFile? {
    do throws(UserFileError) {
      let bytes = try read()
      total += bytes.count
      if total <= Self.maximumTotal { return SourceFile(name: name, bytes: bytes) }
      diagnostics.report(
        .fileTooLarge, "with `\(name)`, the files are larger than \(Self.maximumTotal >> 20) MiB together",
        help: "give fewer files to one command")
    } catch {
      diagnostics.append(Diagnostic(error))
    }
    return nil
  }
}
