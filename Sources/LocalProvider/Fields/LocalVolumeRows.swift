import ProviderKit
import WorkloadSpec

/// The rows of volumes.
extension LocalFields {
  /// The rows on a machine.
  static func volumes(_ facts: EngineFacts) -> [LocalRow] {
    [
      .stamped("volumes.name", .replace, "a folder of the target") { $1.volumes = $0.stamped.volumes },
      .stamped(
        "volumes.mountPath", .replace,
        "where the folder is mounted, or linked to; that it is not seen there is drift"),
      .stamped(
        "volumes.type", .replace,
        "whether the folder is the instance's own, a path of the machine, or memory; `external` is refused (E0608)"
      ),
      .recorded(
        "volumes.size", because: "local processes write to the disk of the machine",
        unless: facts.obstacles["volumes.size"] == nil ? .init("type", "memory") : nil,
        "nothing; of memory, how much it holds"),
      .byBerth("volumes.access", "berth lets one instance after the other write"),
      .stamped("volumes.source", .replace, "the path that is mounted, or linked to"),
      facts.obstacles["volumes.readOnly"].map { .recorded("volumes.readOnly", because: $0) }
        ?? .stamped("volumes.readOnly", .replace, "the volume is mounted read-only"),
      .refused(
        "volumes.subPath", .providerRefuses,
        because:
          "a service sees a volume as a whole: a bind of the path itself, or a path below `mountPath`, does the same"
      ),
      .stamped("volumes.mode", .replace, "the permissions of memory; without it, 1777"),
      .refused("volumes.driver.name", .providerRefuses, because: "a volume is a folder of the machine"),
      .refused("volumes.driver.options", .providerRefuses, because: "a volume is a folder of the machine"),
    ]
  }
}
