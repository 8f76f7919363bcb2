/// What an engine is.
public struct EngineVersion: Decodable, Sendable, Equatable {
  /// Its version, such as `28.2.2`.
  public let version: String
  /// The newest version of the API that it speaks.
  public let api: String
  /// The oldest version of the API that it speaks.
  public let oldestAPI: String?
  /// The system that its containers run on, such as `linux`.
  public let system: String?
  /// The processors that they run on, such as `amd64`.
  public let architecture: String?
  /// The version of the kernel.
  public let kernel: String?

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
public struct EngineInfo: Decodable, Sendable, Equatable {
  /// What tells this engine from all others.
  public let id: String
  /// The name of its machine.
  public let name: String?
  /// The version that the program reports of itself.
  public let version: String?
  /// The system of its machine, in words.
  public let operatingSystem: String?
  /// The system that its containers run on, such as `linux`.
  public let system: String?
  /// The processors of its machine, such as `x86_64`.
  public let architecture: String?
  /// How many processors it has.
  public let processors: Int?
  /// Its memory in bytes.
  public let memory: Int64?
  /// The driver of its images' storage.
  public let storageDriver: String?
  /// Where it keeps what it holds.
  public let rootFolder: String?
  /// The version of the control groups: `1` or `2`.
  public let controlGroups: String?
  /// Whether containers' memory can be limited.
  public let limitsMemory: Bool?
  /// Whether containers' processor time can be limited.
  public let limitsCPU: Bool?
  /// Whether the number of containers' processes can be limited.
  public let limitsProcesses: Bool?
  /// Whether containers can be kept to some processors.
  public let limitsProcessors: Bool?
  /// The programs that run containers, by name.
  public let runtimes: [String: Runtime]?
  /// How containers are kept apart: `name=rootless`, `name=seccomp,profile=default`.
  public let securityOptions: [String]?
  /// The labels of the engine.
  public let labels: [String]?
  /// What the engine warns of.
  public let warnings: [String]?
  /// Where networks get their addresses from, as the engine was told; `nil` if it was told nothing.
  public let addressPools: [AddressPool]?

  /// Addresses that an engine divides among networks.
  public struct AddressPool: Decodable, Sendable, Equatable {
    /// All of them: `10.64.0.0/10`.
    public let base: String
    /// How many bits the addresses of one network have in common.
    public let size: Int

    enum CodingKeys: String, CodingKey {
      case base = "Base"
      case size = "Size"
    }
  }

  /// A program that runs containers.
  public struct Runtime: Decodable, Sendable, Equatable {
    /// Its path.
    public let path: String?
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
