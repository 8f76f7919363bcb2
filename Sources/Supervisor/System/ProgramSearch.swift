#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where a command's first word leads, as a shell has it.
package struct ProgramSearch: Equatable {
  /// What can be known of a program before it is executed.
  package enum Finding: Equatable {
    /// It can be executed.
    case executable
    /// There is a file, which may not be executed.
    case notExecutable
    /// There is nothing.
    case missing
  }

  /// The files that it may be, in order.
  let candidates: [String]
  /// Whether folders were searched: a name with a slash in it is not searched for.
  let isSearch: Bool

  /// A search for a program.
  ///
  /// - Parameters:
  ///   - path: the folders to search, separated by colons.
  ///   - directory: what a relative path starts from.
  package init(_ name: String, path: String, directory: String) {
    isSearch = !name.utf8.contains(UInt8(ascii: "/"))
    if name.isEmpty {
      candidates = []
    } else if isSearch {
      candidates = path.split(separator: ":").filter { $0.hasPrefix("/") }.map { "\($0)/\(name)" }
    } else {
      candidates = [name.hasPrefix("/") ? name : "\(directory)/\(name)"]
    }
  }

  /// What is there now.
  package var finding: Finding {
    var finding = Finding.missing
    for candidate in candidates {
      var status = stat()
      guard stat(candidate, &status) == 0 else { continue }
      let isFile = status.st_mode & S_IFMT == S_IFREG
      if isFile, access(candidate, X_OK) == 0 { return .executable }
      if isFile || !isSearch { finding = .notExecutable }
    }
    return finding
  }
}
