import WorkloadSpec

/// What only Nomad knows of a volume.
public struct NomadVolume: EngineObject {
  /// What keeps a persistent or an external one.
  public var kind = NomadVolumeKind.host
  /// The name that a persistent one has on the cluster.
  public var source: String?
  /// Who may mount it.
  public var accessMode: NomadAccessMode?
  /// How it is attached.
  public var attachmentMode: NomadAttachmentMode?
  /// The file system of a volume of CSI.
  public var fsType: String?
  /// How that is mounted.
  public var mountFlags: [String] = []
  /// How mounts below it are shared with the node.
  public var propagation: NomadPropagation?

  public init() {}

  /// The key that the block has under `on`: `nomad`.
  public static let engine = NomadFields.engine
  /// The block stands under `on` of a volume.
  public static let place = EnginePlace.volume
  /// The statement of its fields.
  public static let schema = ObjectSchema<NomadVolume>(
    "nomad volume", "What only Nomad knows of a volume.",
    synonyms: [
      "type": "kind", "access_mode": "accessMode", "attachment_mode": "attachmentMode", "fs_type": "fsType",
      "mount_flags": "mountFlags", "propagation_mode": "propagation",
    ],
    fields: [
      Field(
        "kind", \.kind,
        "what keeps a persistent or an external one: a volume of the node (`host`), or of a plugin (`csi`)",
        impact: .replace),
      Field(
        "source", \.source,
        "the name that a persistent one has on the cluster; without it, `WORKLOAD_NAME`. Each instance of a stateful set has one of its own, with `[0]`, `[1]` and so on behind it",
        impact: .replace, rules: [.notEmpty]),
      Field(
        "accessMode", \.accessMode,
        "who may mount it; without it, one writer or many, as `access` says, of a volume of CSI",
        impact: .replace),
      Field(
        "attachmentMode", \.attachmentMode,
        "how it is attached; without it, as a file system, of a volume of CSI", impact: .replace),
      Field("fsType", \.fsType, "the file system of a volume of CSI", impact: .replace, rules: [.notEmpty]),
      Field("mountFlags", \.mountFlags, "how a volume of CSI is mounted", impact: .replace),
      Field("propagation", \.propagation, "how mounts below it are shared with the node", impact: .replace),
    ])
}

/// What keeps a volume.
public enum NomadVolumeKind: String, SpecChoice {
  /// A node, whose configuration names it, or that made it.
  case host
  /// A plugin of the container storage interface.
  case csi
}

/// Who may mount a volume.
public enum NomadAccessMode: String, SpecChoice {
  /// One node, to read.
  case singleNodeReader = "single-node-reader-only"
  /// One node.
  case singleNodeWriter = "single-node-writer"
  /// Any nodes, to read.
  case multiNodeReader = "multi-node-reader-only"
  /// Any nodes, one of which may write.
  case multiNodeSingleWriter = "multi-node-single-writer"
  /// Any nodes.
  case multiNodeMultiWriter = "multi-node-multi-writer"
}

/// How a volume is attached.
public enum NomadAttachmentMode: String, SpecChoice {
  /// As a file system.
  case fileSystem = "file-system"
  /// As a device.
  case blockDevice = "block-device"
}

/// How mounts below a volume are shared with the node.
public enum NomadPropagation: String, SpecChoice {
  /// Not at all.
  case `private`
  /// Those of the node are seen.
  case fromNode = "host-to-task"
  /// In both directions.
  case bidirectional
}
