#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Paths as compose files and specs write them: `/` between the parts, the empty text for the working folder.
enum FilePath {
  /// A path as seen from a folder.
  static func resolve(_ path: String, in folder: String) -> String {
    if path.hasPrefix("/") || folder.isEmpty { return normalized(path) }
    return normalized(folder + "/" + path)
  }

  /// The folder that a file lies in.
  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "" }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The last part of a path.
  static func name(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? ""
  }

  /// A path as seen from a folder that itself is seen from the working folder.
  static func relative(_ path: String, to folder: String, workingFolder: String) -> String {
    if path.hasPrefix("/") { return path }
    let target = parts(resolve(path, in: workingFolder))
    let start = parts(resolve(folder.isEmpty ? "." : folder, in: workingFolder))
    let common = zip(target, start).prefix { $0 == $1 }.count
    return (Array(repeating: "..", count: start.count - common) + target[common...])
      .joined(separator: "/")
  }

  /// Without `.`, empty parts and what `..` takes back.
  private static func normalized(_ path: String) -> String {
    let text = parts(path).joined(separator: "/")
    return path.hasPrefix("/") ? "/" + text : text
  }

  private static func parts(_ path: String) -> [String] {
    var parts: [String] = []
    for part in path.split(separator: "/") where part != "." {
      if part == "..", let last = parts.last, last != ".." {
        parts.removeLast()
      } else if part != ".." || !path.hasPrefix("/") {
        parts.append(String(part))
      }
    }
    return parts
  }

  /// What a path leads to.
  enum Kind {
    case file, folder, other, nothing
  }

  /// What is there; a link is followed.
  static func kind(of path: String) -> Kind {
    var status = stat()
    guard stat(path, &status) == 0 else { return .nothing }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .file
    case S_IFDIR: return .folder
    default: return .other
    }
  }
}
