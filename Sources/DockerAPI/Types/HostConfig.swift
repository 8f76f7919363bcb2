/// What ties a container to its host: limits, mounts, published ports. What is `nil` is not sent, and the
/// engine's default holds.
public struct HostConfig: Codable, Sendable, Equatable {
  /// Mounts in short form: `volume:/path:ro`, `/host/path:/path`.
  public var binds: [String]?
  /// Mounts in long form.
  public var mounts: [MountSpec]?
  /// Ports of the container (`8080/tcp`), and where each is published.
  public var portBindings: [String: [PortBinding]?]?
  /// Whether the engine starts it again.
  public var restartPolicy: RestartPolicy?
  /// The most memory it may use, in bytes; 0 means no limit.
  public var memory: Int64?
  /// The most memory and swap together, in bytes; 0 leaves it to the engine, -1 means no limit.
  public var memorySwap: Int64?
  /// The memory it is left with when memory is short, in bytes.
  public var memoryReservation: Int64?
  /// The most processor time it may use, in billionths of a processor; 0 means no limit.
  public var nanoCPUs: Int64?
  /// Its weight when processors are short.
  public var cpuShares: Int64?
  /// How many processes it may have.
  public var pidsLimit: Int64?
  /// Devices that a driver gives it, such as GPUs.
  public var deviceRequests: [DeviceRequest]?
  /// The network: `bridge`, `host`, `none`, `container:ID`, or the name of one.
  public var networkMode: String?
  /// Folders in memory, and their options.
  public var tmpfs: [String: String]?
  /// Where its output is kept.
  public var logConfig: LogConfig?
  /// Whether an init process runs in it that reaps and forwards signals.
  public var initProcess: Bool?
  /// Whether its own file system can't be written.
  public var readOnlyRoot: Bool?
  /// Whether it is removed when it ends.
  public var autoRemove: Bool?
  /// Whether it may do all that the host may.
  public var privileged: Bool?
  /// Rights that are added.
  public var addedCapabilities: [String]?
  /// Rights that are taken away.
  public var droppedCapabilities: [String]?
  /// Options of the security modules.
  public var securityOptions: [String]?
  /// Lines for its hosts file: `name:address`.
  public var extraHosts: [String]?
  /// The size of `/dev/shm`, in bytes.
  public var sharedMemory: Int64?
  /// Options of the storage driver, such as `size`.
  public var storageOptions: [String: String]?
  /// Further groups of the user who runs the program.
  public var addedGroups: [String]?
  /// Devices of the host.
  public var devices: [DeviceMapping]?
  /// Rules of device control groups.
  public var deviceRules: [String]?
  /// Limits of its processes.
  public var ulimits: [UlimitConfig]?
  /// How soon it is ended when memory runs out.
  public var oomScore: Int?
  /// Whether it is not ended when its own memory runs out.
  public var disablesOOMKill: Bool?
  /// The processors that it may run on: `0-3,6`.
  public var cpuset: String?
  /// How gladly its memory is swapped out, from 0 to 100.
  public var swappiness: Int?
  /// Its weight when disks are busy.
  public var blockWeight: Int?
  /// Settings of the kernel in its namespaces.
  public var sysctls: [String: String]?
  /// The servers that are asked for names.
  public var nameServers: [String]?
  /// Options of its resolver.
  public var nameOptions: [String]?
  /// The domains in which short names are looked for.
  public var nameSearch: [String]?
  /// What the engine runs it with.
  public var runtime: String?
  /// With whom it shares memory: `none`, `private`, `shareable`, `host`, `container:ID`.
  public var ipcMode: String?
  /// Whose processes it sees: its own, if that is empty; `host`, `container:ID`.
  public var pidMode: String?
  /// Whose host name it has: its own, if that is empty; `host`.
  public var utsMode: String?
  /// Whose users it has: those of the engine's setting, if that is empty; `host`.
  public var userMode: String?
  /// Whose control groups it sees: `private` or `host`.
  public var groupMode: String?
  /// The control group in which its own is made.
  public var groupParent: String?

  /// A configuration that leaves everything to the engine.
  public init() {}

  enum CodingKeys: String, CodingKey {
    case binds = "Binds"
    case mounts = "Mounts"
    case portBindings = "PortBindings"
    case restartPolicy = "RestartPolicy"
    case memory = "Memory"
    case memorySwap = "MemorySwap"
    case memoryReservation = "MemoryReservation"
    case nanoCPUs = "NanoCpus"
    case cpuShares = "CpuShares"
    case pidsLimit = "PidsLimit"
    case deviceRequests = "DeviceRequests"
    case networkMode = "NetworkMode"
    case tmpfs = "Tmpfs"
    case logConfig = "LogConfig"
    case initProcess = "Init"
    case readOnlyRoot = "ReadonlyRootfs"
    case autoRemove = "AutoRemove"
    case privileged = "Privileged"
    case addedCapabilities = "CapAdd"
    case droppedCapabilities = "CapDrop"
    case securityOptions = "SecurityOpt"
    case extraHosts = "ExtraHosts"
    case sharedMemory = "ShmSize"
    case storageOptions = "StorageOpt"
    case addedGroups = "GroupAdd"
    case devices = "Devices"
    case deviceRules = "DeviceCgroupRules"
    case ulimits = "Ulimits"
    case oomScore = "OomScoreAdj"
    case disablesOOMKill = "OomKillDisable"
    case cpuset = "CpusetCpus"
    case swappiness = "MemorySwappiness"
    case blockWeight = "BlkioWeight"
    case sysctls = "Sysctls"
    case nameServers = "Dns"
    case nameOptions = "DnsOptions"
    case nameSearch = "DnsSearch"
    case runtime = "Runtime"
    case ipcMode = "IpcMode"
    case pidMode = "PidMode"
    case utsMode = "UTSMode"
    case userMode = "UsernsMode"
    case groupMode = "CgroupnsMode"
    case groupParent = "CgroupParent"
  }
}

/// A device of the host that a container sees.
public struct DeviceMapping: Codable, Sendable, Equatable {
  /// Its path on the host.
  public var source: String
  /// Its path in the container.
  public var target: String
  /// What may be done with it: `rwm`.
  public var permissions: String

  /// A device.
  public init(source: String, target: String, permissions: String) {
    self.source = source
    self.target = target
    self.permissions = permissions
  }

  enum CodingKeys: String, CodingKey {
    case source = "PathOnHost"
    case target = "PathInContainer"
    case permissions = "CgroupPermissions"
  }
}

/// A limit of a container's processes.
public struct UlimitConfig: Codable, Sendable, Equatable {
  /// What is limited: `nofile`.
  public var name: String
  /// What a process has at first; -1 means no limit.
  public var soft: Int
  /// What it can have at most; -1 means no limit.
  public var hard: Int

  /// A limit.
  public init(name: String, soft: Int, hard: Int) {
    self.name = name
    self.soft = soft
    self.hard = hard
  }

  enum CodingKeys: String, CodingKey {
    case name = "Name"
    case soft = "Soft"
    case hard = "Hard"
  }
}

/// Where a port is published.
public struct PortBinding: Codable, Sendable, Hashable {
  /// The address of the host; empty or `nil` means all.
  public var address: String?
  /// The port of the host; empty or `0` lets the engine choose one.
  public var port: String?

  /// A binding.
  public init(address: String? = nil, port: String? = nil) {
    self.address = address
    self.port = port
  }

  enum CodingKeys: String, CodingKey {
    case address = "HostIp"
    case port = "HostPort"
  }
}

/// Whether an engine starts a container again when it ends.
public struct RestartPolicy: Codable, Sendable, Equatable {
  /// `no`, `always`, `unless-stopped` or `on-failure`; engines may say nothing for `no`.
  public var name: String?
  /// How often at most, for `on-failure`; 0 means without end.
  public var maximumRetries: Int?

  /// A policy.
  public init(name: String, maximumRetries: Int? = nil) {
    self.name = name
    self.maximumRetries = maximumRetries
  }

  enum CodingKeys: String, CodingKey {
    case name = "Name"
    case maximumRetries = "MaximumRetryCount"
  }
}

/// Devices that a driver gives to a container.
public struct DeviceRequest: Codable, Sendable, Equatable {
  /// The driver, such as `nvidia`.
  public var driver: String?
  /// How many devices; -1 means all.
  public var count: Int?
  /// The ids of the devices, instead of a count.
  public var deviceIDs: [String]?
  /// What the devices must be able to do: one of the lists, all of its entries (`[["gpu"]]`).
  public var capabilities: [[String]]?

  /// A request.
  public init(
    driver: String? = nil, count: Int? = nil, deviceIDs: [String]? = nil, capabilities: [[String]]? = nil
  ) {
    self.driver = driver
    self.count = count
    self.deviceIDs = deviceIDs
    self.capabilities = capabilities
  }

  enum CodingKeys: String, CodingKey {
    case driver = "Driver"
    case count = "Count"
    case deviceIDs = "DeviceIDs"
    case capabilities = "Capabilities"
  }
}

/// Where the output of a container is kept.
public struct LogConfig: Codable, Sendable, Equatable {
  /// The driver, such as `json-file`.
  public var type: String?
  /// The driver's options, such as `max-size`.
  public var options: [String: String]?

  /// A configuration.
  public init(type: String, options: [String: String]? = nil) {
    self.type = type
    self.options = options
  }

  enum CodingKeys: String, CodingKey {
    case type = "Type"
    case options = "Config"
  }
}

/// A mount that is asked for.
public struct MountSpec: Codable, Sendable, Equatable {
  /// `volume`, `bind` or `tmpfs`.
  public var type: String
  /// The name of the volume, or the path on the host.
  public var source: String?
  /// The path in the container.
  public var target: String
  /// Whether it can't be written there.
  public var readOnly: Bool?
  /// What holds for a volume.
  public var volumeOptions: VolumeOptions?
  /// What holds for a path of the host.
  public var bindOptions: BindOptions?
  /// What holds for a folder in memory.
  public var memoryOptions: MemoryOptions?

  /// What holds for a path of the host that is mounted.
  public struct BindOptions: Codable, Sendable, Equatable {
    /// How mounts below it are shared: `rprivate`, `rslave`, `rshared`.
    public var propagation: String?

    /// Options.
    public init(propagation: String? = nil) { self.propagation = propagation }

    enum CodingKeys: String, CodingKey { case propagation = "Propagation" }
  }

  /// What holds for a folder in memory.
  public struct MemoryOptions: Codable, Sendable, Equatable {
    /// How much it may hold, in bytes.
    public var size: Int64?
    /// Its permissions.
    public var mode: UInt32?

    /// Options.
    public init(size: Int64? = nil, mode: UInt32? = nil) {
      self.size = size
      self.mode = mode
    }

    enum CodingKeys: String, CodingKey {
      case size = "SizeBytes"
      case mode = "Mode"
    }
  }

  /// What holds for a volume that is mounted.
  public struct VolumeOptions: Codable, Sendable, Equatable {
    /// Whether an empty volume stays empty, rather than being filled with what the image has at that path.
    public var noCopy: Bool?
    /// The labels it gets if it is made now.
    public var labels: [String: String]?
    /// The part of it that is mounted; since version 1.45 of the API.
    public var subpath: String?

    /// Options.
    public init(noCopy: Bool? = nil, labels: [String: String]? = nil, subpath: String? = nil) {
      self.noCopy = noCopy
      self.labels = labels
      self.subpath = subpath
    }

    enum CodingKeys: String, CodingKey {
      case noCopy = "NoCopy"
      case labels = "Labels"
      case subpath = "Subpath"
    }
  }

  /// A mount.
  public init(
    type: String = "volume", source: String? = nil, target: String, readOnly: Bool? = nil,
    volumeOptions: VolumeOptions? = nil, bindOptions: BindOptions? = nil, memoryOptions: MemoryOptions? = nil
  ) {
    self.bindOptions = bindOptions
    self.memoryOptions = memoryOptions
    self.type = type
    self.source = source
    self.target = target
    self.readOnly = readOnly
    self.volumeOptions = volumeOptions
  }

  enum CodingKeys: String, CodingKey {
    case type = "Type"
    case source = "Source"
    case target = "Target"
    case readOnly = "ReadOnly"
    case volumeOptions = "VolumeOptions"
    case bindOptions = "BindOptions"
    case memoryOptions = "TmpfsOptions"
  }
}
