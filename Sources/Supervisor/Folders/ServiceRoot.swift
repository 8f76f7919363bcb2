#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The root folder of a service, with what it must hold.
struct ServiceRoot {
  let folder: InstanceFolder
  let path: String
  /// Where volumes are mounted; `nil` where they are links.
  let mounts: MountNamespace?

  /// Makes it ready for a service to start in. No process of the service may run.
  ///
  /// - Parameters:
  ///   - isNew: whether it begins empty.
  ///   - mounted: the volumes that are mounted for what ran before.
  func prepare(
    for definition: ServiceDefinition, isNew: Bool, mounted: [VolumePlace]
  ) throws(SystemError) {
    let owner = definition.running.conditions.identity?.owner
    unmount(mounted)
    try recover((definition.former ?? definition.volumes) + (isNew ? [] : definition.volumes))
    if isNew { try Files.remove(path) }
    try Files.makeFolders(path)
    if let owner, owner.user != geteuid() { try open(for: owner, definition.volumes) }
    for obsolete in definition.obsolete { try ServiceFolder.remove(obsolete) }
    for volume in definition.volumes { try makePlace(of: volume, for: owner) }
    for item in definition.items { try ServiceFolder.make(item, for: owner) }
    if let folder = definition.workingPlace { try ServiceFolder.makeFolder(folder, for: owner) }
    try mount(for: definition)
  }

  /// Makes memory empty again that a process which has ended saw. Whatever is mounted within it is mounted again, too.
  func renewMemory(for definition: ServiceDefinition) throws(SystemError) {
    guard definition.volumes.contains(where: \.isMemory) else { return }
    unmount(definition.volumes)
    try mount(for: definition)
  }

  /// Deletes it, with everything in it but what took the place of a volume.
  func remove(_ volumes: [VolumePlace]) throws(SystemError) {
    unmount(volumes)
    try recover(volumes)
    try Files.remove(path)
  }

  private func unmount(_ volumes: [VolumePlace]) {
    for volume in volumes.reversed() { mounts?.unmount(FolderPlace(base: path, path: volume.path)) }
    // It is mounted on itself where it can't be written to.
    mounts?.unmount(FolderPlace(base: path, path: []))
  }

  private func recover(_ volumes: [VolumePlace]) throws(SystemError) {
    try VolumeRecovery(folder: folder, root: path).recover(volumes, areMounted: mounts != nil)
  }

  // MARK: Another user

  /// Lets a service that runs as another user reach its root and use it, and nothing beside it: the folders above can be
  /// passed through, and not be read.
  private func open(for owner: FileOwner, _ volumes: [VolumePlace]) throws(SystemError) {
    let home = folder.path.dropLastPart.dropLastPart
    var folders = [home, folder.path.dropLastPart, folder.path, folder.services, path.dropLastPart]
    for volume in volumes where volume.kind == .made {
      try ServiceFolder.giveEmpty(volume.location.folder, to: owner)
      guard mounts == nil else { continue }
      // A link leads there from outside.
      var above = volume.location.folder.dropLastPart
      while above.hasPrefix(home + "/") {
        folders.append(above)
        above = above.dropLastPart
      }
    }
    for folder in folders where chmod(folder, 0o711) != 0 { throw SystemError("open \(folder) for a user") }
    if chown(path, owner.user, owner.group) != 0 { throw SystemError("give \(path) to user \(owner.user)") }
  }

  // MARK: Volumes

  /// Makes what a volume is mounted on, or a link to it.
  private func makePlace(of volume: VolumePlace, for owner: FileOwner?) throws(SystemError) {
    guard mounts != nil else {
      if volume.isMemory { try Files.makeFolders(volume.location.folder) }
      return try ServiceFolder.link(volume.place, to: volume.location.folder, for: owner)
    }
    if volume.isFile {
      try ServiceFolder.makeMountPoint(volume.place, for: owner)
    } else {
      try ServiceFolder.makeFolder(volume.place, for: owner)
    }
  }

  private func mount(for definition: ServiceDefinition) throws(SystemError) {
    let owner = definition.running.conditions.identity?.owner
    guard let mounts else {
      guard !definition.running.conditions.readOnlyRoot, !definition.volumes.contains(where: \.isReadOnly)
      else {
        throw SystemError("make something read-only, for nothing can be mounted here", code: EPERM)
      }
      for volume in definition.volumes {
        guard case .memory(_, let mode) = volume.kind else { continue }
        try Files.empty(volume.location.folder)
        if let owner, chown(volume.location.folder, owner.user, owner.group) != 0 {
          throw SystemError("give \(volume.location.folder) to user \(owner.user)")
        }
        if chmod(volume.location.folder, mode_t(mode ?? Self.memoryMode)) != 0 {
          throw SystemError("open \(volume.location.folder)")
        }
      }
      return
    }
    if definition.running.conditions.readOnlyRoot {
      try mounts.mount(path, at: FolderPlace(base: path, path: []), isReadOnly: true)
    }
    for volume in definition.volumes {
      let place = FolderPlace(base: path, path: volume.path)
      guard case .memory(let size, let mode) = volume.kind else {
        try mounts.mount(
          volume.location.folder, at: place, isFile: volume.isFile, isReadOnly: volume.isReadOnly)
        continue
      }
      var options = ["mode=\(String(mode ?? Self.memoryMode, radix: 8))"]
      if let size { options.append("size=\(size)") }
      if let owner { options += ["uid=\(owner.user)", "gid=\(owner.group)"] }
      try mounts.mountMemory(options.joined(separator: ","), at: place)
    }
  }

  /// The permissions of memory of which nothing is said, as engines have it: for all, who delete only what is theirs.
  private static let memoryMode: UInt32 = 0o1777
}

extension VolumePlace {
  /// Whether it is a file of the machine.
  fileprivate var isFile: Bool {
    kind == .given && Files.exists(location.folder) && !Files.isFolder(location.folder)
  }
}
