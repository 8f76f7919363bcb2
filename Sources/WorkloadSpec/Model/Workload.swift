/// The deployable unit of one YAML document.
public struct Workload: SpecObject {
  /// The name; with target and namespace it is the identity.
  public var name = ""
  /// How its instances relate to their names and storage.
  public var kind = WorkloadKind.deployment
  /// How many instances there are. When not set it is one at the first apply, and then what operators make it; a
  /// release always states it.
  public var replicas: Int?
  /// How instances give way to new ones.
  public var strategy = Strategy()
  /// The workloads of its namespace that must be ready before it is changed.
  public var dependsOn: StringSet = []
  /// How its instances are connected with other workloads.
  @Sparse public var network: WorkloadNetwork
  /// Labels, put on everything that is created.
  public var labels = StringMap()
  /// The declared variables. They are used up when the document is read: a snapshot has none.
  public var variables: [Variable] = []
  /// What an instance consists of, in a document that holds services.
  public var services: [Service] = []
  /// What only one engine knows of it.
  public var on = EngineBlocks()
  /// What each instance is, in a document that holds a machine.
  @Indirect public var machine: Machine?
  /// How to find out whether a machine of a group works.
  @Indirect public var healthCheck: HealthCheck?
  /// What there is, in a document that holds objects.
  public var objects: [Manifest] = []

  /// A workload with nothing set.
  public init() {}

  /// The service with role `main`, in a valid workload.
  public var main: Service? { services.first { $0.role == .main } }

  /// The name of the element with role `main`; `nil` where none does the work of the others.
  public var mainName: String? {
    services.indices.first { services[$0].role == .main }.map { services[$0].name } ?? machine?.name
  }

  /// The service with a name; `nil` also for the name of a machine or an object.
  public func service(_ name: String) -> Service? { services.first { $0.name == name } }

  /// The statement of a workload's fields.
  public static let schema = ObjectSchema<Workload>(
    "workload", "The deployable unit of one YAML document.",
    reserved: [
      "source": "what a service runs is stated under `services`; `source` is kept for manifests and charts",
      "namespace": "a namespace is chosen by `-n`, or by the target in berth.yaml, so that one file fits all",
      "version": "the version of the language is known from berth itself: leave it out",
      "apiVersion": "the version of the language is known from berth itself: leave it out",
      "metadata": "this looks like a Kubernetes manifest: a workload's `name` and `labels` stand at the top",
      "spec":
        "this looks like a Kubernetes manifest: a workload's `replicas` and `services` stand at the top",
    ],
    synonyms: [
      "containers": "services", "count": "replicas", "scale": "replicas", "annotations": "labels",
      "vars": "variables", "type": "kind", "machines": "machine", "manifests": "objects",
      "resources": "objects",
    ],
    alternatives: Alternatives(
      Body.allCases.map(\.rawValue), help: "add `services`: the containers or processes of an instance"),
    fields: [
      Field(
        "name", \.name, "the name, unique within its namespace on a target", required: true,
        rules: [.dnsLabel]),
      Field("kind", \.kind, "how instances relate to their names and storage"),
      Field(
        "replicas", \.replicas,
        "how many instances there are; without it, one at first, and then what `berth scale` says",
        rules: [.range(0...10_000)]),
      Field("strategy", \.strategy, "how instances give way to new ones", compared: .never),
      Field(
        "dependsOn", \.dependsOn, "the workloads of its namespace that must be ready before it is changed",
        compared: .never, rules: [.dnsLabels]),
      Field(
        "network", \.$network, "how its instances are connected with other workloads", compared: .never),
      Field(
        "labels", \.labels, "labels, put on everything that is created", impact: .inPlace, rules: [.labels]),
      Field("variables", \.variables, "what `${var.NAME}` stands for in this document", compared: .never),
      Field(
        "services", \.services, "the containers or processes of an instance; exactly one has the role `main`"),
      Field("machine", \.machine, "the machine that each instance is, in a `machine_group`"),
      Field(
        "healthCheck", \.healthCheck,
        "how to find out whether a machine works, in a `machine_group`: asked from where berth runs, by `path` and `port`, "
          + "`port` alone, or `grpc` and `port`",
        compared: .never),
      Field("objects", \.objects, "the objects of an engine that there are, in an `object_set`"),
      Field("on", \.on, at: .workload, "what only one engine knows of it, under the engine's name"),
    ])
}

extension [Service] {
  /// Where the services are, by name; of two with one name, the first.
  public var indicesByName: [String: Int] {
    Dictionary(indices.lazy.map { (self[$0].name, $0) }) { first, _ in first }
  }
}

/// How a workload's instances relate to their names and storage.
public enum WorkloadKind: String, SpecChoice {
  /// Instances are alike, and share their persistent volumes, which say how many of them may write.
  case deployment
  /// Each instance has a stable name and storage of its own; they start in order and stop in reverse.
  case statefulSet = "stateful_set"
  /// Each instance is a machine.
  case machineGroup = "machine_group"
  /// There are objects of an engine, without instances.
  case objectSet = "object_set"
}
