#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Reads files whole, and says what can't be read.
public struct FileReader: Sendable {
  /// The size of the largest file that is read: 64 MiB.
  public static let maximumSize = 64 << 20

  /// What could not be read.
  public private(set) var diagnostics = Diagnostics()
  private var hasReadStandardInput = false

  /// A reader that has read nothing.
  public init() {}

  /// The files that a path of the command line stands for.
  public mutating func sources(at path: String) -> [SourceFile] {
    if path == "-" { return standardInput() }
    if Self.isFolder(path) { return sources(inFolder: path) }
    guard path.contains(where: { "*?[".contains($0) }), access(path, F_OK) != 0 else {
      return source(at: path).map { [$0] } ?? []
    }
    let matches = Self.matches(of: path)
    if matches.isEmpty {
      diagnostics.report(.unreadableFile, "no file matches `\(path)`")
    }
    return matches.flatMap { Self.isFolder($0) ? [] : source(at: $0).map { [$0] } ?? [] }
  }

  /// Reads one file; `nil` if it can't be read.
  public mutating func source(at path: String) -> SourceFile? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      report(path, errno)
      return nil
    }
    defer { close(descriptor) }
    return read(descriptor, as: path)
  }

  private mutating func standardInput() -> [SourceFile] {
    if hasReadStandardInput {
      diagnostics.report(
        .unreadableFile, "standard input is given twice", help: "use `-` once; it can be read once only")
      return []
    }
    hasReadStandardInput = true
    return read(STDIN_FILENO, as: "<stdin>").map { [$0] } ?? []
  }

  private mutating func sources(inFolder path: String) -> [SourceFile] {
    guard let folder = opendir(path) else {
      report(path, errno)
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
    return names.sorted().compactMap { source(at: prefix + $0) }
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

  private mutating func read(_ descriptor: Int32, as name: String) -> SourceFile? {
    var status = stat()
    let size = fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
    var bytes: [UInt8] = []
    bytes.reserveCapacity(min(size, Self.maximumSize) + 1)
    let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
    defer { chunk.deallocate() }
    while bytes.count <= Self.maximumSize {
      #if canImport(Glibc)
        let count = Glibc.read(descriptor, chunk.baseAddress, chunk.count)
      #else
        let count = Darwin.read(descriptor, chunk.baseAddress, chunk.count)
      #endif
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else {
        report(name, errno)
        return nil
      }
      if count == 0 { return SourceFile(name: name, bytes: bytes) }
      bytes.append(contentsOf: chunk[..<count])
    }
    diagnostics.report(
      .fileTooLarge, "`\(name)` is larger than \(Self.maximumSize >> 20) MiB", help: "split the file")
    return nil
  }

  private mutating func report(_ path: String, _ error: Int32) {
    diagnostics.report(
      .unreadableFile, "`\(path)` can't be read: \(String(cString: strerror(error)))",
      help: error == ENOENT ? "check the path; it is taken from the working directory" : nil)
  }
}
