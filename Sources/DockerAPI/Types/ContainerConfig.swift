/// What a container runs, apart from what ties it to its host. What is `nil` is not sent, and the image's own
/// setting holds.
public struct ContainerConfig: Codable, Sendable, Equatable {
  /// The image: its name, or its id.
  public var image: String?
  /// The program and its first arguments; replaces the image's.
  public var entrypoint: [String]?
  /// What is run, or if there is an entrypoint, the rest of its arguments.
  public var command: [String]?
  /// The environment: `NAME=value`.
  public var environment: [String]?
  /// Text that is kept with the container, by name.
  public var labels: [String: String]?
  /// Ports that the program listens on: `8080/tcp`.
  public var exposedPorts: [String: EmptyObject]?
  /// How the engine checks its health.
  public var healthcheck: HealthcheckConfig?
  /// The signal that asks it to stop, such as `SIGTERM`.
  public var stopSignal: String?
  /// How long it may take to stop, in seconds, before it is killed.
  public var stopTimeout: Int?
  /// Who runs the program: `user`, `uid`, `user:group`.
  public var user: String?
  /// Where it starts.
  public var workingDirectory: String?
  /// The name that it has in its own network.
  public var hostname: String?
  /// The domain of that name.
  public var domainName: String?
  /// The paths at which an image declares that it keeps data.
  public var volumes: [String: EmptyObject]?
  /// Whether it gets a terminal; its output is then one stream.
  public var terminal: Bool?
  /// Whether its standard input is kept open.
  public var opensInput: Bool?
  /// The hardware address that it has in its first network, before version 1.44 of the API.
  public var macAddress: String?

  /// A configuration that leaves everything to the image.
  public init() {}

  enum CodingKeys: String, CodingKey {
    case image = "Image"
    case entrypoint = "Entrypoint"
    case command = "Cmd"
    case environment = "Env"
    case labels = "Labels"
    case exposedPorts = "ExposedPorts"
    case healthcheck = "Healthcheck"
    case stopSignal = "StopSignal"
    case stopTimeout = "StopTimeout"
    case user = "User"
    case workingDirectory = "WorkingDir"
    case hostname = "Hostname"
    case domainName = "Domainname"
    case volumes = "Volumes"
    case terminal = "Tty"
    case opensInput = "OpenStdin"
    case macAddress = "MacAddress"
  }
}

/// An object without fields, which the Engine API uses where only the key tells something.
public struct EmptyObject: Codable, Sendable, Equatable {
  /// The object.
  public init() {}
}

/// How an engine checks the health of a container.
public struct HealthcheckConfig: Codable, Sendable, Equatable {
  /// `["CMD", program, …]`, `["CMD-SHELL", line]`, or `["NONE"]` to leave out the image's own check.
  public var test: [String]?
  /// The time between checks, in nanoseconds.
  public var interval: Int64?
  /// How long a check may take, in nanoseconds.
  public var timeout: Int64?
  /// How long failed checks don't count after the start, in nanoseconds.
  public var startPeriod: Int64?
  /// How many failed checks in a row make it unhealthy.
  public var retries: Int?
  /// The time between checks until one passes or the start period ends, in nanoseconds; since version 1.44 of the API.
  public var startInterval: Int64?

  /// A check.
  public init(
    test: [String]?, interval: Int64? = nil, timeout: Int64? = nil, startPeriod: Int64? = nil,
    retries: Int? = nil
  ) {
    self.test = test
    self.interval = interval
    self.timeout = timeout
    self.startPeriod = startPeriod
    self.retries = retries
  }

  enum CodingKeys: String, CodingKey {
    case test = "Test"
    case interval = "Interval"
    case timeout = "Timeout"
    case startPeriod = "StartPeriod"
    case retries = "Retries"
    case startInterval = "StartInterval"
  }
}
