import WorkloadSpec

/// A volume that no spec names: the image of a service declares that it keeps data at a path.
public struct ImageVolume: Sendable, Hashable {
  /// The service whose image declares it.
  public let service: String
  /// Where the service sees it.
  public let path: String

  /// A volume at a path of a service.
  public init(service: String, path: String) {
    self.service = service
    self.path = MountPath.plain(path)
  }
}

/// Paths at which volumes are mounted.
public enum MountPath {
  /// The shortest way to write a path: two that lead to one place are then alike.
  public static func plain(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return "/" + parts.joined(separator: "/")
  }
}
