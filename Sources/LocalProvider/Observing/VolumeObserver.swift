import Planning
import Supervisor
import WorkloadSpec

/// Looks at persistent volumes.
struct VolumeObserver {
  let layout: Layout

  /// The persistent volumes of a workload, ordered by the names of their folders.
  func volumes(of key: WorkloadKey) throws -> [ObservedVolume] {
    try Files.names(in: layout.volumes, startingWith: layout.prefix(of: key)).compactMap { name in
      guard let (volume, ordinal) = layout.volumeName(name, of: key) else { return nil }
      let record = try VolumeRecord.read(layout.volume(volume, ordinal: ordinal, of: key))
      return ObservedVolume(name: volume, ordinal: ordinal, type: .persistent, size: record?.size)
    }
  }
}
