import WorkloadSpec

/// What only Kubernetes knows of a volume.
public struct KubernetesVolume: EngineObject {
  /// The class of storage that its claim names.
  public var storageClass: String?
  /// Who may mount it, by its claim.
  public var accessMode: AccessMode?
  /// What must be at the path of a bind.
  public var hostPathType: HostPathType?
  /// How mounts below a bind are shared with the node.
  public var propagation: Propagation?

  public init() {}

  /// The key that the block has under `on`: `kubernetes`.
  public static let engine = KubernetesFields.engine
  /// The block stands under `on` of a volume.
  public static let place = EnginePlace.volume
  /// The statement of its fields.
  public static let schema = ObjectSchema<KubernetesVolume>(
    "kubernetes volume", "What only Kubernetes knows of a volume.",
    synonyms: [
      "storageClassName": "storageClass", "class": "storageClass", "accessModes": "accessMode",
      "mountPropagation": "propagation",
    ],
    fields: [
      Field(
        "storageClass", \.storageClass,
        "the class of storage of a persistent one when it is made; without it, that of the target, or the cluster's own",
        impact: .inPlace, rules: [.domain]),
      Field(
        "accessMode", \.accessMode,
        "who may mount a persistent one when it is made; without it, as `access` says", impact: .inPlace),
      Field("hostPathType", \.hostPathType, "what must be at the path of a bind", impact: .replace),
      Field(
        "propagation", \.propagation, "how mounts below it are shared with the node", impact: .replace),
    ])
}

/// Who may mount a volume.
public enum AccessMode: String, SpecChoice {
  /// The pods of one node.
  case readWriteOnce = "ReadWriteOnce"
  /// One pod of the whole cluster.
  case readWriteOncePod = "ReadWriteOncePod"
  /// Pods of any number of nodes, none of which may write.
  case readOnlyMany = "ReadOnlyMany"
  /// Pods of any number of nodes, all of which may write.
  case readWriteMany = "ReadWriteMany"
}

/// What must be at a path of a node.
public enum HostPathType: String, SpecChoice {
  /// A folder that is there already.
  case folder = "Directory"
  /// A folder, which is made if need be.
  case folderOrCreate = "DirectoryOrCreate"
  /// A file that is there already.
  case file = "File"
  /// A file, which is made if need be.
  case fileOrCreate = "FileOrCreate"
  /// A Unix socket that is there already.
  case socket = "Socket"
  /// A character device of the node, such as `/dev/ttyUSB0`.
  case characterDevice = "CharDevice"
  /// A block device of the node, such as `/dev/sda`.
  case blockDevice = "BlockDevice"
}

/// How mounts below a volume are shared with the node.
public enum Propagation: String, SpecChoice {
  /// Not at all.
  case none = "None"
  /// Those of the node are seen.
  case fromNode = "HostToContainer"
  /// In both directions.
  case bidirectional = "Bidirectional"
}
