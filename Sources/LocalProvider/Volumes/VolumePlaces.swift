import Planning
import Supervisor
import WorkloadSpec

/// The volumes of a service, and where what it sees is from outside.
struct VolumePlaces: Equatable {
  /// The service's root.
  let root: String
  /// The volumes, the outer ones before those within them.
  private(set) var all: [VolumePlace] = []

  /// The volumes of a service. One whose path is none below a root is left out.
  ///
  /// - Parameter location: where a volume is.
  init(of service: Service, under root: String, at location: (Volume) -> VolumeLocation) {
    self.root = root
    let volumes = service.volumes.compactMap { volume in Self.parts(volume.mountPath).map { (volume, $0) } }
    for (volume, path) in volumes.sorted(by: { $0.1.count < $1.1.count }) {
      all.append(
        VolumePlace(
          name: volume.name, path: path, place: place(of: path), location: location(volume),
          kind: VolumePlace.Kind(volume), isReadOnly: volume.readOnly))
    }
  }

  /// Where a path that the service sees is; `nil` if it is none below a root.
  func place(of path: String) -> FolderPlace? { Self.parts(path).map { place(of: $0) } }

  /// Where a service finds files and sees volumes.
  func filePlaces(of service: Service) -> [FolderPlace] {
    let paths = service.configFiles.map(\.path) + service.secrets.flatMap(\.filePaths)
    return all.map(\.place) + paths.compactMap { place(of: $0) }
  }

  /// The innermost volume that a path is in, and is not the place of.
  func volume(around path: String) -> VolumePlace? {
    guard let parts = Self.parts(path) else { return nil }
    return all.last { $0.path.count < parts.count && parts.starts(with: $0.path) }
  }

  /// Under the root, or within the innermost volume around it.
  private func place(of path: [String]) -> FolderPlace {
    let around = all.last { $0.path.count < path.count && path.starts(with: $0.path) }
    guard let around else { return FolderPlace(base: root, path: path) }
    return FolderPlace(base: around.location.folder, path: Array(path.dropFirst(around.path.count)))
  }

  /// The way down from the root to a path.
  func parts(_ path: String) -> [String]? { Self.parts(path) }

  private static func parts(_ path: String) -> [String]? {
    let parts = path.split(separator: "/").map(String.init).filter { $0 != "." }
    return parts.isEmpty || parts.contains("..") ? nil : parts
  }
}

extension VolumePlace.Kind {
  /// What a volume of the spec is.
  init(_ volume: Volume) {
    switch volume.type {
    case .persistent, .ephemeral, .external: self = .made
    case .bind: self = .given
    case .memory:
      self = .memory(size: volume.size?.bytes, mode: volume.mode.flatMap { UInt32($0, radix: 8) })
    }
  }
}

extension Layout {
  /// Where a volume of an instance is.
  ///
  /// - Parameters:
  ///   - service: the service that sees it: memory is its own.
  ///   - ordinal: that of the instance, if persistent volumes are its own.
  func location(
    of volume: Volume, seenBy service: String, ordinal: Int?, in folder: InstanceFolder, of key: WorkloadKey
  ) -> VolumeLocation {
    switch volume.type {
    case .bind:
      let path = volume.source ?? folder.volume(volume.name)
      return VolumeLocation(folder: path, recovery: folder.volume(volume.name) + ".recovered")
    case .memory:
      let path = folder.volume("\(service)_\(volume.name)")
      return VolumeLocation(folder: path, recovery: path + ".recovered")
    case .ephemeral, .external:
      let path = folder.volume(volume.name)
      return VolumeLocation(folder: path, recovery: path + ".recovered")
    case .persistent:
      let volume = self.volume(volume.name, ordinal: ordinal, of: key)
      return VolumeLocation(folder: volume.data, recovery: volume.path + ".recovered")
    }
  }

  /// The volumes of a service as it will be.
  func volumePlaces(
    of service: Service, in workload: Workload, _ id: InstanceID, of key: WorkloadKey
  ) -> VolumePlaces {
    let folder = instance(id, of: key)
    let ordinal = workload.kind.hasStableInstances ? id.ordinal : nil
    return VolumePlaces(of: service, under: folder.root(of: service.name)) {
      location(of: $0, seenBy: service.name, ordinal: ordinal, in: folder, of: key)
    }
  }

  /// Where the services of an instance are to find files and see volumes.
  func filePlaces(of workload: Workload, _ id: InstanceID, of key: WorkloadKey) -> [FolderPlace] {
    workload.services.flatMap { volumePlaces(of: $0, in: workload, id, of: key).filePlaces(of: $0) }
  }

  /// The volumes of a service where they were put when it was made, even if its spec would put them elsewhere now.
  func volumePlaces(
    of record: ServiceRecord, made spec: Service, in instance: InstanceRecord
  ) -> VolumePlaces {
    let folder = self.instance(instance.id, of: instance.key)
    let root = folder.root(of: record.name)
    return VolumePlaces(of: spec, under: root) { volume in
      if let known = record.volumes.first(where: { $0.name == volume.name }) { return known.location }
      // An older berth wrote down neither where it is nor the kind of the workload: its link tells, or what is there.
      let candidates = [nil, instance.id.ordinal].map {
        location(of: volume, seenBy: record.name, ordinal: $0, in: folder, of: instance.key)
      }
      let target = Files.linkTarget(root + "/" + volume.mountPath)
      return candidates.first { $0.folder == target } ?? candidates.first { Files.isFolder($0.folder) }
        ?? candidates[0]
    }
  }
}
