import WorkloadSpec

/// What only Nomad knows of a port.
public struct NomadPort: EngineObject {
  /// The network of the node's configuration in which the port is.
  public var hostNetwork: String?
  /// The tags by which others find what listens on it.
  public var tags: StringSet = []
  /// Whether it is found by name.
  public var isRegistered = true

  public init() {}

  /// The key that the block has under `on`: `nomad`.
  public static let engine = NomadFields.engine
  /// The block stands under `on` of a port.
  public static let place = EnginePlace.port
  /// The statement of its fields.
  public static let schema = ObjectSchema<NomadPort>(
    "nomad port", "What only Nomad knows of a port.",
    synonyms: ["host_network": "hostNetwork"],
    fields: [
      Field(
        "hostNetwork", \.hostNetwork,
        "the network of the nodes' configuration in which it is, such as `public`",
        impact: .replace, rules: [.notEmpty]),
      Field(
        "tags", \.tags, "the tags of the service by which it is found, which proxies read", impact: .inPlace),
      Field("register", \.isRegistered, "whether it is found by name", impact: .inPlace),
    ])
}
