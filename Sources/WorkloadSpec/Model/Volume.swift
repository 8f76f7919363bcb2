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
  /// How many instances of a deployment may write to it at a time, if it is a persistent one.
  public var access = VolumeAccess.one
  /// What only one engine knows of it.
  public var on = EngineBlocks()

  /// A volume with nothing set.
  public init() {}

  /// Told apart by name.
  public static let identityFields = ["name"]
  /// The name.
  public var identity: String { name }

  /// The statement of a volume's fields.
  public static let schema = ObjectSchema<Volume>(
    "volume", "Storage that a service sees.",
    synonyms: ["path": "mountPath", "target": "mountPath", "destination": "mountPath", "source": "name"],
    fields: [
      Field(
        "name", \.name, "the name; services of one workload that use one name see one volume", required: true,
        rules: [.dnsLabel]),
      Field("mountPath", \.mountPath, "where the service sees it", required: true, rules: [.absolutePath]),
      Field("size", \.size, "how large it is; it can grow, never shrink", impact: .inPlace),
      Field("type", \.type, "how long it lives: with its instance, or until it is destroyed by name"),
      Field(
        "access", \.access,
        "how many instances of a deployment may write to a persistent one; with `one`, a new instance starts only "
          + "when the old one has ended",
        compared: .never),
      Field("on", \.on, at: .volume, "what only one engine knows of it, under the engine's name"),
    ])
}

/// How long a volume lives.
public enum VolumeType: String, SpecChoice {
  /// Until it is deleted on purpose: one for a deployment, one per instance of a stateful set.
  case persistent
  /// As long as its instance.
  case ephemeral
}

/// How many instances of a deployment may write to a persistent volume at a time.
public enum VolumeAccess: String, SpecChoice {
  /// One: there is one instance, and a new one starts only when the old one has ended.
  case one
  /// Any number: its services are made to share it.
  case many
}
