/// What a service may use. What is not set has no limit.
public struct Resources: SpecObject {
  /// Processor time.
  public var cpu: CPUQuantity?
  /// The most memory that it may use; `nil` sets no limit.
  public var memory: ByteQuantity?
  /// Storage for what it writes outside of volumes.
  public var disk: ByteQuantity?
  /// How many graphics processors it has to itself.
  public var gpu: Int?
  /// How many processes and threads it may have.
  public var pids: Int?
  /// How much it may swap out, beyond its memory.
  public var swap: ByteQuantity?
  /// The size of the memory that its processes share, `/dev/shm`.
  public var shm: ByteQuantity?
  /// The processors that it may run on.
  public var cpuset: String?
  /// How soon it is ended when memory runs out.
  public var oomScore: Int?
  /// What it is left with when others want more.
  @Sparse public var reservations: Reservations
  /// Limits of its processes.
  public var ulimits: [Ulimit] = []

  /// No limits.
  public init() {}

  /// Whether nothing is set.
  public var isUnset: Bool { self == Resources() }

  /// The statement of the fields of resources.
  public static let schema = ObjectSchema<Resources>(
    "resources", plural: "resources", "What a service may use.",
    synonyms: [
      "mem": "memory", "cpus": "cpu", "storage": "disk", "gpus": "gpu",
      "pids_limit": "pids", "shm_size": "shm", "shmSize": "shm", "oom_score_adj": "oomScore",
      "requests": "reservations",
    ],
    fields: [
      Field("cpu", \.cpu, "processor time, in cores or thousandths of a core"),
      Field("memory", \.memory, "memory"),
      Field("disk", \.disk, "storage for what it writes outside of volumes"),
      Field(
        "gpu", \.gpu, "how many graphics processors it has to itself", impact: .replace,
        rules: [.range(1...64)]),
      Field(
        "pids", \.pids, "how many processes and threads it may have", rules: [.range(1...4_194_304)]),
      Field("swap", \.swap, "how much it may swap out, beyond its memory; without it, nothing"),
      Field("shm", \.shm, "the size of the memory that its processes share, `/dev/shm`"),
      Field(
        "cpuset", \.cpuset, "the processors that it may run on, such as `0-3` or `0,2`", rules: [.cpuset]),
      Field(
        "oomScore", \.oomScore,
        "how soon it is ended when memory runs out: the last with -1000, the first with 1000",
        rules: [.range(-1000...1000)]),
      Field("reservations", \.$reservations, "what it is left with when others want more"),
      Field("ulimits", \.ulimits, "limits of its processes"),
    ])
}

/// What a service is left with when others want more.
public struct Reservations: SpecObject {
  /// Processor time.
  public var cpu: CPUQuantity?
  /// The memory that it is left with; `nil` reserves none.
  public var memory: ByteQuantity?

  /// Nothing.
  public init() {}

  /// The statement of its fields.
  public static let schema = ObjectSchema<Reservations>(
    "reservations", plural: "reservations", "What a service is left with when others want more.",
    synonyms: ["mem": "memory", "cpus": "cpu"],
    fields: [
      Field("cpu", \.cpu, "processor time, in cores or thousandths of a core"),
      Field("memory", \.memory, "memory"),
    ])
}

extension Rule where Subject == String {
  /// A list of processors (cpuset(7)).
  fileprivate static let cpuset = Rule(
    "numbers of processors and ranges of them: `0-3,6`",
    schema: [.init("pattern", "^[0-9]+(-[0-9]+)?(,[0-9]+(-[0-9]+)?)*$")], code: .badQuantity
  ) { text in
    let isList = text.split(separator: ",", omittingEmptySubsequences: false).allSatisfy { part in
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      guard let first = ends.first ?? nil, first >= 0, ends.count <= 2 else { return false }
      return ends.count == 1 || (ends[1].map { $0 >= first } ?? false)
    }
    return isList
      ? nil : RuleProblem("`\(text)` is not a list of processors", help: "write it as `0-3` or `0,2`")
  }
}
