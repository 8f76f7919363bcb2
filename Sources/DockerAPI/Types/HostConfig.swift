/// What ties a container to its host: limits, mounts, published ports. What is `nil` is not sent, and the
/// engine's default holds.
package struct HostConfig: Codable, Sendable, Equatable {
  /// Mounts in short form: `volume:/path:ro`, `/host/path:/path`.
  package var binds: [String]?
  /// Mounts in long form.
  package var mounts: [MountSpec]?
  /// Ports of the container (`8080/tcp`), and where each is published.
  package var portBindings: [String: [PortBinding]?]?
  /// Whether the engine starts it again.
  package var restartPolicy: RestartPolicy?
  /// The most memory it may use, in bytes; 0 means no limit.
  package var memory: Int64?
  /// The most memory and swap together, in bytes; 0 leaves it to the engine, -1 means no limit.
  package var memorySwap: Int64?
  /// The memory it is left with when memory is short, in bytes.
  package var memoryReservation: Int64?
  /// The most processor time it may use, in billionths of a processor; 0 means no limit.
  package var nanoCPUs: Int64?
  /// Its weight when processors are short.
  package var cpuShares: Int64?
  /// How many processes it may have.
  package var pidsLimit: Int64?
  /// Devices that a driver gives it, such as GPUs.
  package var deviceRequests: [DeviceRequest]?
  /// The network: `bridge`, `host`, `none`, `container:ID`, or the name of one.
  package var networkMode: String?
  /// Folders in memory, and their options.
  package var tmpfs: [String: String]?
  /// Where its output is kept.
  package var logConfig: LogConfig?
  /// Whether an init process runs in it that reaps and forwards signals.
  package var initProcess: Bool?
  /// Whether its own file system can't be written.
  package var readOnlyRoot: Bool?
  /// Whether it is removed when it ends.
  package var autoRemove: Bool?
  /// Whether it may do all that the host may.
  package var privileged: Bool?
  /// Rights that are added.
  package var addedCapabilities: [String]?
  /// Rights that are taken away.
  package var droppedCapabilities: [String]?
  /// Options of the security modules.
  package var securityOptions: [String]?
  /// Lines for its hosts file: `name:address`.
  package var extraHosts: [String]?
  /// The size of `/dev/shm`, in bytes.
  package var sharedMemory: Int64?
  /// Options of the storage driver, such as `size`.
  package var storageOptions: [String: String]?
  /// Further groups of the user who runs the program.
  package var addedGroups: [String]?
  package var devices: [DeviceMapping]?
  /// Rules of device control groups.
  package var deviceRules: [String]?
  /// Limits of its processes.
  package var ulimits: [UlimitConfig]?
  /// How soon it is ended when memory runs out.
  package var oomScore: Int?
  /// Whether it is not ended when its own memory runs out.
  package var disablesOOMKill: Bool?
  /// The processors that it may run on: `0-3,6`.
  package var cpuset: String?
  /// How gladly its memory is swapped out, from 0 to 100.
  package var swappiness: Int?
  /// Its weight when disks are busy.
  package var blockWeight: Int?
  /// Settings of the kernel in its namespaces.
  package var sysctls: [String: String]?
  /// The servers that are asked for names.
  package var nameServers: [String]?
  /// Options of its resolver.
  package var nameOptions: [String]?
  /// The domains in which short names are looked for.
  package var nameSearch: [String]?
  /// What the engine runs it with.
  package var runtime: String?
  /// With whom it shares memory: `none`, `private`, `shareable`, `host`, `container:ID`.
  package var ipcMode: String?
  /// Whose processes it sees: its own, if that is empty; `host`, `container:ID`.
  package var pidMode: String?
  /// Whose host name it has: its own, if that is empty; `host`.
  package var utsMode: String?
  /// Whose users it has: those of the engine's setting, if that is empty; `host`.
  package var userMode: String?
  /// Whose control groups it sees: `private` or `host`.
  package var groupMode: String?
  /// The control group in which its own is made.
  package var groupParent: String?

  /// A configuration that leaves everything to the engine.
  package init() {}

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
package struct DeviceMapping: Codable, Sendable, Equatable {
  /// Its path on the host.
  package var source: String
  /// Its path in the container.
  package var target: String
  /// What may be done with it: `rwm`.
  package var permissions: String

  package init(source: String, target: String, permissions: String) {
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
package struct UlimitConfig: Codable, Sendable, Equatable {
  /// What is limited: `nofile`.
  package var name: String
  /// What a process has at first; -1 means no limit.
  package var soft: Int
  /// What it can have at most; -1 means no limit.
  package var hard: Int

  package init(name: String, soft: Int, hard: Int) {
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
package struct PortBinding: Codable, Sendable, Hashable {
  /// The address of the host; empty or `nil` means all.
  package var address: String?
  /// The port of the host; empty or `0` lets the engine choose one.
  package var port: String?

  package init(address: String? = nil, port: String? = nil) {
    self.address = address
    self.port = port
  }

  enum CodingKeys: String, CodingKey {
    case address = "HostIp"
    case port = "HostPort"
  }
}

/// Whether an engine starts a container again when it ends.
package struct RestartPolicy: Codable, Sendable, Equatable {
  /// `no`, `always`, `unless-stopped` or `on-failure`; engines may say nothing for `no`.
  package var name: String?
  /// How often at most, for `on-failure`; 0 means without end.
  package var maximumRetries: Int?

  package init(name: String, maximumRetries: Int? = nil) {
    self.name = name
    self.maximumRetries = maximumRetries
  }

  enum CodingKeys: String, CodingKey {
    case name = "Name"
    case maximumRetries = "MaximumRetryCount"
  }
}

/// Devices that a driver gives to a container.
package struct DeviceRequest: Codable, Sendable, Equatable {
  /// The driver, such as `nvidia`.
  package var driver: String?
  /// How many devices; -1 means all.
  package var count: Int?
  /// The ids of the devices, instead of a count.
  package var deviceIDs: [String]?
  /// What the devices must be able to do: one of the lists, all of its entries (`[["gpu"]]`).
  package var capabilities: [[String]]?

  package init(
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
package struct LogConfig: Codable, Sendable, Equatable {
  /// The driver, such as `json-file`.
  package var type: String?
  /// The driver's options, such as `max-size`.
  package var options: [String: String]?

  package init(type: String, options: [String: String]? = nil) {
    self.type = type
    self.options = options
  }

  enum CodingKeys: String, CodingKey {
    case type = "Type"
    case options = "Config"
  }
}

/// A mount that is asked for.
package struct MountSpec: Codable, Sendable, Equatable {
  /// `volume`, `bind` or `tmpfs`.
  package var type: String
  /// The name of the volume, or the path on the host.
  package var source: String?
  /// The path in the container.
  package var target: String
  /// Whether it can't be written there.
  package var readOnly: Bool?
  /// What holds for a volume.
  package var volumeOptions: VolumeOptions?
  /// What holds for a path of the host.
  package var bindOptions: BindOptions?
  /// What holds for a folder in memory.
  package var memoryOptions: MemoryOptions?

  /// What holds for a path of the host that is mounted.
  package struct BindOptions: Codable, Sendable, Equatable {
    /// How mounts below it are shared: `rprivate`, `rslave`, `rshared`.
    package var propagation: String?

    package init(propagation: String? = nil) { self.propagation = propagation }

    enum CodingKeys: String, CodingKey { case propagation = "Propagation" }
  }

  /// What holds for a folder in memory.
  package struct MemoryOptions: Codable, Sendable, Equatable {
    /// How much it may hold, in bytes.
    package var size: Int64?
    package var mode: UInt32?

    package init(size: Int64? = nil, mode: UInt32? = nil) {
      self.size = size
      self.mode = mode
    }

    enum CodingKeys: String, CodingKey {
      case size = "SizeBytes"
      case mode = "Mode"
    }
  }

  /// What holds for a volume that is mounted.
  package struct VolumeOptions: Codable, Sendable, Equatable {
    /// Whether an empty volume stays empty, rather than being filled with what the image has at that path.
    package var noCopy: Bool?
    /// The labels it gets if it is made now.
    package var labels: [String: String]?
    /// The part of it that is mounted; since version 1.45 of the API.
    package var subpath: String?

    package init(noCopy: Bool? = nil, labels: [String: String]? = nil, subpath: String? = nil) {
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

  package init(
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
