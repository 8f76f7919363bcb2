import Planning
import ProviderKit
import WorkloadSpec

/// What becomes of every field of the language on local processes.
struct LocalFields: Sendable {
  /// The rows of a service's fields, in the order in which they are read.
  let rows: [LocalRow]
  /// All rows, those of the workload itself first.
  let table: FieldTable
  /// What is known of the machine.
  let facts: EngineFacts

  private static let known = ByFacts { LocalFields(making: $0) }

  /// The fields of a machine.
  static func on(_ facts: EngineFacts) -> LocalFields { known[facts] }

  private init(making facts: EngineFacts) {
    self.facts = facts
    rows =
      Self.program + Self.process(facts) + Self.security(facts) + Self.network(facts) + Self.limits(facts)
      + Self.surroundings + Self.volumes(facts) + Self.files + Self.checks + Self.life
    table = FieldTable(Self.workload + rows.map(\.field))
  }

  /// A service as it lives.
  func read(_ reading: LocalReading) -> Service {
    var fields = ServiceFields()
    for row in rows { row.read(reading, &fields) }
    return Service(fields)
  }

  // MARK: The workload

  private static let workload = [
    FieldRow("name", .enforced(.stamp), cost: nil, "part of all paths; another name is another workload"),
    FieldRow("kind", .byBerth, cost: nil, "which volumes an instance has; it can't be changed"),
    FieldRow("replicas", .byBerth, cost: .inPlace, "berth makes and removes instances"),
    FieldRow("strategy", .byBerth, cost: .inPlace, "berth moves instances from old to new"),
    FieldRow("dependsOn", .byBerth, cost: .inPlace, "berth changes it after those are ready"),
    FieldRow("network", .byBerth, cost: .inPlace, "berth refuses addresses that lead in or out"),
    FieldRow(
      "labels", .enforced(.stamp), cost: .inPlace, "kept by the supervisor; nothing else here has labels"),
    FieldRow("variables", .byBerth, cost: .inPlace, "filled in when the spec is read"),
  ]

  // MARK: What runs

  /// An address in a text is another one now: the process is started again, and its folder stays.
  private static let movesAddress: @Sendable (Change) -> ImpactStatement? = { change in
    change.causes == [.external] ? ImpactStatement(.restart) : nil
  }

  private static let program: [LocalRow] = [
    .stamped("name", .replace, "the folder of the service") { $1.name = $0.stamped.name },
    .stamped("role", .replace, "whether its process is started again, and what ready means") {
      $1.role = $0.stamped.role
    },
    .stamped(
      "image", .replace,
      note: "is not run on local processes: the command must do here what it does elsewhere",
      "not run: a service whose image changes is made anew, as elsewhere"
    ) { $1.image = $0.stamped.image },
    .told(
      "command", .replace, exception: Self.movesAddress,
      "the program; a spec without one is refused (E0608)"
    ) {
      $1.command = $0.program.command
    },
    .told("args", .replace, exception: Self.movesAddress, "the arguments that follow") {
      $1.args = $0.program.args
    },
    .told("workingDir", .restart, "the folder below the service's root; it is made if it is missing") {
      $1.workingDir = $0.conditions.workingDir
    },
    .byBerth("init", "the supervisor reaps what a service leaves behind"),
    .recorded("tty", because: "what a process prints goes into its log") { $1.tty = $0.stamped.tty },
    .recorded("stdin", because: "a process reads nothing") { $1.stdin = $0.stamped.stdin },
    .recorded("platform", because: "images are not run on local processes") {
      $1.platform = $0.stamped.platform
    },
    .refused("runtime", .providerRefuses, because: "a process is run by the machine itself"),
    .recorded("logging.driver", because: "the supervisor keeps what a service prints") {
      $1.logging = $0.stamped.logging
    },
    .recorded("logging.options", because: "the supervisor keeps what a service prints"),
  ]

  // MARK: What it may use

  private static func limits(_ facts: EngineFacts) -> [LocalRow] {
    [
      facts.cpuObstacle.map { reason in
        .recorded("resources.cpu", because: reason) { $1.resources.cpu = $0.stamped.resources.cpu }
      }
        ?? .told("resources.cpu", .inPlace, "the service's control group") {
          $1.resources.cpu = $0.cpu
        },
      facts.memoryObstacle.map { reason in
        .recorded("resources.memory", because: reason) { $1.resources.memory = $0.stamped.resources.memory }
      }
        ?? .told(
          "resources.memory", .inPlace, exception: Self.takesMemory,
          "the service's control group; less than before costs a restart"
        ) { $1.resources.memory = $0.memory },
      .recorded("resources.disk", because: "local processes write to the disk of the machine") {
        $1.resources.disk = $0.stamped.resources.disk
      },
      .refused("resources.gpu", .missingCapability),
    ] + groupLimits(facts) + processLimits(facts)
  }

  /// What a process holds can't be taken from it.
  @Sendable private static func takesMemory(_ change: Change) -> ImpactStatement? {
    guard case .value(let new) = change.new else { return nil }
    if case .value(let old) = change.old, let new = new.string.flatMap({ ByteQuantity($0) }),
      let old = old.string.flatMap({ ByteQuantity($0) }), new >= old
    {
      return nil
    }
    return ImpactStatement(.restart, reason: .holdsMemory)
  }

  // MARK: What it sees

  private static let surroundings: [LocalRow] = [
    .told("env", .restart, "the environment of the process") { $1.env = $0.environment },
    .stamped(
      "ports.container", .restart,
      "a port of 127.0.0.1 that stays with the instance, told as `PORT_<container>`"
    ) { $1.ports = $0.stamped.ports },
    .stamped("ports.protocol", .restart, "for which of the two it must be free"),
    .stamped("ports.host", .restart, "the port that it is told"),
    .recorded("ports.address", because: "a program binds the addresses that it chooses"),
  ]

  // MARK: What it is given

  private static let files: [LocalRow] = [
    .stamped(
      "secrets.key", .restart, "looked up at each apply; a value that moved is seen by a keyed digest"
    ) { $1.secrets = $0.stamped.secrets },
    .stamped("secrets.type", .restart, "a variable, or files in the service's folder"),
    .stamped("secrets.as", .restart, "the variable, or the path"),
    .stamped("secrets.mode", .restart, "the permissions of the file"),
    .stamped("secrets.owner", .restart, "who the file belongs to; without it, the user of the service"),
    .told("configFiles.path", .restart, "a file in the service's folder") {
      $1.configFiles = $0.configFiles
    },
    .told("configFiles.content", .restart, "what the file holds, read at each look"),
    .stamped("configFiles.name", .restart, "told by its path"),
    .byBerth("configFiles.format", "checked when the spec is read"),
    .byBerth("configFiles.file", "read when the spec is: a release holds the content"),
    .byBerth("configFiles.folder", "read when the spec is: a release holds a config file for each"),
    .stamped("configFiles.mode", .restart, "the permissions of the file"),
    .stamped("configFiles.owner", .restart, "who the file belongs to; without it, the user of the service"),
    .stamped("annotations", .inPlace, "kept by the supervisor; nothing else here has labels") {
      $1.annotations = $0.stamped.annotations
    },
  ]

  // MARK: How it is checked

  private static let checks: [LocalRow] = [
    .told(
      "healthCheck.command", .inPlace, "the supervisor runs it",
      afterwards: "the supervisor, for as long as the service runs"
    ) { $1.healthCheck = $0.healthCheck },
    .told(
      "healthCheck.path", .inPlace, "the supervisor asks on 127.0.0.1",
      afterwards: "the supervisor, for as long as the service runs"),
    .told(
      "healthCheck.port", .inPlace, "the port that the service was given for it",
      afterwards: "the supervisor, for as long as the service runs"),
    .told(
      "healthCheck.interval", .inPlace,
      "the longest time until a service that is not ready is checked again; at first it is shorter",
      afterwards: "the supervisor: the time between two checks"),
    .told(
      "healthCheck.grpc", .inPlace,
      "the supervisor asks on 127.0.0.1, by the health checking protocol of gRPC",
      afterwards: "the supervisor, for as long as the service runs"),
    .told("healthCheck.status", .inPlace, "the statuses that are a success", afterwards: "the same"),
    .told("healthCheck.headers", .inPlace, "what is sent with the request", afterwards: "the same"),
    .stamped("healthCheck.disabled", .inPlace, "nothing is asked"),
    .byBerth("healthCheck.startPeriod", "a check that fails before one passed makes nothing unready"),
    .told(
      "healthCheck.startInterval", .inPlace, "how often a service is asked until a check passes",
      afterwards: "nothing"),
    .told("healthCheck.timeout", .inPlace, "how long one check may take", afterwards: "the same"),
    .told(
      "healthCheck.retries", .inPlace, "nothing: the first check that passes makes it ready",
      afterwards: "the supervisor: so many failures in a row make a ready service unready"),
  ]

  // MARK: How it lives

  private static let life: [LocalRow] = [
    .told("restart", .inPlace, "the supervisor starts the process again") {
      $1.restart = $0.running.map { .init(spelledLike: $0.restart) } ?? $0.stamped.restart
    },
    .told(
      "maxRestarts", .inPlace,
      "the supervisor counts how often it has started the process again since berth last started the service"
    ) {
      $1.maxRestarts = $0.running.map { $0.maxRestarts.map { Int($0) } } ?? $0.stamped.maxRestarts
    },
    .told("stopGrace", .inPlace, "the supervisor waits so long before it ends a service by force") {
      $1.stopGrace = $0.running.map { SpecDuration(milliseconds: $0.stopGrace) } ?? $0.stamped.stopGrace
    },
    LocalRow(
      field: FieldRow(
        "services.pullPolicy", .recorded(because: "images are not run on local processes"), cost: .inPlace,
        "nothing"), read: { $1.pullPolicy = $0.stamped.pullPolicy }),
    .told("stopSignal", .inPlace, "the supervisor asks with it; without it, with SIGTERM") {
      $1.stopSignal = $0.stopSignal
    },
    .stamped("dependsOn", .inPlace, "berth starts, and the supervisor stops, services in that order") {
      $1.dependsOn = $0.stamped.dependsOn
    },
  ]
}
