import ArgumentParser
import KubernetesImport
import SpecImport
import WorkloadSpec

/// `berth import kubernetes`: turns manifests of Kubernetes into specs.
struct ImportKubernetesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kubernetes",
    abstract: "Turn manifests of Kubernetes into workload specs; say what has no equivalent.",
    discussion: """
      Examples:
        berth import kubernetes manifests.yaml > workloads.yaml
        berth import kubernetes manifests/ --network shop --out workloads/
        berth import kubernetes - --strict < manifests.yaml
        berth import kubernetes manifests.yaml --for kubernetes > workloads.yaml

      Each Deployment, StatefulSet, DaemonSet, ReplicaSet and Pod becomes a workload, with what it takes from Services, \
      ConfigMaps and claims. Values of Secrets are not copied: the spec refers to the vault. What has no equivalent is \
      told on standard error, line by line, and stands in a comment of the spec. With --for kubernetes, the specs stay on a \
      cluster: what only Kubernetes has stands under `on.kubernetes`, so that berth apply --adopt changes nothing of it. `helm template`, `kubectl kustomize` and \
      `kubectl get -o yaml` print what - reads.
      """)

  @Argument(
    help: ArgumentHelp(
      "Files and folders with manifests, or - for standard input.", valueName: "file"),
    completion: .specs)
  var files: [String]

  @Option(
    help: ArgumentHelp(
      "Make this container the main service of its workload, as CONTAINER or WORKLOAD/CONTAINER; repeat it for more.",
      valueName: "name"))
  var main: [String] = []

  @Option(
    help: ArgumentHelp(
      """
      Have the workloads join this network, which is there already, and find each other on it by the names of their \
      Services.
      """, valueName: "name"))
  var network: String?

  @Option(
    name: .customLong("for"),
    help: ArgumentHelp("The engine that the specs are for: \(ImportedFor.list).", valueName: "engine"))
  var engine = ImportedFor.docker

  @OptionGroup var target: ImportTarget

  func validate() throws {
    if network != nil, engine == .kubernetes {
      throw ValidationError(
        "--network is one of an engine on one machine: on Kubernetes, workloads find each other by Services.")
    }
  }

  func run() async throws {
    try await reporting { console in
      var options = KubernetesOptions()
      options.mains = main
      options.network = network
      options.staysOnKubernetes = engine == .kubernetes
      options.isStrict = target.strict
      options.engines = Providers.registry.engines
      try target.deliver(KubernetesImporter.run(files, options: options), to: console)
    }
  }
}

/// The engines that manifests can be turned into specs for.
enum ImportedFor: String, CaseIterable, ExpressibleByArgument {
  /// An engine on one machine.
  case docker
  /// The cluster that the manifests are of, or another one.
  case kubernetes

  /// All of them, for a help text.
  static var list: String { allCases.map(\.rawValue).joined(separator: " or ") }
}
