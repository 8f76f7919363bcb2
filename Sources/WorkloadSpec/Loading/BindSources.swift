import UserFiles

/// Makes whole paths of the sources of binds that are relative to the file that has them: a snapshot lies in no folder.
enum BindSources {
  static func resolve(_ workload: inout Workload, _ places: SpecPlaces) {
    for service in workload.services.indices {
      for index in workload.services[service].volumes.indices {
        let volume = workload.services[service].volumes[index]
        guard volume.type == .bind, let source = volume.source, isRelative(source) else { continue }
        let place = places.place(of: volume, in: "volumes", of: workload.services[service], "source")
        let folder = RealPath.folder(of: place?.file.name ?? "")
        let base = folder.hasPrefix("/") ? folder : RealPath.workingFolder + "/" + folder
        workload.services[service].volumes[index].source = plain(base + "/" + source)
        workload.services[service].volumes[index].isSourceRelative = true
      }
    }
  }

  /// Whether a source begins as a relative path does. A plain name could be meant as that of a volume.
  private static func isRelative(_ source: String) -> Bool {
    source == "." || source == ".." || source.hasPrefix("./") || source.hasPrefix("../")
  }

  /// A whole path without `.` and `..`. Links on it are the machine's own affair, and stay.
  private static func plain(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return "/" + parts.joined(separator: "/")
  }
}
