/// A container, as an engine describes it in full.
package struct Container: Decodable, Sendable, Equatable {
  package let id: String
  private let path: String
  package var name: String { path.hasPrefix("/") ? String(path.dropFirst()) : path }
  /// When it was created.
  package let created: EngineTime
  /// The id of the image that it was made from.
  package let imageID: String
  package let state: ContainerState
  /// What it runs, with what the image sets.
  package var config: ContainerConfig
  /// What ties it to its host.
  package var host: HostConfig
  /// How it is reached.
  package let network: NetworkSettings
  package let mounts: [Mount]?
  /// How often the engine started it again by itself.
  package let restartCount: Int?

  enum CodingKeys: String, CodingKey {
    case id = "Id"
    case path = "Name"
    case created = "Created"
    case imageID = "Image"
    case state = "State"
    case config = "Config"
    case host = "HostConfig"
    case network = "NetworkSettings"
    case mounts = "Mounts"
    case restartCount = "RestartCount"
  }
}

/// How a container is.
package struct ContainerState: Decodable, Sendable, Equatable {
  /// `created`, `running`, `paused`, `restarting`, `removing`, `exited` or `dead`.
  package let status: String
  /// Whether it runs; also while it is paused or between restarts.
  package let running: Bool
  /// How it ended last; 0 if it did not yet.
  package let exitCode: Int?
  /// Whether it was killed because memory ran out.
  package let outOfMemory: Bool?
  /// Why it could not be started; empty if it could.
  package let error: String?
  /// The process id on the engine's machine; 0 if it does not run.
  package let pid: Int?
  /// When it was started last, or ``EngineTime/never``.
  package let startedAt: EngineTime?
  /// When it ended last, or ``EngineTime/never``.
  package let finishedAt: EngineTime?
  /// What its health check says; `nil` if it has none.
  package let health: ContainerHealth?

  enum CodingKeys: String, CodingKey {
    case status = "Status"
    case running = "Running"
    case exitCode = "ExitCode"
    case outOfMemory = "OOMKilled"
    case error = "Error"
    case pid = "Pid"
    case startedAt = "StartedAt"
    case finishedAt = "FinishedAt"
    case health = "Health"
  }
}

/// What the health check of a container says.
package struct ContainerHealth: Decodable, Sendable, Equatable {
  /// `none`, `starting`, `healthy` or `unhealthy`.
  package let status: String
  /// How many checks failed in a row.
  package let failingStreak: Int?
  /// The last few checks, oldest first.
  package let log: [Check]?

  /// A check that was made.
  package struct Check: Decodable, Sendable, Equatable {
    /// When it was started.
    package let start: EngineTime?
    package let end: EngineTime?
    /// How it ended: 0 is healthy; -1 means that it could not be run or took too long.
    package let exitCode: Int?
    /// What it wrote, shortened by the engine.
    package let output: String?

    enum CodingKeys: String, CodingKey {
      case start = "Start"
      case end = "End"
      case exitCode = "ExitCode"
      case output = "Output"
    }
  }

  enum CodingKeys: String, CodingKey {
    case status = "Status"
    case failingStreak = "FailingStreak"
    case log = "Log"
  }
}

/// How a container is reached.
package struct NetworkSettings: Decodable, Sendable, Equatable {
  /// Ports of the container (`8080/tcp`), and where each is published now.
  package let ports: [String: [PortBinding]?]?
  /// The networks that it is in, by their names.
  package let networks: [String: EndpointSettings]?

  enum CodingKeys: String, CodingKey {
    case ports = "Ports"
    case networks = "Networks"
  }
}

/// Something mounted in a container.
package struct Mount: Decodable, Sendable, Equatable {
  /// `volume`, `bind` or `tmpfs`.
  package let type: String?
  /// The name of the volume.
  package let name: String?
  /// The path on the engine's machine.
  package let source: String?
  /// The path in the container.
  package let destination: String
  /// The driver of the volume.
  package let driver: String?
  /// Whether it can be written.
  package let writable: Bool?

  enum CodingKeys: String, CodingKey {
    case type = "Type"
    case name = "Name"
    case source = "Source"
    case destination = "Destination"
    case driver = "Driver"
    case writable = "RW"
  }
}

/// A container in a list.
package struct ContainerSummary: Decodable, Sendable, Equatable {
  package let id: String
  private let paths: [String]?
  /// Its names; more than one only if others link to it.
  package var names: [String] { (paths ?? []).map { $0.hasPrefix("/") ? String($0.dropFirst()) : $0 } }
  /// The image, as it was asked for.
  package let image: String
  package let imageID: String
  /// When it was created, in seconds since 1970-01-01T00:00:00Z.
  package let created: Int64?
  package var labels: [String: String]?
  /// `created`, `running`, `paused`, `restarting`, `removing`, `exited` or `dead`.
  package let state: String
  /// The state in words: `Up 2 hours (healthy)`.
  package let status: String?
  package let ports: [Port]?
  package let mounts: [Mount]?
  /// The networks that it is in; lists tell nothing else of how it is reached.
  package let network: NetworkSettings?

  /// Whether it is in a network, be it running or not.
  package func isIn(_ network: String) -> Bool { self.network?.networks?[network] != nil }

  package struct Port: Decodable, Sendable, Hashable {
    /// The port in the container.
    package let container: Int
    /// The port of the host; `nil` if it is not published.
    package let host: Int?
    /// The address of the host.
    package let address: String?
    /// `tcp`, `udp` or `sctp`.
    package let type: String

    enum CodingKeys: String, CodingKey {
      case container = "PrivatePort"
      case host = "PublicPort"
      case address = "IP"
      case type = "Type"
    }
  }

  enum CodingKeys: String, CodingKey {
    case id = "Id"
    case paths = "Names"
    case image = "Image"
    case imageID = "ImageID"
    case created = "Created"
    case labels = "Labels"
    case state = "State"
    case status = "Status"
    case ports = "Ports"
    case mounts = "Mounts"
    case network = "NetworkSettings"
  }
}
