import DockerAPI
import WorkloadSpec

extension ContainerFields {
  /// How a container mounts a volume.
  ///
  /// - Parameter name: the engine's volume, of one that berth makes.
  static func mount(_ volume: WorkloadSpec.Volume, of name: String?) -> MountSpec {
    var mount = MountSpec(target: fill(volume.mountPath), readOnly: volume.readOnly ? true : nil)
    switch volume.type {
    case .persistent, .ephemeral, .external:
      mount.source = name ?? volume.source ?? volume.name
      mount.volumeOptions = volume.subPath.map { MountSpec.VolumeOptions(subpath: $0) }
    case .bind:
      mount.type = "bind"
      mount.source = bindSource(of: volume)
    case .memory:
      mount.type = "tmpfs"
      mount.memoryOptions = MountSpec.MemoryOptions(
        size: volume.size?.bytes, mode: volume.mode.flatMap { UInt32($0, radix: 8) })
    }
    return mount
  }

  /// The path of the machine that a bind mounts.
  static func bindSource(of volume: WorkloadSpec.Volume) -> String? {
    volume.source.map { source in
      volume.subPath.map { (source.hasSuffix("/") ? source : source + "/") + $0 } ?? source
    }
  }

  /// The volume that lives where a container mounts something that berth did not make.
  ///
  /// - Parameter stated: what its stamp has at that path; without it, nothing is known of the mount.
  static func volume(at mount: MountSpec, stated: WorkloadSpec.Volume?) -> WorkloadSpec.Volume? {
    guard var live = stated else { return nil }
    live.readOnly = mount.readOnly ?? false
    switch mount.type {
    case "bind":
      if live.type != .bind || bindSource(of: live) != mount.source {
        (live.source, live.subPath) = (mount.source, nil)
      }
      live.type = .bind
    case "tmpfs":
      live.type = .memory
      (live.source, live.subPath) = (nil, nil)
      let options = mount.memoryOptions
      live.size = options?.size.flatMap { $0 > 0 ? ByteQuantity(bytes: $0) : nil }
      if live.mode.flatMap({ UInt32($0, radix: 8) }) != options?.mode {
        live.mode = options?.mode.flatMap { $0 > 0 ? String($0, radix: 8) : nil }
      }
    default:
      if live.type != .external || (live.source ?? live.name) != mount.source {
        (live.type, live.source) = (.external, mount.source)
      }
      live.subPath = mount.volumeOptions?.subpath
    }
    return live
  }
}
