import Supervisor

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Why what a service sees at the path of a volume is not the volume.
enum VolumeProblem: Equatable, Sendable {
  /// The folder of the volume is gone.
  case isGone
  /// Nothing is at its path.
  case isMissing
  /// Something else is there, in words: `a folder`, `a link to /srv`.
  case isReplaced(by: String)

  /// Looks at a volume of a service.
  ///
  /// - Parameters:
  ///   - root: the service's root.
  ///   - process: the service's process, if it has one and its volumes are mounted where only it sees them.
  /// - Returns: `nil` if nothing is wrong with it.
  static func find(_ volume: VolumePlace, under root: String, seenBy process: pid_t? = nil) -> VolumeProblem?
  {
    // Nothing takes the place of memory that is mounted, and nothing else is what it was.
    if volume.isMemory, process != nil { return nil }
    guard let folder = identity(volume.location.folder) else { return .isGone }
    let view = process.map { "/proc/\($0)/root" } ?? ""
    let path = view + root + "/" + volume.path.joined(separator: "/")
    if identity(path) == folder { return nil }
    // Of a process that has ended meanwhile nothing can be said.
    if process != nil, Files.kind(view + root) == nil { return nil }
    return words(path).map { .isReplaced(by: $0) } ?? .isMissing
  }

  /// What a path leads to, told apart from all else.
  private static func identity(_ path: String) -> [UInt64]? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return [UInt64(status.st_dev), UInt64(status.st_ino)]
  }

  /// What is at a path; `nil` if nothing is.
  private static func words(_ path: String) -> String? {
    switch Files.kind(path) {
    case nil: nil
    case S_IFDIR: "a folder"
    case S_IFREG: "a file"
    case S_IFLNK: Files.linkTarget(path).map { "a link to \($0)" } ?? "a link"
    default: "something that is no folder"
    }
  }
}
