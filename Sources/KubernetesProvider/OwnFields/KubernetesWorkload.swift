import WorkloadSpec

/// What only Kubernetes knows of a workload.
public struct KubernetesWorkload: EngineObject {
  /// The account that its pods have at the API of the cluster.
  public var serviceAccount: String?
  /// Labels that a node must have.
  public var nodeSelector = StringMap()
  /// The taints of nodes that its pods put up with.
  public var tolerations: [Toleration] = []
  /// Which nodes and pods its pods are drawn to, and which they keep away from, as a pod has it.
  public var affinity = Tree()
  /// How evenly its pods are spread.
  public var topologySpread: [TopologySpread] = []
  /// The class that says who gives way when room is short.
  public var priorityClass: String?
  /// How many of its pods may be away on purpose.
  @Sparse public var budget: DisruptionBudget
  /// Annotations of the controller.
  public var annotations = StringMap()
  /// How its Service is reached.
  public var serviceType = ServiceType.clusterIP
  /// Annotations of its Service alone, such as those that a cloud's load balancer reads.
  public var serviceAnnotations = StringMap()
  /// Where what comes from outside may be sent.
  public var externalTraffic = ExternalTraffic.cluster
  /// The networks that a load balancer lets in.
  public var sourceRanges: StringSet = []
  /// The group that its volumes belong to.
  public var fsGroup: Int?
  /// How its pods find names.
  public var dnsPolicy: DNSPolicy?
  /// How many old revisions the controller keeps.
  public var revisionHistory: Int?

  public init() {}

  /// The key that the block has under `on`: `kubernetes`.
  public static let engine = KubernetesFields.engine
  /// The block stands under `on` of a workload.
  public static let place = EnginePlace.workload
  /// The statement of its fields.
  public static let schema = ObjectSchema<KubernetesWorkload>(
    "kubernetes workload", "What only Kubernetes knows of a workload.",
    synonyms: [
      "serviceAccountName": "serviceAccount", "priorityClassName": "priorityClass",
      "topologySpreadConstraints": "topologySpread", "podDisruptionBudget": "budget", "pdb": "budget",
      "externalTrafficPolicy": "externalTraffic", "loadBalancerSourceRanges": "sourceRanges",
      "revisionHistoryLimit": "revisionHistory",
    ],
    fields: [
      Field(
        "serviceAccount", \.serviceAccount,
        "the account that its pods have at the API of the cluster; without it, they are given no token",
        impact: .replace, rules: [.domain]),
      Field(
        "nodeSelector", \.nodeSelector, "labels that a node must have", impact: .replace, rules: [.nodeLabels]
      ),
      Field("tolerations", \.tolerations, "the taints of nodes that its pods put up with", impact: .replace),
      Field(
        "affinity", \.affinity,
        "which nodes and pods its pods are drawn to, and which they keep away from, as `affinity` of a pod",
        impact: .replace),
      Field("topologySpread", \.topologySpread, "how evenly its pods are spread", impact: .replace),
      Field(
        "priorityClass", \.priorityClass, "the class that says who gives way when room is short",
        impact: .replace, rules: [.domain]),
      Field(
        "budget", \.$budget, "how many of its pods may be away when nodes are drained", impact: .inPlace),
      Field(
        "annotations", \.annotations, "annotations of the Deployment or StatefulSet", impact: .inPlace,
        rules: [.annotationNames]),
      Field("serviceType", \.serviceType, "how its Service is reached", impact: .inPlace),
      Field(
        "serviceAnnotations", \.serviceAnnotations, "annotations of its Service", impact: .inPlace,
        rules: [.annotationNames]),
      Field(
        "externalTraffic", \.externalTraffic,
        "where a Service of type `NodePort` or `LoadBalancer` sends what comes from outside", impact: .inPlace
      ),
      Field(
        "sourceRanges", \.sourceRanges, "the networks that a Service of type `LoadBalancer` lets in",
        impact: .inPlace),
      Field(
        "fsGroup", \.fsGroup, "the number of the group that its volumes belong to", impact: .replace,
        rules: [.range(0...2_147_483_647)]),
      Field(
        "dnsPolicy", \.dnsPolicy,
        "how its pods find names; without it, by the cluster, or where services state servers, by those",
        impact: .replace),
      Field(
        "revisionHistory", \.revisionHistory, "how many old revisions the controller keeps; without it, ten",
        impact: .inPlace, rules: [.range(0...1000)]),
    ])
}

/// How a workload's Service is reached.
public enum ServiceType: String, SpecChoice {
  /// From within the cluster.
  case clusterIP = "ClusterIP"
  /// At a port of each node, too.
  case nodePort = "NodePort"
  /// By a load balancer of the cloud, too.
  case loadBalancer = "LoadBalancer"
}

/// Where what comes from outside may be sent.
public enum ExternalTraffic: String, SpecChoice {
  /// To any pod.
  case cluster = "Cluster"
  /// To pods of the node that it comes to, with the address that it comes from.
  case local = "Local"
}

/// How pods find names.
public enum DNSPolicy: String, SpecChoice {
  /// By the cluster's DNS, which passes on what it does not serve; in the node's own network, as the node does.
  case clusterFirst = "ClusterFirst"
  /// By the cluster, also in the node's own network.
  case clusterFirstWithHostNet = "ClusterFirstWithHostNet"
  /// As the node does.
  case node = "Default"
  /// By what services state alone.
  case stated = "None"
}

/// How many pods may be away when nodes are drained.
public struct DisruptionBudget: SpecObject {
  /// How many must stay.
  public var minAvailable: String?
  /// How many may be away.
  public var maxUnavailable: String?

  /// No budget.
  public init() {}

  /// The statement of its fields.
  public static let schema = ObjectSchema<DisruptionBudget>(
    "budget", "How many pods may be away when nodes are drained: one of the two.",
    fields: [
      Field(
        "minAvailable", \.minAvailable, "how many must stay, as a number or in percent", rules: [.share]),
      Field(
        "maxUnavailable", \.maxUnavailable, "how many may be away, as a number or in percent",
        rules: [.share]),
    ])
}

/// A taint of nodes that pods put up with.
public struct Toleration: SpecObject, Hashable {
  /// The key of the taint; `nil` for every key.
  public var key: String?
  /// The value of the taint; `nil` for every value.
  public var value: String?
  /// What the taint does; `nil` for whatever that is.
  public var effect: TaintEffect?
  /// For how many seconds a taint that evicts is put up with; `nil` for ever.
  public var seconds: Int?

  /// Every taint.
  public init() {}

  /// The statement of its fields.
  public static let schema = ObjectSchema<Toleration>(
    "toleration", "A taint of nodes that pods put up with.",
    synonyms: ["tolerationSeconds": "seconds"],
    fields: [
      Field("key", \.key, "the key of the taint; without it, every key", rules: [.notEmpty]),
      Field("value", \.value, "the value of the taint; without it, every value"),
      Field("effect", \.effect, "what the taint does; without it, whatever that is"),
      Field(
        "seconds", \.seconds, "for how many seconds a taint that evicts is put up with; without it, for ever",
        rules: [.range(0...2_147_483_647)]),
    ])
}

/// What a taint does to pods that do not put up with it.
public enum TaintEffect: String, SpecChoice {
  /// It keeps new ones away.
  case noSchedule = "NoSchedule"
  /// It keeps new ones away where there is room elsewhere.
  case preferNoSchedule = "PreferNoSchedule"
  /// It sends those away that run, too.
  case noExecute = "NoExecute"
}

/// How evenly pods are spread over parts of a cluster.
public struct TopologySpread: SpecObject, Hashable {
  /// The label of nodes that tells the parts.
  public var topologyKey = ""
  /// By how many pods the parts may differ.
  public var maxSkew = 1
  /// What becomes of a pod for which there is no place.
  public var otherwise = Unsatisfiable.doNotSchedule

  public init() {}

  /// The statement of its fields.
  public static let schema = ObjectSchema<TopologySpread>(
    "spread", "How evenly pods are spread over parts of a cluster.",
    synonyms: ["whenUnsatisfiable": "otherwise", "key": "topologyKey"],
    shorthand: { "{topologyKey: \($0)}" },
    fields: [
      Field(
        "topologyKey", \.topologyKey, "the label of nodes that tells the parts", required: true,
        rules: [.notEmpty]),
      Field(
        "maxSkew", \.maxSkew, "by how many pods the parts may differ", rules: [.range(1...10_000)]),
      Field("otherwise", \.otherwise, "what becomes of a pod for which there is no such place"),
    ])
}

/// What becomes of a pod for which there is no place.
public enum Unsatisfiable: String, SpecChoice {
  /// It waits.
  case doNotSchedule = "DoNotSchedule"
  /// It runs all the same.
  case scheduleAnyway = "ScheduleAnyway"
}
