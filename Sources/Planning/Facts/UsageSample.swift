/// What a service of a workload uses at one moment, and how busy it was since the look before.
public struct UsageSample: Sendable, Equatable {
  /// The workload of the measured service.
  public var key: WorkloadKey
  /// The instance of the measured service.
  public var instance: InstanceID
  /// The measured service.
  public var service: String
  /// How many processors it keeps busy; `nil` if that is not known yet.
  public var processorsBusy: Double?
  /// The time on processors that it has used since it started, where it can be told.
  public var cpuTime: Duration?
  /// The memory it holds, in bytes.
  public var memory: UInt64
  /// The most memory that it may hold, in bytes; `nil` if nothing limits it.
  public var memoryLimit: UInt64?
  /// Its open files, where they can be told.
  public var openFiles: Int?
  /// Its processes, where they can be told.
  public var processes: Int?

  public init(
    key: WorkloadKey, instance: InstanceID, service: String, processorsBusy: Double?, cpuTime: Duration?,
    memory: UInt64, memoryLimit: UInt64?, openFiles: Int?, processes: Int?
  ) {
    self.key = key
    self.instance = instance
    self.service = service
    self.processorsBusy = processorsBusy
    self.cpuTime = cpuTime
    self.memory = memory
    self.memoryLimit = memoryLimit
    self.openFiles = openFiles
    self.processes = processes
  }
}
