import WorkloadSpec

/// What an import of manifests depends on besides the files.
package struct KubernetesOptions: Sendable {
  /// Containers that are to be the main service of their workload, by name or as `WORKLOAD/CONTAINER`.
  package var mains: [String] = []
  /// A network that is there already, which the workloads join to find each other by the names of their Services.
  package var network: String?
  /// Whether the specs stay on Kubernetes: then what only it knows stands under `on.kubernetes`, and ports, names and volumes
  /// are as a cluster has them. Otherwise they are for an engine on one machine.
  package var staysOnKubernetes = false
  /// Whether anything that has no equivalent is an error.
  package var isStrict = false
  /// What engines declare for `on`, which the specs are checked against.
  package var engines: [EngineFields] = []

  /// Options with nothing chosen.
  package init() {}
}
