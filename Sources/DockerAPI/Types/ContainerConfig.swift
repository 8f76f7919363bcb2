/// What a container runs, apart from what ties it to its host. What is `nil` is not sent, and the image's own
/// setting holds.
package struct ContainerConfig: Codable, Sendable, Equatable {
  /// The image: its name, or its id.
  package var image: String?
  /// The program and its first arguments; replaces the image's.
  package var entrypoint: [String]?
  /// What is run, or if there is an entrypoint, the rest of its arguments.
  package var command: [String]?
  /// The environment: `NAME=value`.
  package var environment: [String]?
  /// Text that is kept with the container, by name.
  package var labels: [String: String]?
  /// Ports that the program listens on: `8080/tcp`.
  package var exposedPorts: [String: EmptyObject]?
  /// How the engine checks its health.
  package var healthcheck: HealthcheckConfig?
  /// The signal that asks it to stop, such as `SIGTERM`.
  package var stopSignal: String?
  /// How long it may take to stop, in seconds, before it is killed.
  package var stopTimeout: Int?
  /// Who runs the program: `user`, `uid`, `user:group`.
  package var user: String?
  /// Where it starts.
  package var workingDirectory: String?
  /// The name that it has in its own network.
  package var hostname: String?
  /// The NIS domain name of its network namespace.
  package var domainName: String?
  /// The paths at which an image declares that it keeps data.
  package var volumes: [String: EmptyObject]?
  /// Whether it gets a terminal; its output is then one stream.
  package var terminal: Bool?
  /// Whether its standard input is kept open.
  package var opensInput: Bool?
  /// The hardware address that it has in its first network, before version 1.44 of the API.
  package var macAddress: String?

  /// A configuration that leaves everything to the image.
  package init() {}

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
package struct EmptyObject: Codable, Sendable, Equatable {
  package init() {}
}

/// How an engine checks the health of a container.
package struct HealthcheckConfig: Codable, Sendable, Equatable {
  /// `["CMD", program, …]`, `["CMD-SHELL", line]`, or `["NONE"]` to leave out the image's own check.
  package var test: [String]?
  /// The time between checks, in nanoseconds.
  package var interval: Int64?
  /// How long a check may take, in nanoseconds.
  package var timeout: Int64?
  /// How long failed checks don't count after the start, in nanoseconds.
  package var startPeriod: Int64?
  /// How many failed checks in a row make it unhealthy.
  package var retries: Int?
  /// The time between checks until one passes or the start period ends, in nanoseconds; since version 1.44 of the API.
  package var startInterval: Int64?

  package init(
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
