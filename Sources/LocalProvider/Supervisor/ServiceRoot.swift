/// The root folder of a service, with what it must hold.
struct ServiceRoot {
  /// The folder of the instance.
  let folder: InstanceFolder
  /// The root.
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
    unmount(mounted)
    try recover((definition.former ?? definition.volumes) + (isNew ? [] : definition.volumes))
    if isNew { try Files.remove(path) }
    try Files.makeFolders(path)
    for obsolete in definition.obsolete { try ServiceFolder.remove(obsolete) }
    for volume in definition.volumes { try put(volume) }
    for item in definition.items { try ServiceFolder.make(item) }
  }

  /// Deletes it, with everything in it but what took the place of a volume.
  func remove(_ volumes: [VolumePlace]) throws(SystemError) {
    unmount(volumes)
    try recover(volumes)
    try Files.remove(path)
  }

  private func unmount(_ volumes: [VolumePlace]) {
    for volume in volumes.reversed() { mounts?.unmount(FolderPlace(base: path, path: volume.path)) }
  }

  private func recover(_ volumes: [VolumePlace]) throws(SystemError) {
    try VolumeRecovery(folder: folder, root: path).recover(volumes, areMounted: mounts != nil)
  }

  private func put(_ volume: VolumePlace) throws(SystemError) {
    guard let mounts else { return try ServiceFolder.link(volume.place, to: volume.location.folder) }
    try ServiceFolder.makeFolder(volume.place)
    try mounts.mount(volume.location.folder, at: FolderPlace(base: path, path: volume.path))
  }
}
