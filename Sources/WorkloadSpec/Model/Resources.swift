/// What a service may use. What is not set has no limit.
public struct Resources: SpecObject {
  /// Processor time.
  public var cpu: CPUQuantity?
  /// Memory.
  public var memory: ByteQuantity?
  /// Storage for what it writes outside of volumes.
  public var disk: ByteQuantity?
  /// How many graphics processors it has to itself.
  public var gpu: Int?

  /// No limits.
  public init() {}

  /// Whether nothing is set.
  public var isUnset: Bool { self == Resources() }

  /// The statement of the fields of resources.
  public static let schema = ObjectSchema<Resources>(
    "resources", plural: "resources", "What a service may use.",
    synonyms: ["mem": "memory", "cpus": "cpu", "storage": "disk", "gpus": "gpu"],
    fields: [
      Field("cpu", \.cpu, "processor time, in cores or thousandths of a core"),
      Field("memory", \.memory, "memory"),
      Field("disk", \.disk, "storage for what it writes outside of volumes"),
      Field(
        "gpu", \.gpu, "how many graphics processors it has to itself", impact: .replace,
        rules: [.range(1...64)]),
    ])
}
