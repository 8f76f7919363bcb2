/// Nothing hides what a service is given.
enum MountPathRule {
  private struct Mount {
    /// In words: "the volume `data`".
    let name: String
    let parts: [Substring]
    let isFile: Bool
    let place: () -> SourceLocation?
  }

  static func check(_ service: Service, _ places: SpecPlaces, _ diagnostics: inout Diagnostics) {
    let filesFromSecrets = service.secrets.contains { $0.type == .file || $0.type == .tls }
    guard service.volumes.count + service.configFiles.count + (filesFromSecrets ? 1 : 0) > 1 else { return }
    // In the order of their paths, what lies inside of a folder follows it directly.
    let mounts = mounts(of: service, places).sorted { $0.parts.lexicographicallyPrecedes($1.parts) }
    var file: Mount?
    for (index, mount) in mounts.enumerated() {
      if index > 0, mounts[index - 1].parts == mount.parts {
        report("and \(mounts[index - 1].name) have one path", mount, mounts[index - 1], &diagnostics)
      } else if let file, mount.parts.starts(with: file.parts) {
        report("would lie inside of \(file.name), which is a file", mount, file, &diagnostics)
      }
      if mount.isFile, !(file.map { mount.parts.starts(with: $0.parts) } ?? false) { file = mount }
    }
  }

  private static func report(
    _ problem: String, _ mount: Mount, _ other: Mount, _ diagnostics: inout Diagnostics
  ) {
    diagnostics.report(
      .mountPathClash, "\(mount.name) \(problem)", at: mount.place(), help: "give it another path",
      related: RelatedLocation.list("\(other.name) is here", other.place()))
  }

  private static func mounts(of service: Service, _ places: SpecPlaces) -> [Mount] {
    var mounts: [Mount] = []
    for volume in service.volumes where !volume.mountPath.isEmpty {
      mounts.append(
        Mount(name: "the volume `\(volume.name)`", parts: parts(volume.mountPath), isFile: false) {
          places.place(of: volume, in: "volumes", of: service, "mountPath")
        })
    }
    for file in service.configFiles where !file.path.isEmpty {
      mounts.append(
        Mount(name: "the config file `\(file.name)`", parts: parts(file.path), isFile: true) {
          places.place(of: file, in: "configFiles", of: service, "path")
        })
    }
    for secret in service.secrets where secret.type == .file || secret.type == .tls {
      mounts.append(
        Mount(name: "the secret `\(secret.key)`", parts: parts(secret.as), isFile: secret.type == .file) {
          places.place(of: secret, in: "secrets", of: service, "as")
        })
    }
    return mounts
  }

  private static func parts(_ path: String) -> [Substring] {
    path.split(separator: "/").filter { $0 != "." }
  }
}
