import WorkloadSpec

/// What only Nomad knows of a workload.
public struct NomadWorkload: EngineObject {
  /// Who goes first where room is short.
  public var priority = 50
  /// The network that an instance has.
  public var network: String?
  /// What a node must have.
  public var constraints: [NomadConstraint] = []
  /// Which nodes draw instances.
  public var affinities: [NomadAffinity] = []
  /// How evenly instances are spread.
  public var spreads: [NomadSpread] = []
  /// How long an instance must run, or pass its checks, until it counts as healthy.
  public var minHealthyTime = SpecDuration.seconds(2)
  /// How long an instance may take to get there before Nomad gives it up.
  public var healthyDeadline = SpecDuration.seconds(300)
  /// How long a rollout may take from one healthy instance to the next before Nomad gives it up.
  public var progressDeadline = SpecDuration.seconds(600)
  /// When an instance that failed is placed anew.
  public var reschedule: NomadReschedule?
  /// What becomes of the data beside volumes when an instance is placed anew.
  public var disk = NomadDisk.isLost
  /// Further entries of the job's `meta`, which its tasks see as variables.
  public var meta = StringMap()

  public init() {}

  /// The key that the block has under `on`: `nomad`.
  public static let engine = NomadFields.engine
  /// The block stands under `on` of a workload.
  public static let place = EnginePlace.workload
  /// The statement of its fields.
  public static let schema = ObjectSchema<NomadWorkload>(
    "nomad workload", "What only Nomad knows of a workload.",
    synonyms: [
      "affinity": "affinities", "constraint": "constraints", "spread": "spreads",
      "min_healthy_time": "minHealthyTime", "healthy_deadline": "healthyDeadline",
      "progress_deadline": "progressDeadline", "ephemeral_disk": "disk",
    ],
    fields: [
      Field(
        "priority", \.priority, "who goes first where room is short: the higher, the sooner",
        impact: .inPlace,
        rules: [.range(1...100)]),
      Field(
        "network", \.network,
        "the network that an instance has: `bridge`, `host`, `none` or `cni/NAME`; without it, `bridge`, and with the driver `raw_exec` `host`",
        impact: .replace, rules: [.network]),
      Field("constraints", \.constraints, "what a node must have", impact: .inPlace),
      Field("affinities", \.affinities, "which nodes draw its instances", impact: .replace),
      Field("spreads", \.spreads, "how evenly its instances are spread", impact: .replace),
      Field(
        "minHealthyTime", \.minHealthyTime,
        "how long an instance must run, or pass its checks, until it counts as healthy", impact: .inPlace,
        rules: [.atLeastTwoSeconds]),
      Field(
        "healthyDeadline", \.healthyDeadline,
        "how long an instance may take to get there before Nomad gives it up", impact: .inPlace,
        rules: [.atLeastTwoSeconds]),
      Field(
        "progressDeadline", \.progressDeadline,
        "how long a rollout may take from one healthy instance to the next before Nomad gives it up",
        impact: .inPlace, rules: [.atLeastTwoSeconds]),
      Field(
        "reschedule", \.reschedule,
        "when an instance that failed is placed anew; without it, as Nomad has it", impact: .inPlace),
      Field(
        "disk", \.disk, "what becomes of the data beside volumes when an instance is placed anew",
        impact: .replace),
      Field(
        "meta", \.meta, "further entries of the job's `meta`, which its tasks see as variables",
        impact: .replace, rules: [.foreignMeta]),
    ])
}

/// What becomes of the data beside volumes when an instance is placed anew.
public enum NomadDisk: String, SpecChoice {
  /// It is lost.
  case isLost = "lost"
  /// It stays where the new instance is on the same node.
  case isSticky = "sticky"
  /// It is brought to the new instance's node.
  case migrates = "migrate"
}

/// When an instance that failed is placed anew.
public struct NomadReschedule: SpecObject, Hashable {
  /// How often within the interval; `nil` for without end.
  public var attempts: Int?
  /// Within which time attempts count.
  public var interval = SpecDuration.seconds(3600)
  /// How long to wait before the first.
  public var delay = SpecDuration.seconds(30)
  /// How the delay grows.
  public var growth = DelayGrowth.exponential
  /// How long the delay is at most.
  public var maxDelay = SpecDuration.seconds(3600)

  public init() {}

  /// The statement of its fields.
  public static let schema = ObjectSchema<NomadReschedule>(
    "reschedule", "When an instance that failed is placed anew.",
    synonyms: ["delay_function": "growth", "max_delay": "maxDelay"],
    fields: [
      Field(
        "attempts", \.attempts, "how often within `interval`, 0 for never; without it, without end",
        rules: [.range(0...1000)]),
      Field("interval", \.interval, "within which time attempts count"),
      Field("delay", \.delay, "how long to wait before the first"),
      Field("growth", \.growth, "how the delay grows"),
      Field("maxDelay", \.maxDelay, "how long the delay is at most"),
    ])
}

/// How the delay grows until an instance is placed anew.
public enum DelayGrowth: String, SpecChoice {
  /// Not at all.
  case constant
  /// Twice as long each time.
  case exponential
  /// As long as the two before together.
  case fibonacci
}
