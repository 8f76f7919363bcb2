/// Nothing hides what a service is given.
enum MountPathRule {
  private struct Mount {
    /// What is mounted.
    let kind: StaticString
    /// What tells it apart from others of its kind.
    let name: String
    let path: ComparablePath
    let isFile: Bool
    let place: () -> SourceLocation?

    /// In words: "the volume `data`".
    var phrase: String { "the \(kind) `\(name)`" }
  }

  static func check(_ service: Service, _ places: SpecPlaces, _ diagnostics: inout Diagnostics) {
    let hasFileSecrets = service.secrets.contains { $0.type == .file || $0.type == .tls }
    guard service.volumes.count + service.configFiles.count + (hasFileSecrets ? 1 : 0) > 1 else { return }
    // In the order of their paths, what lies inside of a folder follows it directly.
    let mounts = mounts(of: service, places).sorted { $0.path < $1.path }
    var file: Mount?
    // A certificate and its key are two files of one secret: what is true of both is said once.
    var said: Set<[String]> = []
    for (index, mount) in mounts.enumerated() {
      if index > 0, mounts[index - 1].path == mount.path {
        report("and \(mounts[index - 1].phrase) have one path", mount, mounts[index - 1], &diagnostics)
      } else if let file, mount.path.isInside(file.path), said.insert([mount.phrase, file.phrase]).inserted {
        report("would lie inside of \(file.phrase), which is a file", mount, file, &diagnostics)
      }
      if mount.isFile, !(file.map { mount.path.isInside($0.path) || mount.path == $0.path } ?? false) {
        file = mount
      }
    }
  }

  private static func report(
    _ problem: String, _ mount: Mount, _ other: Mount, _ diagnostics: inout Diagnostics
  ) {
    diagnostics.report(
      .mountPathClash, "\(mount.phrase) \(problem)", at: mount.place(), help: "give it another path",
      related: RelatedLocation.list("\(other.phrase) is here", other.place()))
  }

  private static func mounts(of service: Service, _ places: SpecPlaces) -> [Mount] {
    var mounts: [Mount] = []
    for volume in service.volumes where !volume.mountPath.isEmpty {
      mounts.append(
        Mount(kind: "volume", name: volume.name, path: ComparablePath(volume.mountPath), isFile: false) {
          places.place(of: volume, in: "volumes", of: service, "mountPath")
        })
    }
    for file in service.configFiles where !file.path.isEmpty {
      mounts.append(
        Mount(kind: "config file", name: file.name, path: ComparablePath(file.path), isFile: true) {
          places.place(of: file, in: "configFiles", of: service, "path")
        })
    }
    for secret in service.secrets {
      for path in secret.filePaths {
        mounts.append(
          Mount(kind: "secret", name: secret.key, path: ComparablePath(path), isFile: true) {
            places.place(of: secret, in: "secrets", of: service, "as")
          })
      }
    }
    return mounts
  }
}
