import WorkloadSpec

/// What an import of manifests depends on besides the files.
public struct KubernetesOptions: Sendable {
  /// Containers that are to be the main service of their workload, by name or as `WORKLOAD/CONTAINER`.
  public var mains: [String] = []
  /// A network that is there already, which the workloads join to find each other by the names of their Services.
  public var network: String?
  /// Whether anything that has no equivalent is an error.
  public var isStrict = false
  /// What engines declare for `on`, which the specs are checked against.
  public var engines: [EngineFields] = []

  /// Options with nothing chosen.
  public init() {}
}
