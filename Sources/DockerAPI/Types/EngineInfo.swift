/// What an engine tells of its program and its API (`GET /version`).
package struct EngineVersion: Decodable, Sendable, Equatable {
  /// Its version, such as `28.2.2`.
  package let version: String
  /// The newest version of the API that it speaks.
  package let api: String
  /// The oldest version of the API that it speaks.
  package let oldestAPI: String?
  /// The system that its containers run on, such as `linux`.
  package let system: String?
  /// The processors that they run on, such as `amd64`.
  package let architecture: String?
  package let kernel: String?

  enum CodingKeys: String, CodingKey {
    case version = "Version"
    case api = "ApiVersion"
    case oldestAPI = "MinAPIVersion"
    case system = "Os"
    case architecture = "Arch"
    case kernel = "KernelVersion"
  }
}

/// What an engine has, and how it is set up.
package struct EngineInfo: Decodable, Sendable, Equatable {
  /// What tells this engine from all others.
  package let id: String
  /// The name of its machine.
  package let name: String?
  /// The version that the program reports of itself.
  package let version: String?
  /// The system of its machine, in words.
  package let operatingSystem: String?
  /// The system that its containers run on, such as `linux`.
  package let system: String?
  /// The processors of its machine, such as `x86_64`.
  package let architecture: String?
  /// How many processors it has.
  package let processors: Int?
  /// Its memory in bytes.
  package let memory: Int64?
  /// The driver of its images' storage.
  package let storageDriver: String?
  /// Where it keeps what it holds.
  package let rootFolder: String?
  /// The version of the control groups: `1` or `2`.
  package let controlGroups: String?
  /// Whether containers' memory can be limited.
  package let limitsMemory: Bool?
  /// Whether containers' processor time can be limited.
  package let limitsCPU: Bool?
  /// Whether the number of containers' processes can be limited.
  package let limitsProcesses: Bool?
  /// Whether containers can be kept to some processors.
  package let limitsProcessors: Bool?
  /// The programs that run containers, by name.
  package let runtimes: [String: Runtime]?
  /// How containers are kept apart: `name=rootless`, `name=seccomp,profile=default`.
  package let securityOptions: [String]?
  package let labels: [String]?
  /// What the engine warns of.
  package let warnings: [String]?
  /// Where networks get their addresses from, as the engine was told; `nil` if it was told nothing.
  package let addressPools: [AddressPool]?

  /// Addresses that an engine divides among networks.
  package struct AddressPool: Decodable, Sendable, Equatable {
    /// All of them: `10.64.0.0/10`.
    package let base: String
    /// How many bits the addresses of one network have in common.
    package let size: Int

    enum CodingKeys: String, CodingKey {
      case base = "Base"
      case size = "Size"
    }
  }

  /// A program that runs containers.
  package struct Runtime: Decodable, Sendable, Equatable {
    package let path: String?
  }

  enum CodingKeys: String, CodingKey {
    case id = "ID"
    case name = "Name"
    case version = "ServerVersion"
    case operatingSystem = "OperatingSystem"
    case system = "OSType"
    case architecture = "Architecture"
    case processors = "NCPU"
    case memory = "MemTotal"
    case storageDriver = "Driver"
    case rootFolder = "DockerRootDir"
    case controlGroups = "CgroupVersion"
    case limitsMemory = "MemoryLimit"
    case limitsCPU = "CpuCfsQuota"
    case limitsProcesses = "PidsLimit"
    case limitsProcessors = "CPUSet"
    case runtimes = "Runtimes"
    case securityOptions = "SecurityOptions"
    case labels = "Labels"
    case warnings = "Warnings"
    case addressPools = "DefaultAddressPools"
  }
}
