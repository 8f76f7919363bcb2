import Diagnostics

/// Nothing hides what a service is given.
enum MountPathRule {
  /// What can be mounted, in words.
  private enum Kind: String {
    case volume
    case configFile = "config file"
    case secret
  }

  private struct Mount {
    let kind: Kind
    /// What tells it apart from others of its kind.
    let name: String
    let path: ComparablePath
    /// Its index among those of its kind.
    let index: Int

    var isFile: Bool { kind != .volume }

    /// In words: "the volume `data`".
    var phrase: String { "the \(kind.rawValue) `\(name)`" }
  }

  static func check(_ service: Service, _ places: SpecPlaces, _ diagnostics: inout Diagnostics) {
    let hasFileSecrets = service.secrets.contains { $0.type == .file || $0.type == .tls }
    guard service.volumes.count + service.configFiles.count + (hasFileSecrets ? 1 : 0) > 1 else { return }
    guard mayClash(service) else { return }
    // In the order of their paths, what lies inside of a folder follows it directly.
    let mounts = mounts(of: service).sorted { $0.path < $1.path }
    var file: Mount?
    // A certificate and its key are two files of one secret: what is true of both is said once.
    var said: Set<[String]> = []
    for (index, mount) in mounts.enumerated() {
      if index > 0, mounts[index - 1].path == mount.path {
        report(
          "and \(mounts[index - 1].phrase) have one path", mount, mounts[index - 1], of: service, places,
          &diagnostics)
      } else if let file, mount.path.isInside(file.path), said.insert([mount.phrase, file.phrase]).inserted {
        report(
          "would lie inside of \(file.phrase), which is a file", mount, file, of: service, places,
          &diagnostics)
      }
      if mount.isFile, !(file.map { mount.path.isInside($0.path) || mount.path == $0.path } ?? false) {
        file = mount
      }
    }
  }

  /// Whether one path may be another or lie inside of it: a look at few plain paths, which nearly all services have.
  private static func mayClash(_ service: Service) -> Bool {
    var paths = service.volumes.map(\.mountPath)
    paths += service.configFiles.map(\.path)
    for secret in service.secrets { paths += secret.filePaths }
    guard paths.count <= 8, paths.allSatisfy(isPlain) else { return true }
    for (index, path) in paths.enumerated() {
      for other in paths[..<index] {
        let (short, long) = path.utf8.count < other.utf8.count ? (path, other) : (other, path)
        if long.utf8.starts(with: short.utf8) { return true }
      }
    }
    return false
  }

  /// Whether a path has no part that leads nowhere.
  private static func isPlain(_ path: String) -> Bool {
    var isAtStart = false
    for byte in path.utf8 {
      if isAtStart, byte == UInt8(ascii: "/") || byte == UInt8(ascii: ".") { return false }
      isAtStart = byte == UInt8(ascii: "/")
    }
    return !isAtStart
  }

  private static func report(
    _ problem: String, _ mount: Mount, _ other: Mount, of service: Service, _ places: SpecPlaces,
    _ diagnostics: inout Diagnostics
  ) {
    diagnostics.report(
      .mountPathClash, "\(mount.phrase) \(problem)", at: place(of: mount, of: service, places),
      help: "give it another path",
      related: RelatedLocation.list("\(other.phrase) is here", place(of: other, of: service, places)))
  }

  private static func place(
    of mount: Mount, of service: Service, _ places: SpecPlaces
  ) -> SourceLocation? {
    switch mount.kind {
    case .volume: places.place(of: service.volumes[mount.index], in: "volumes", of: service, "mountPath")
    case .configFile:
      places.place(of: service.configFiles[mount.index], in: "configFiles", of: service, "path")
    case .secret: places.place(of: service.secrets[mount.index], in: "secrets", of: service, "as")
    }
  }

  private static func mounts(of service: Service) -> [Mount] {
    var mounts: [Mount] = []
    func add(_ kind: Kind, _ index: Int, _ name: String, at path: String) {
      mounts.append(Mount(kind: kind, name: name, path: ComparablePath(path), index: index))
    }
    for (index, volume) in service.volumes.enumerated() where !volume.mountPath.isEmpty {
      add(.volume, index, volume.name, at: volume.mountPath)
    }
    for (index, file) in service.configFiles.enumerated() where !file.path.isEmpty {
      add(.configFile, index, file.name, at: file.path)
    }
    for (index, secret) in service.secrets.enumerated() {
      for path in secret.filePaths { add(.secret, index, secret.key, at: path) }
    }
    return mounts
  }
}
