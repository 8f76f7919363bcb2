import WorkloadSpec

/// What only Kubernetes knows of a port.
public struct KubernetesPort: EngineObject {
  /// A further port of the Service that leads to it.
  public var servicePort: Int?
  /// The port of each node that leads to it.
  public var nodePort: Int?
  /// What is spoken on it.
  public var appProtocol: String?

  public init() {}

  /// The key that the block has under `on`: `kubernetes`.
  public static let engine = KubernetesFields.engine
  /// The block stands under `on` of a port.
  public static let place = EnginePlace.port
  /// The statement of its fields.
  public static let schema = ObjectSchema<KubernetesPort>(
    "kubernetes port", "What only Kubernetes knows of a port.",
    fields: [
      Field(
        "servicePort", \.servicePort,
        "a further port of the workload's Service that leads to it, such as 80", impact: .inPlace,
        rules: [.range(1...65535)]),
      Field(
        "nodePort", \.nodePort,
        "the port of each node that leads to it, with `serviceType` `NodePort` or `LoadBalancer`",
        impact: .inPlace,
        rules: [.range(1...65535)]),
      Field(
        "appProtocol", \.appProtocol, "what is spoken on it, such as `http` or `kubernetes.io/h2c`",
        impact: .inPlace, rules: [.resourceName]),
    ])
}
