#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Finds programs as a shell does.
enum ProgramSearch {
  /// The file that a command's first word means; `nil` if there is none that can be executed.
  ///
  /// - Parameters:
  ///   - path: the folders to search, separated by colons. A name with a slash in it is not searched.
  ///   - directory: what a relative path starts from.
  static func find(_ name: String, path: String, directory: String) -> String? {
    guard !name.isEmpty else { return nil }
    if name.hasPrefix("/") { return isExecutable(name) ? name : nil }
    if name.utf8.contains(UInt8(ascii: "/")) {
      let file = "\(directory)/\(name)"
      return isExecutable(file) ? file : nil
    }
    for folder in path.split(separator: ":") where folder.hasPrefix("/") {
      let file = "\(folder)/\(name)"
      if isExecutable(file) { return file }
    }
    return nil
  }

  private static func isExecutable(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
  }
}
