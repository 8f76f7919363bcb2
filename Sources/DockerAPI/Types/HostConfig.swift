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

  /// What holds for a volume that is mounted.
  public struct VolumeOptions: Codable, Sendable, Equatable {
    /// Whether an empty volume stays empty, rather than being filled with what the image has at that path.
    public var noCopy: Bool?
    /// The labels it gets if it is made now.
    public var labels: [String: String]?

    /// Options.
    public init(noCopy: Bool? = nil, labels: [String: String]? = nil) {
      self.noCopy = noCopy
      self.labels = labels
    }

    enum CodingKeys: String, CodingKey {
      case noCopy = "NoCopy"
      case labels = "Labels"
    }
  }

  /// A mount.
  public init(
    type: String = "volume", source: String? = nil, target: String, readOnly: Bool? = nil,
    volumeOptions: VolumeOptions? = nil
  ) {
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
  }
}
