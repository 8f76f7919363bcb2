import Diagnostics

/// All that is said of a ``Service``.
public struct ServiceFields: SpecElement {
  /// The name, unique within the workload.
  public var name = ""
  /// What it is to the workload.
  public var role = Role.main
  /// The image it runs, where the engine runs images.
  public var image: String?
  /// The program and its first arguments; without it, the image's own.
  public var command: [String] = []
  /// Arguments that follow the command.
  public var args: [String] = []
  /// Where its program starts; without it, as the image says.
  public var workingDir: String?
  /// Who runs its program; without it, as the image says.
  public var user: String?
  /// Further groups of that user.
  public var groups: StringSet = []
  /// The name that it gives its own machine.
  public var hostname: String?
  /// The signal that asks its program to stop; without it, as the image says.
  public var stopSignal: String?
  /// Whether its first process is one that reaps the others and passes signals on.
  @Flagged public var `init` = false
  /// Whether it gets a terminal.
  @Flagged public var tty = false
  /// Whether its standard input is kept open.
  @Flagged public var stdin = false
  /// What it may do to the machine.
  @Sparse public var security: Security
  /// How it is connected.
  @Sparse public var network: ServiceNetwork
  /// Where what it prints is kept.
  @Sparse public var logging: Logging
  /// The processor and system that its image is made for.
  public var platform: String?
  /// What the engine runs it with.
  public var runtime: String?
  /// What it may use.
  public var resources = Resources()
  /// Environment variables.
  public var env = StringMap()
  /// Ports it listens on.
  public var ports: [Port] = []
  /// Storage it sees.
  public var volumes: [Volume] = []
  /// How to find out whether it can do its work.
  public var healthCheck: HealthCheck?
  /// Secrets it is given.
  public var secrets: [SecretReference] = []
  /// Files it is given.
  public var configFiles: [ConfigFile] = []
  /// Notes for people and tools.
  public var annotations = StringMap()
  /// What happens when its process ends.
  public var restart = RestartPolicy.always
  /// How often its process is started again after failures; without it, without end.
  public var maxRestarts: Int?
  /// How long it may take to stop before it is stopped by force.
  public var stopGrace = SpecDuration.seconds(10)
  /// When its image is pulled.
  public var pullPolicy = PullPolicy.missing
  /// The services that must be ready before it starts.
  public var dependsOn: StringSet = []
  /// What only one engine knows of it.
  public var on = EngineBlocks()

  /// A service with nothing set but defaults.
  public init() {}

  /// A service with nothing set but defaults.
  public static let blank = ServiceFields()

  /// Told apart by name.
  public static let identityFields = ["name"]
  /// A name has one service.
  public static let duplicateCode = DiagnosticCode.duplicateService
  /// Services of a workload are told apart by name.
  public var identity: String { name }

  /// The statement of a service's fields.
  public static let schema = ObjectSchema<ServiceFields>(
    "service", "One container or process of a workload.",
    synonyms: [
      "environment": "env", "container_name": "name", "cmd": "command", "entrypoint": "command",
      "livenessProbe": "healthCheck", "readinessProbe": "healthCheck", "imagePullPolicy": "pullPolicy",
      "pull_policy": "pullPolicy", "volumeMounts": "volumes", "stop_grace_period": "stopGrace",
      "terminationGracePeriodSeconds": "stopGrace", "deploy": "resources", "configs": "configFiles",
      "labels": "annotations", "kill_timeout": "stopGrace", "working_dir": "workingDir", "cwd": "workingDir",
      "stop_signal": "stopSignal", "group_add": "groups", "stdin_open": "stdin",
      "securityContext": "security",
      "security_opt": "security", "network_mode": "network", "networks": "network", "dns": "network",
      "extra_hosts": "network", "log_driver": "logging", "read_only": "security", "privileged": "security",
      "cap_add": "security", "cap_drop": "security", "devices": "security", "ulimits": "resources",
      "shm_size": "resources", "pids_limit": "resources",
    ],
    shorthand: { "{name: \($0)}" },
    alternatives: Alternatives(
      ["image", "command"], code: .nothingToRun, help: "add `image`, or `command` with a program to run"),
    fields: [
      Field("name", \.name, "the name, unique within the workload", required: true, rules: [.dnsLabel]),
      Field(
        "role", \.role,
        "what it is to the workload: the one that does the work, one beside it, one that runs to success before them in each instance, or one that does so once per run, before any instance changes",
        impact: .replace),
      Field(
        "image", \.image, "the image it runs, where the engine runs images", impact: .replace,
        rules: [.imageReference]),
      Field(
        "command", \.command, "the program and its first arguments; without it, the image's own",
        impact: .replace, takesAddresses: true, rules: [.commandLine]),
      Field(
        "args", \.args, "arguments that follow the command", impact: .replace, takesAddresses: true,
        rules: [.arguments]),
      Field(
        "workingDir", \.workingDir, "where its program starts; without it, as the image says",
        impact: .restart, rules: [.folderPath]),
      Field(
        "user", \.user,
        "who runs its program, as `USER` or `USER:GROUP`, by name or number; without it, as the image says",
        impact: .restart, rules: [.user]),
      Field(
        "groups", \.groups, "further groups of that user, by name or number", impact: .restart,
        rules: [.groups]),
      Field(
        "hostname", \.hostname, "the name that it gives its own machine", impact: .restart, rules: [.hostName]
      ),
      Field(
        "stopSignal", \.stopSignal,
        "the signal that asks its program to stop, such as `SIGQUIT`; without it, as the image says",
        impact: .inPlace, rules: [.signal]),
      Field(
        "init", \.$init, "whether its first process is one that reaps the others and passes signals on",
        impact: .restart),
      Field("tty", \.$tty, "whether it gets a terminal", impact: .restart),
      Field("stdin", \.$stdin, "whether its standard input is kept open", impact: .restart),
      Field("security", \.$security, "what it may do to the machine that it runs on", impact: .restart),
      Field("network", \.$network, "how it is connected, apart from its ports", impact: .restart),
      Field("logging", \.$logging, "where what it prints is kept", impact: .inPlace),
      Field(
        "platform", \.platform, "the system and processor that its image is made for, such as `linux/arm64`",
        impact: .replace, rules: [.platform]),
      Field(
        "runtime", \.runtime, "what the engine runs it with, such as `runsc`; without it, the engine's own",
        impact: .replace, rules: [.notEmpty]),
      Field("resources", \.resources, "what it may use", impact: .inPlace),
      Field(
        "env", \.env, "environment variables", impact: .restart, takesSecrets: true,
        takesAddresses: true, rules: [.environmentNames]),
      Field("ports", \.ports, "ports it listens on", impact: .restart),
      Field("volumes", \.volumes, "storage it sees", impact: .replace),
      Field("healthCheck", \.healthCheck, "how to find out whether it can do its work", impact: .inPlace),
      Field("secrets", \.secrets, "secrets it is given", impact: .restart),
      Field("configFiles", \.configFiles, "files it is given", impact: .restart),
      Field("annotations", \.annotations, "notes for people and tools", impact: .inPlace, rules: [.labels]),
      Field("restart", \.restart, "what happens when its process ends", impact: .inPlace),
      Field(
        "maxRestarts", \.maxRestarts,
        "how often its process is started again after failures, with `restart: on-failure`; without it, without end",
        impact: .inPlace, rules: [.range(1...1_000_000)]),
      Field(
        "stopGrace", \.stopGrace, "how long it may take to stop before it is stopped by force",
        impact: .inPlace),
      Field("pullPolicy", \.pullPolicy, "when its image is pulled", compared: .never),
      Field("dependsOn", \.dependsOn, "the services that must be ready before it starts", impact: .inPlace),
      Field("on", \.on, at: .service, "what only one engine knows of it, under the engine's name"),
    ])
}
