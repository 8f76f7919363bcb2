import Planning
import Values

/// What a service uses of its machine at one moment.
public struct ServiceUsage: Sendable, Equatable {
  /// The instance of the measured service.
  public var instance: InstanceID
  /// The measured service.
  public var service: String
  /// When it was read.
  public var at: Timestamp
  /// The time on processors that it has used since it started, where the engine tells. Two readings give the rate.
  public var cpuTime: Duration?
  /// How many processors it kept busy lately, where the engine tells that and no time.
  public var processorsBusy: Double?
  /// The memory it holds, in bytes.
  public var memory: UInt64
  /// The most memory that it may hold, in bytes; `nil` if nothing limits it.
  public var memoryLimit: UInt64?
  /// Its open files; `nil` where the engine does not tell.
  public var openFiles: Int?
  /// Its processes; `nil` where the engine does not tell.
  public var processes: Int?

  public init(
    instance: InstanceID, service: String, at: Timestamp, cpuTime: Duration?, processorsBusy: Double? = nil,
    memory: UInt64, memoryLimit: UInt64? = nil, openFiles: Int? = nil, processes: Int? = nil
  ) {
    self.instance = instance
    self.service = service
    self.at = at
    self.cpuTime = cpuTime
    self.processorsBusy = processorsBusy
    self.memory = memory
    self.memoryLimit = memoryLimit
    self.openFiles = openFiles
    self.processes = processes
  }

  /// How many processors it kept busy since an earlier reading, or lately; `nil` if that reading was of another life of
  /// it, or no time has passed.
  public func processorsBusy(since earlier: ServiceUsage?) -> Double? {
    if let processorsBusy { return processorsBusy }
    guard let earlier, let cpuTime, let before = earlier.cpuTime else { return nil }
    let passed = at.milliseconds - earlier.at.milliseconds
    let used = cpuTime - before
    guard passed > 0, used >= .zero else { return nil }
    return used / .milliseconds(passed)
  }
}
