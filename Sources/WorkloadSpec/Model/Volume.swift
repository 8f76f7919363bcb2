/// Storage that a service sees.
public struct Volume: SpecElement {
  /// The name; services of one workload that use one name see one volume.
  public var name = ""
  /// Where the service sees it.
  public var mountPath = ""
  /// How large it is.
  public var size: ByteQuantity?
  /// How long it lives.
  public var type = VolumeType.ephemeral
  /// How many instances of a deployment may write to it at a time, if it outlives them.
  public var access = VolumeAccess.one
  /// What it is on the engine's machine: of a bind its path, of an external one its name.
  public var source: String?
  /// Whether the source was a path relative to the file that has it. Not part of the spec: a snapshot has whole paths.
  @Uncompared public var isSourceRelative = false
  /// Whether the service can't write to it.
  @Flagged public var readOnly = false
  /// The part of it that the service sees.
  public var subPath: String?
  /// The permissions of one in memory.
  public var mode: String?
  /// What keeps it, of those that the engine makes.
  @Sparse public var driver: VolumeDriver
  /// What only one engine knows of it.
  public var on = EngineBlocks()

  /// A volume with nothing set.
  public init() {}

  /// Told apart by name.
  public static let identityFields = ["name"]
  /// Volumes of a service are told apart by name.
  public var identity: String { name }

  /// Whether it is there before and after the instances that see it.
  public var outlivesInstances: Bool { type.outlivesInstances }

  /// Whether one instance at a time may write to it, and this one may.
  public var isForOneWriter: Bool { outlivesInstances && access == .one && !readOnly }

  /// The statement of a volume's fields.
  public static let schema = ObjectSchema<Volume>(
    "volume", "Storage that a service sees.",
    synonyms: [
      "path": "mountPath", "target": "mountPath", "destination": "mountPath",
      "read_only": "readOnly", "ro": "readOnly", "host": "source", "hostPath": "source", "subpath": "subPath",
      "tmpfs": "mode",
    ],
    fields: [
      Field(
        "name", \.name, "the name; services of one workload that use one name see one volume", required: true,
        rules: [.dnsLabel]),
      Field("mountPath", \.mountPath, "where the service sees it", required: true, rules: [.absolutePath]),
      Field("size", \.size, "how large it is; it can grow, never shrink", impact: .inPlace),
      Field(
        "type", \.type,
        "what it is: kept with its instance (`ephemeral`) or until it is destroyed by name (`persistent`), a path of the "
          + "machine (`bind`), memory (`memory`), or a volume of the engine that berth did not make (`external`)"
      ),
      Field(
        "access", \.access,
        "how many instances of a deployment may write to one that outlives them; with `one`, a new instance starts only "
          + "when the old one has ended",
        compared: .never),
      Field(
        "source", \.source,
        "of a bind, the path on the machine, or one relative to this file on targets of this machine; of an external "
          + "volume, its name on the engine, if that is another",
        rules: [.notEmpty]),
      Field("readOnly", \.$readOnly, "whether the service can't write to it"),
      Field(
        "subPath", \.subPath, "the folder or file in it that the service sees, in place of all",
        rules: [.relativePath]),
      Field("mode", \.mode, "the permissions of one in memory, such as `1777`", rules: [.fileMode]),
      Field("driver", \.$driver, "what keeps it, if not the engine itself"),
      Field("on", \.on, at: .volume, "what only one engine knows of it, under the engine's name"),
    ])
}

/// What keeps a volume, of those that an engine has.
public struct VolumeDriver: SpecObject {
  /// The driver's name; `nil` for the engine's own.
  public var name: String?
  /// What the driver is told when the volume is made: each option as the driver's own documentation names it.
  public var options = StringMap()

  /// The engine's own.
  public init() {}

  /// The statement of its fields.
  public static let schema = ObjectSchema<VolumeDriver>(
    "driver", "What keeps a volume, of those that an engine has.",
    synonyms: ["driver": "name", "driver_opts": "options", "opts": "options"],
    shorthand: { "{name: \($0)}" },
    fields: [
      Field("name", \.name, "the driver's name; without it, the engine's own", rules: [.engineName]),
      Field("options", \.options, "the driver's options, such as those of a file system on another machine"),
    ])
}

/// What keeps a volume's data, and how long.
public enum VolumeType: String, SpecChoice {
  /// Until it is deleted on purpose: one for a deployment, one per instance of a stateful set.
  case persistent
  /// As long as its instance.
  case ephemeral
  /// A path of the machine, which berth neither makes nor deletes.
  case bind
  /// Memory, for as long as the service runs.
  case memory
  /// A volume of the engine that berth neither makes nor deletes.
  case external

  /// Whether what it holds is there before and after the instances that see it.
  public var outlivesInstances: Bool {
    switch self {
    case .persistent, .bind, .external: true
    case .ephemeral, .memory: false
    }
  }

  /// Whether berth makes it, and finds it by its name.
  public var isMade: Bool {
    switch self {
    case .persistent, .ephemeral: true
    case .bind, .memory, .external: false
    }
  }
}

/// How many instances of a deployment may write to a volume at a time that outlives them.
public enum VolumeAccess: String, SpecChoice {
  /// One: there is one instance, and a new one starts only when the old one has ended.
  case one
  /// Any number: its services are made to share it.
  case many
}
