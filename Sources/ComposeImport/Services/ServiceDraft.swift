import Diagnostics
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
  /// Those of them that the spec lists.
  var networkAliases: [String] = []
  /// The name of its container, if it has one of its own.
  var containerName: String?
  /// Networks that are there already, which it joins.
  var joined: [JoinedDraft] = []
  /// Whether it is in a network of its own or of its instance, and not in the machine's or in none.
  var hasOwnNetwork = true

  var image: ComposeText?
  var command: [ComposeText] = []
  var args: [ComposeText] = []
  var resources = Resources()
  var env: [EnvironmentDraft] = []
  var ports: [PortDraft] = []
  var volumes: [VolumeDraft] = []
  var healthCheck: HealthCheckDraft?
  /// Further fields, under the names that the language has for them.
  var stated = SpecDraft.map([])
  var secrets: [SecretReference] = []
  var configFiles: [ConfigFileDraft] = []
  var annotations: [EnvironmentDraft] = []
  /// Compose starts nothing again unless it is told to.
  var restart = RestartPolicy.never
  /// How often it is started again after failures, where that has an end.
  var maxRestarts: Int?
  var stopGrace: SpecDuration?
  var pullPolicy: PullPolicy?

  var replicas: ReplicasDraft?
  var strategy: StrategyDraft?
  var dependencies: [DependencyDraft] = []
  /// Services that it shares more with than a network.
  var companions: [String] = []
  /// Services whose volumes it has, too.
  var volumeOwners: [VolumeOwner] = []
  /// Names by which it looks for other services.
  var links: [(target: String, alias: String, location: SourceLocation)] = []
  /// Files of the machine that it reads, which may name other services.
  var readFiles: [(path: String, location: SourceLocation)] = []
  /// The networks that it is on, with where that is said.
  var networks: [String] = ["default"]
  var networksLocation: SourceLocation?
  /// What was reported of it.
  var notes = Diagnostics()
}

extension ServiceDraft {
  /// Whether the two join a network that is there already.
  func sharesJoined(with other: ServiceDraft) -> Bool {
    !Set(joined.map(\.name)).isDisjoint(with: other.joined.map(\.name))
  }

  /// Whether it finds a service of another workload by a name that this one has in a network which both join.
  func finds(_ other: ServiceDraft, by name: String) -> Bool {
    let own = Set(joined.map(\.name))
    return other.joined.contains { own.contains($0.name) && $0.aliases.contains(name) }
  }
}

/// A name with a text, where it is written.
struct EnvironmentDraft: Sendable {
  let name: String
  var text: ComposeText
  let location: SourceLocation
}

/// A port; the number on the host may be a variable.
struct PortDraft: Sendable {
  let container: Int
  let transport: TransportProtocol
  var host: ComposeText?
  /// The host's address; `nil` for all that it has.
  var address: ComposeText?
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
  /// The path of a bind, or the engine's name of an external one.
  var source: ComposeText?
  var isReadOnly = false
  var subPath: String?
  var mode: String?
  var driver: SpecDraft?
  /// What only Docker knows of it.
  var docker: [SpecDraft.Member] = []
  /// Whether several instances write to it.
  var isShared = false
  let location: SourceLocation

  /// Whether compose makes the volume for one container alone, and hands it over to the container's successor.
  var isAnonymous: Bool { composeName == nil && type == .persistent }
}

/// A network that is there already.
struct JoinedDraft: Sendable {
  let name: String
  var aliases: [String] = []
  var address: String?
  let location: SourceLocation
}

/// A service whose volumes another one has, too.
struct VolumeOwner: Sendable {
  let composeName: String
  let isReadOnly: Bool
  let location: SourceLocation
}

/// A health check, which in compose always runs a command; without one, there is none, not even the image's own.
struct HealthCheckDraft: Sendable {
  var command: [ComposeText]
  let interval: SpecDuration
  let timeout: SpecDuration
  let retries: Int
  var startPeriod: SpecDuration?
  var startInterval: SpecDuration?
  let location: SourceLocation
}

/// A file with its content, or with the path of the file that has it.
struct ConfigFileDraft: Sendable {
  enum Source: Sendable {
    case content(ComposeText)
    /// As seen from the working folder.
    case file(String)
    /// A folder with files, as seen from the working folder.
    case folder(String)
  }

  let name: String
  let path: String
  var source: Source
  let location: SourceLocation
  var mode: String?
  var owner: String?
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
