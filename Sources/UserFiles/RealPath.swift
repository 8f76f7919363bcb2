#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where paths really lead.
public enum RealPath {
  /// How many links are followed, as the system has it.
  private static let maximumLinks = 40

  /// An absolute path without links, `.` and `..`. What is not there, and what can't be looked at, is taken by its
  /// name, so that a link out of a folder is seen whether or not there is anything at its end.
  public static func of(_ path: String) -> String {
    var rest = path.split(separator: "/").map(String.init)[...]
    var parts = path.hasPrefix("/") ? [] : workingFolder.split(separator: "/").map(String.init)
    var links = 0
    while let part = rest.popFirst() {
      if part == "." { continue }
      if part == ".." {
        _ = parts.popLast()
        continue
      }
      let here = "/" + (parts + [part]).joined(separator: "/")
      guard links < maximumLinks, let target = linkTarget(here) else {
        parts.append(part)
        continue
      }
      links += 1
      rest = target.split(separator: "/").map(String.init)[...] + rest
      if target.hasPrefix("/") { parts = [] }
    }
    return "/" + parts.joined(separator: "/")
  }

  /// The working directory.
  public static var workingFolder: String {
    guard let path = getcwd(nil, 0) else { return "/" }
    defer { free(path) }
    return String(cString: path)
  }

  /// The folder that a path lies in, without looking where links lead; empty for the working directory.
  public static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "" }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Where a symbolic link leads; `nil` if there is none.
  static func linkTarget(_ path: String) -> String? {
    var target = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    let count = readlink(path, &target, Int(PATH_MAX))
    guard count > 0 else { return nil }
    return String(decoding: target.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// The path of an open file; `nil` where the system doesn't tell.
  static func of(descriptor: Int32) -> String? {
    #if canImport(Glibc)
      linkTarget("/proc/self/fd/\(descriptor)")
    #else
      var path = [CChar](repeating: 0, count: Int(PATH_MAX))
      guard fcntl(descriptor, F_GETPATH, &path) == 0 else { return nil }
      return String(decoding: path.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    #endif
  }
}
