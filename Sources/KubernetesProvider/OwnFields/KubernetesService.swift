import WorkloadSpec

/// What only Kubernetes knows of a service.
public struct KubernetesService: EngineObject {
  /// When its container is started anew although its process runs; `nil` for never.
  public var liveness: Liveness?
  /// A command that runs before it is asked to stop.
  public var preStop: [String] = []
  /// Whether it is refused where it would run as root.
  @Flagged public var runAsNonRoot = false
  /// The filter of its system calls.
  public var seccompProfile: String?
  /// What a cluster calls graphics processors.
  public var gpuResource = "nvidia.com/gpu"
  /// Further resources of nodes.
  public var resources = StringMap()

  public init() {}

  /// What stands before the path of a filter on nodes.
  static let localProfile = "localhost/"

  /// The key that the block has under `on`: `kubernetes`.
  public static let engine = KubernetesFields.engine
  /// The block stands under `on` of a service.
  public static let place = EnginePlace.service
  /// The statement of its fields.
  public static let schema = ObjectSchema<KubernetesService>(
    "kubernetes service", "What only Kubernetes knows of a service.",
    synonyms: ["livenessProbe": "liveness", "lifecycle": "preStop"],
    fields: [
      Field(
        "liveness", \.liveness,
        "when its container is started anew although its process runs: its `healthCheck` is asked at this pace",
        impact: .replace),
      Field(
        "preStop", \.preStop, "a command that runs in its container before it is asked to stop",
        impact: .replace),
      Field(
        "runAsNonRoot", \.$runAsNonRoot, "whether it is refused where it would run as root", impact: .replace),
      Field(
        "seccompProfile", \.seccompProfile,
        "the filter of its system calls: `RuntimeDefault`, or `localhost/` and a path on the nodes",
        impact: .replace, rules: [.seccompProfile]),
      Field(
        "gpuResource", \.gpuResource, "what the cluster calls the graphics processors of `resources.gpu`",
        impact: .replace, rules: [.resourceName]),
      Field(
        "resources", \.resources, "further resources of nodes that it has to itself, such as `hugepages-2Mi`",
        impact: .replace, rules: [.resourceNames]),
    ])
}

/// When a container is started anew although its process runs.
public struct Liveness: SpecObject, Hashable {
  /// How long to wait between two checks.
  public var interval = SpecDuration.seconds(10)
  /// How long a check may take.
  public var timeout = SpecDuration.seconds(2)
  /// How many failures in a row there must be.
  public var retries = 3
  /// How long the first success may take; `nil` for as long as it takes.
  public var startPeriod: SpecDuration?

  /// The usual pace.
  public init() {}

  /// The statement of its fields.
  public static let schema = ObjectSchema<Liveness>(
    "liveness", plural: "liveness", "When a container is started anew although its process runs.",
    synonyms: [
      "periodSeconds": "interval", "timeoutSeconds": "timeout", "failureThreshold": "retries",
      "initialDelaySeconds": "startPeriod",
    ],
    fields: [
      Field("interval", \.interval, "how long to wait between two checks", rules: [.atLeastASecond]),
      Field("timeout", \.timeout, "how long a check may take", rules: [.atLeastASecond]),
      Field("retries", \.retries, "how many failures in a row there must be", rules: [.range(1...1000)]),
      Field(
        "startPeriod", \.startPeriod,
        "how long the first success may take; without it, as long as it takes",
        rules: [.atLeastASecond]),
    ])
}

extension SpecDuration {
  /// Whether it is one second or more: Kubernetes counts in seconds.
  fileprivate var isSecondOrMore: Bool { milliseconds >= 1000 }
}

extension Rule where Subject == SpecDuration {
  /// Kubernetes counts in seconds.
  fileprivate static let atLeastASecond = Rule("`1s` or more", code: .outOfRange) { duration in
    duration.isSecondOrMore
      ? nil : RuleProblem("this must be `1s` or more", help: "write whole seconds, such as `5s`")
  }
}
