import WorkloadSpec

/// What only the simulated engine knows: something of every kind, at every place.
public enum SimulatedFields {
  /// The engine, as it stands under `on`.
  public static let engine = "simulated"

  /// The fields that only the simulated engine knows.
  public static let all = EngineFields(
    engine, SimulatedWorkload.self, SimulatedService.self, SimulatedVolume.self, SimulatedPort.self)
}

/// What only the simulated engine knows of a workload.
public struct SimulatedWorkload: EngineObject {
  /// Where instances run.
  public var pool: String?
  /// What the engine has done about it.
  public var tasks: [SimulatedTask] = []

  public init() {}

  /// The engine whose block under `on` has these fields.
  public static let engine = SimulatedFields.engine
  /// The block stands under `on` of a workload.
  public static let place = EnginePlace.workload
  /// The statement of its fields.
  public static let schema = ObjectSchema<SimulatedWorkload>(
    "simulated workload", "What only the simulated engine knows of a workload.", synonyms: ["queue": "pool"],
    fields: [
      Field("pool", \.pool, "where instances run", impact: .replace, rules: [.dnsLabel]),
      Field("tasks", \.tasks, "what the engine does about it", impact: .inPlace),
    ])
}

/// Something that the simulated engine does about a workload.
public struct SimulatedTask: SpecElement {
  /// What it is called.
  public var name = ""
  /// How often.
  public var times = 1

  public init() {}

  /// Told apart by name.
  public static let identityFields = ["name"]
  /// Tasks of one workload are told apart by name.
  public var identity: String { name }
  /// The statement of its fields.
  public static let schema = ObjectSchema<SimulatedTask>(
    "simulated task", "Something that the simulated engine does about a workload.",
    fields: [
      Field("name", \.name, "what it is called", required: true, rules: [.dnsLabel]),
      Field("times", \.times, "how often", rules: [.range(1...10)]),
    ])
}

/// What only the simulated engine knows of a service.
public struct SimulatedService: EngineObject {
  /// Who goes first.
  public var priority = 5
  /// What its randomness begins with; it is never shown.
  public var seed: String?
  /// How it is drawn.
  public var colour = Colour.grey
  /// A remark that guides no engine.
  public var remark: String?

  /// How a service is drawn.
  public enum Colour: String, SpecChoice {
    case grey
    case green
  }

  public init() {}

  /// The engine whose block under `on` has these fields.
  public static let engine = SimulatedFields.engine
  /// The block stands under `on` of a service.
  public static let place = EnginePlace.service
  /// The statement of its fields.
  public static let schema = ObjectSchema<SimulatedService>(
    "simulated service", "What only the simulated engine knows of a service.",
    fields: [
      Field("priority", \.priority, "who goes first", impact: .inPlace, rules: [.range(0...10)]),
      Field("seed", \.seed, "what its randomness begins with", impact: .restart, secret: true),
      Field("colour", \.colour, "how it is drawn", impact: .inPlace),
      Field("remark", \.remark, "a remark that guides no engine", compared: .never),
    ])
}

/// What only the simulated engine knows of a volume.
public struct SimulatedVolume: EngineObject {
  /// What it lies on.
  public var tier: String?

  public init() {}

  /// The engine whose block under `on` has these fields.
  public static let engine = SimulatedFields.engine
  /// The block stands under `on` of a volume.
  public static let place = EnginePlace.volume
  /// The statement of its fields.
  public static let schema = ObjectSchema<SimulatedVolume>(
    "simulated volume", "What only the simulated engine knows of a volume.",
    fields: [Field("tier", \.tier, "what it lies on", impact: .replace, rules: [.notEmpty])])
}

/// What only the simulated engine knows of a port.
public struct SimulatedPort: EngineObject {
  /// How many callers wait.
  public var backlog: Int?

  public init() {}

  /// The engine whose block under `on` has these fields.
  public static let engine = SimulatedFields.engine
  /// The block stands under `on` of a port.
  public static let place = EnginePlace.port
  /// The statement of its fields.
  public static let schema = ObjectSchema<SimulatedPort>(
    "simulated port", "What only the simulated engine knows of a port.",
    fields: [
      Field("backlog", \.backlog, "how many callers wait", impact: .restart, rules: [.range(1...4096)])
    ]
  )
}
