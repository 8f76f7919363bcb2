/// A container that is to be created.
package struct ContainerCreation: Encodable, Sendable, Equatable {
  /// What it runs.
  package var config: ContainerConfig
  /// What ties it to its host.
  package var host: HostConfig
  /// The networks that it joins, and as what. Engines before version 1.44 of the API take one here; join the
  /// others with ``NetworkCalls/connect(_:container:as:)``.
  package var networks: [String: EndpointConfig]

  package init(
    config: ContainerConfig = ContainerConfig(), host: HostConfig = HostConfig(),
    networks: [String: EndpointConfig] = [:]
  ) {
    self.config = config
    self.host = host
    self.networks = networks
  }

  private enum CodingKeys: String, CodingKey {
    case host = "HostConfig"
    case networking = "NetworkingConfig"
  }

  private struct Networking: Encodable {
    let endpoints: [String: EndpointConfig]

    enum CodingKeys: String, CodingKey { case endpoints = "EndpointsConfig" }
  }

  /// The configuration's fields, and beside them those of the host and the networks.
  package func encode(to encoder: any Encoder) throws {
    try config.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(host, forKey: .host)
    if !networks.isEmpty { try container.encode(Networking(endpoints: networks), forKey: .networking) }
  }
}

/// What an engine says of a container that it created.
package struct CreatedContainer: Decodable, Sendable, Equatable {
  package let id: String
  /// What the engine warns of.
  package let warnings: [String]?

  enum CodingKeys: String, CodingKey {
    case id = "Id"
    case warnings = "Warnings"
  }
}

/// Changes to a container that are made while it runs. What is `nil` stays as it is.
package struct ContainerUpdate: Encodable, Sendable, Equatable {
  /// The most memory it may use, in bytes.
  package var memory: Int64?
  /// The most memory and swap together, in bytes; it must not be less than the memory. -1 means no limit.
  package var memorySwap: Int64?
  /// The memory it is left with when memory is short, in bytes.
  package var memoryReservation: Int64?
  /// The most processor time it may use, in billionths of a processor.
  package var nanoCPUs: Int64?
  /// Its weight when processors are short.
  package var cpuShares: Int64?
  /// The processors that it may run on.
  package var cpuset: String?
  /// How many processes it may have.
  package var pidsLimit: Int64?
  /// Whether the engine starts it again.
  package var restartPolicy: RestartPolicy?

  package init(
    memory: Int64? = nil, memorySwap: Int64? = nil, memoryReservation: Int64? = nil, nanoCPUs: Int64? = nil,
    cpuShares: Int64? = nil, cpuset: String? = nil, pidsLimit: Int64? = nil,
    restartPolicy: RestartPolicy? = nil
  ) {
    self.memory = memory
    self.memorySwap = memorySwap
    self.memoryReservation = memoryReservation
    self.nanoCPUs = nanoCPUs
    self.cpuShares = cpuShares
    self.cpuset = cpuset
    self.pidsLimit = pidsLimit
    self.restartPolicy = restartPolicy
  }

  enum CodingKeys: String, CodingKey {
    case memory = "Memory"
    case memorySwap = "MemorySwap"
    case memoryReservation = "MemoryReservation"
    case nanoCPUs = "NanoCpus"
    case cpuShares = "CpuShares"
    case cpuset = "CpusetCpus"
    case pidsLimit = "PidsLimit"
    case restartPolicy = "RestartPolicy"
  }
}
