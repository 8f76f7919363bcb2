import DockerAPI
import Planning
import ProviderKit
import WorkloadSpec

extension ContainerTable {
  // MARK: Storage

  static func storage(_ facts: EngineFacts) -> [ContainerRow] {
    [
      .enforced(
        "volumes.name", "`Mounts`, by the name of the engine's volume",
        write: { $1.host.mounts = $0.mounts ?? $0.builder.mounts(of: $0.service) },
        read: { $1.volumes = $0.volumes }),
      .enforced("volumes.mountPath", "`Target` of the mount", read: { _, _ in }),
      .enforced(
        "volumes.type",
        "`Type` of the mount: `volume`, `bind` or `tmpfs`; of a volume that berth makes, part of its name",
        read: { _, _ in }),
      .enforced("volumes.source", "`Source` of the mount", read: { _, _ in }),
      .enforced("volumes.readOnly", "`ReadOnly` of the mount", read: { _, _ in }),
      subPath(facts),
      .enforced("volumes.mode", "`Mode` of a mount in memory", read: { _, _ in }),
      .stamped("volumes.driver.name", "`Driver` of the engine's volume when it is made") { _, _ in },
      .stamped("volumes.driver.options", "`DriverOpts` of the engine's volume when it is made") { _, _ in },
      .untold(
        "volumes.size", "`SizeBytes` of one in memory; of others, a label of the volume",
        because: "Docker does not limit the size of volumes",
        unless: .init("type", .string(VolumeType.memory.rawValue))
      ) { reading, service in
        for index in service.volumes.indices where service.volumes[index].type != .memory {
          service.volumes[index].size = reading.stated(service.volumes[index])?.size
        }
      },
      .untold("volumes.access", "berth lets one instance after the other write") { reading, service in
        for index in service.volumes.indices {
          service.volumes[index].access = reading.stated(service.volumes[index])?.access ?? .one
        }
      },
    ]
  }

  private static func subPath(_ facts: EngineFacts) -> ContainerRow {
    let words = "`Subpath` of the mount; of a bind, part of its `Source`"
    guard facts.obstacles["volumes.subPath"] == nil else {
      return ContainerRow(
        field: FieldRow(
          "services.volumes.subPath", .refused(.providerRefuses),
          unless: .init("type", .string(VolumeType.bind.rawValue)), cost: .replace,
          "this engine mounts volumes as a whole; Docker 26 can mount a part of one"),
        write: nil, read: { _, _ in }, update: nil)
    }
    return .enforced("volumes.subPath", words, read: { _, _ in })
  }
}
