import WorkloadSpec

/// What one service of a compose file becomes, before it is decided which workload it belongs to.
struct ServiceDraft: Sendable {
  /// The name in the compose file.
  let composeName: String
  /// The name in the spec.
  let name: String
  /// Where it is written.
  let location: SourceLocation
  /// Other names by which services of the compose file find it.
  var aliases: [String] = []

  var image: ComposeText?
  var command: [ComposeText] = []
  var args: [ComposeText] = []
  var resources = Resources()
  var env: [EnvironmentDraft] = []
  var ports: [PortDraft] = []
  var volumes: [VolumeDraft] = []
  var healthCheck: HealthCheckDraft?
  var secrets: [SecretReference] = []
  var configFiles: [ConfigFileDraft] = []
  var annotations: [EnvironmentDraft] = []
  /// Compose starts nothing again unless it is told to.
  var restart = RestartPolicy.never
  var stopGrace: SpecDuration?
  var pullPolicy: PullPolicy?

  var replicas: ReplicasDraft?
  var strategy: StrategyDraft?
  var dependencies: [DependencyDraft] = []
  /// Services that it shares more with than a network.
  var companions: [String] = []
  /// The networks that it is on, with where that is said.
  var networks: [String] = ["default"]
  var networksLocation: SourceLocation?
  /// What was reported of it.
  var notes = Diagnostics()
}

/// A name with a text, where it is written.
struct EnvironmentDraft: Sendable {
  let name: String
  let text: ComposeText
  let location: SourceLocation
}

/// A port; the number on the host may be a variable.
struct PortDraft: Sendable {
  let container: Int
  let transport: TransportProtocol
  var host: ComposeText?
  let location: SourceLocation
}

/// Storage at a path.
struct VolumeDraft: Sendable {
  let name: String
  /// The name in the compose file, if it has one there.
  let composeName: String?
  var type: VolumeType
  let mountPath: String
  var size: ByteQuantity?
  /// Whether several instances write to it.
  var isShared = false
  let location: SourceLocation

  /// Whether compose makes the volume for one container alone, and hands it over to the container's successor.
  var isAnonymous: Bool { composeName == nil && type == .persistent }
}

/// A health check, which in compose always runs a command.
struct HealthCheckDraft: Sendable {
  let command: [ComposeText]
  let interval: SpecDuration
  let timeout: SpecDuration
  let retries: Int
  let location: SourceLocation
}

/// A file with its content, or with the path of the file that has it.
struct ConfigFileDraft: Sendable {
  enum Source: Sendable {
    case content(ComposeText)
    /// As seen from the working folder.
    case file(String)
  }

  let name: String
  let path: String
  let source: Source
  let location: SourceLocation
}

/// How many containers a service has.
struct ReplicasDraft: Sendable {
  let count: Int
  let location: SourceLocation
}

/// How the containers of a service give way to new ones.
struct StrategyDraft: Sendable {
  let strategy: Strategy
  let location: SourceLocation
}

/// Something that a service waits for.
struct DependencyDraft: Sendable {
  /// What it waits for there.
  enum Condition: String, CaseIterable, Sendable {
    case started = "service_started"
    case healthy = "service_healthy"
    case completed = "service_completed_successfully"
  }

  let composeName: String
  let condition: Condition
  let location: SourceLocation
}
