import WorkloadSpec

/// What only Nomad knows of a service.
public struct NomadService: EngineObject {
  /// Further options of the driver, as its documentation has them.
  public var config = Tree()
  /// How often the task is started again on its node.
  public var restart: NomadRestart?
  /// What happens when a file changes that Nomad renders.
  public var changeMode = ChangeMode.restart
  /// The signal that is sent when such a file changes.
  public var changeSignal = "SIGHUP"
  /// What Nomad calls the graphics processors of `resources.gpu`.
  public var gpuDevice = "nvidia/gpu"
  /// Whether it gets no more processor time than it states, also where a node has some left.
  @Flagged public var cpuHardLimit = false
  /// How many files of its output a node keeps.
  public var logFiles = 10
  /// How large such a file gets.
  public var logFileSize = ByteQuantity(bytes: 10 << 20)
  /// How long Nomad waits between taking its name away and asking it to stop.
  public var shutdownDelay = SpecDuration.seconds(0)

  public init() {}

  /// The key that the block has under `on`: `nomad`.
  public static let engine = NomadFields.engine
  /// The block stands under `on` of a service.
  public static let place = EnginePlace.service
  /// The statement of its fields.
  public static let schema = ObjectSchema<NomadService>(
    "nomad service", "What only Nomad knows of a service.",
    synonyms: [
      "change_mode": "changeMode", "change_signal": "changeSignal", "shutdown_delay": "shutdownDelay",
      "cpu_hard_limit": "cpuHardLimit", "driverConfig": "config",
    ],
    fields: [
      Field(
        "config", \.config,
        "further options of the driver, as its documentation has them; they stand beside those that the spec's own fields are",
        impact: .replace),
      Field(
        "restart", \.restart, "how often it is started again on its node; without it, as Nomad has it",
        impact: .inPlace),
      Field(
        "changeMode", \.changeMode,
        "what happens when the address of another workload changes in a file or variable of it",
        impact: .replace),
      Field(
        "changeSignal", \.changeSignal, "the signal that is sent then, with `changeMode: signal`",
        impact: .replace, rules: [.notEmpty]),
      Field(
        "gpuDevice", \.gpuDevice, "what Nomad calls the graphics processors of `resources.gpu`",
        impact: .replace, rules: [.notEmpty]),
      Field(
        "cpuHardLimit", \.$cpuHardLimit,
        "whether it gets no more processor time than it states, also where its node has some left; containers only",
        impact: .replace),
      Field(
        "logFiles", \.logFiles, "how many files of its output its node keeps", impact: .inPlace,
        rules: [.range(1...1000)]),
      Field("logFileSize", \.logFileSize, "how large such a file gets", impact: .inPlace),
      Field(
        "shutdownDelay", \.shutdownDelay,
        "how long Nomad waits between taking its name away and asking it to stop", impact: .inPlace),
    ])
}

/// How often a task is started again on its node.
public struct NomadRestart: SpecObject, Hashable {
  /// How often within the interval.
  public var attempts = 2
  /// Within which time attempts count.
  public var interval = SpecDuration.seconds(1800)
  /// How long to wait before each.
  public var delay = SpecDuration.seconds(15)
  /// What comes after the last.
  public var mode = RestartMode.fail

  public init() {}

  /// The statement of its fields.
  public static let schema = ObjectSchema<NomadRestart>(
    "restart", "How often a task is started again on its node.",
    fields: [
      Field("attempts", \.attempts, "how often within `interval`", rules: [.range(0...1000)]),
      Field("interval", \.interval, "within which time attempts count"),
      Field("delay", \.delay, "how long to wait before each"),
      Field("mode", \.mode, "what comes after the last attempt"),
    ])
}

/// What comes after the last attempt to start a task again.
public enum RestartMode: String, SpecChoice {
  /// Its instance has failed, and is placed anew.
  case fail
  /// The next one comes when the interval is over.
  case delay
}

/// What happens to a task when a file changes that Nomad renders.
public enum ChangeMode: String, SpecChoice {
  /// It is started again.
  case restart
  /// It is sent a signal.
  case signal
  /// Nothing.
  case noop
}
