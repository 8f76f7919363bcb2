import CProcess

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Moves away what took the place of a volume, so that it is neither lost with the service's root nor merged with
/// what the volume holds. No process of the service may run meanwhile.
package struct VolumeRecovery {
  /// How many times something can be moved away until old things must be looked through.
  private static let limit = 10_000

  let folder: InstanceFolder
  /// The service's root.
  let root: String

  /// What recovers the volumes of a service.
  package init(folder: InstanceFolder, root: String) {
    self.folder = folder
    self.root = root
  }

  /// Moves away what is there in place of volumes, if there is anything that could be missed.
  ///
  /// - Parameter areMounted: whether they are mounted. What another volume holds is then covered by one that is mounted
  ///   within it, and stays.
  package func recover(_ volumes: [VolumePlace], areMounted: Bool) throws(SystemError) {
    for volume in volumes where !areMounted || volume.place.base == root { try recover(volume) }
  }

  private func recover(_ volume: VolumePlace) throws(SystemError) {
    var path = volume.place.base
    for name in volume.place.path.dropLast() {
      path += "/" + name
      switch Files.kind(path) {
      case nil: return
      case S_IFDIR: continue
      default: return try recover(behind: path, volume)
      }
    }
    guard let name = volume.place.path.last else { return }
    path += "/" + name
    switch Files.kind(path) {
    case nil: return
    case S_IFDIR:
      // On an empty one a volume was mounted, as on an empty file, or it holds nothing to be missed.
      if try !Files.names(in: path).isEmpty { try move(path, volume) }
    case S_IFREG where Files.isEmpty(path): return
    case S_IFLNK: if !leadsToVolume(path, volume) { try recover(behind: path, volume) }
    default: try move(path, volume)
    }
  }

  /// Whether a link is one that berth made: to this volume, or to the one of another instance.
  private func leadsToVolume(_ path: String, _ volume: VolumePlace) -> Bool {
    guard let target = Files.linkTarget(path) else { return false }
    return target == volume.location.folder || folder.isVolume(target)
  }

  /// Moves what a service wrote behind a link of its own, if it lies where it would be lost, and the link or file that
  /// is in the way of the volume.
  private func recover(behind obstacle: String, _ volume: VolumePlace) throws(SystemError) {
    let seen = ([volume.place.base] + volume.place.path).joined(separator: "/")
    guard let real = Files.real(seen), real != Files.real(volume.location.folder), isLost(real, with: volume)
    else { return try move(obstacle, volume) }
    try move(real, volume)
    // The link itself says nothing any more.
    if Files.kind(obstacle) == S_IFLNK { try Files.remove(obstacle) }
  }

  /// Whether something lies below the root, or below the volume that this one is seen in.
  private func isLost(_ path: String, with volume: VolumePlace) -> Bool {
    [root, volume.place.base].contains { top in
      Files.real(top).map { path.hasPrefix($0 + "/") } ?? false
    }
  }

  private func move(_ path: String, _ volume: VolumePlace) throws(SystemError) {
    let recovery = volume.location.recovery
    if try rename(path, to: recovery) { return }
    // The volume is on another file system; what took its place stays on that of the instance.
    if try rename(path, to: folder.recovered + "/" + recovery.lastPart) { return }
    throw SystemError("move \(path) to \(recovery)", code: EXDEV)
  }

  /// Renames something to the first number that is free.
  ///
  /// - Returns: whether it could be: not to another file system.
  private func rename(_ path: String, to start: String) throws(SystemError) -> Bool {
    try Files.makeFolders(start.dropLastPart)
    for number in 1..<Self.limit {
      switch berth_rename_new(path, "\(start)-\(number)") {
      case 0: return true
      case EEXIST, ENOTEMPTY: continue
      case EXDEV: return false
      case let code: throw SystemError("move \(path) to \(start)-\(number)", code: code)
      }
    }
    throw SystemError("move \(path) to \(start)", code: EEXIST)
  }

  // MARK: Finding

  /// What was moved away from the place of a volume, by path.
  package static func found(_ location: VolumeLocation, of folder: InstanceFolder) -> [String] {
    [location.recovery.dropLastPart, folder.recovered].flatMap { parent in
      let names = try? Files.names(in: parent, startingWith: location.recovery.lastPart + "-")
      return (names ?? []).map { "\(parent)/\($0)" }
    }
  }
}
