import Supervisor

/// Finds out what was moved away from the places of a service's volumes while something was done, for people to be
/// told.
struct RecoveryReport {
  private let volumes: [(name: String, location: VolumeLocation)]
  private let before: Set<String>
  private let folder: InstanceFolder

  /// Remembers what there is before.
  ///
  /// - Parameter volumes: the names of the service's volumes, and where they are.
  init(of volumes: [(name: String, location: VolumeLocation)], in folder: InstanceFolder) {
    self.volumes = volumes
    self.folder = folder
    before = Set(volumes.flatMap { VolumeRecovery.found($0.location, of: folder) })
  }

  /// What came since, each in a sentence.
  func sentences() -> [String] {
    var told = before
    return volumes.flatMap { volume in
      VolumeRecovery.found(volume.location, of: folder).filter { told.insert($0).inserted }.map {
        "the data in the place of volume `\(volume.name)` was moved to \($0)"
      }
    }
  }
}
