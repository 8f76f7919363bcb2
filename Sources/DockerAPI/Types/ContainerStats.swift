/// What a container uses.
public struct ContainerStats: Decodable, Sendable, Equatable {
  /// When this was so.
  public let read: EngineTime
  /// Its processor time.
  public let cpu: CPU
  /// Its memory; a container that does not run uses none.
  public let memory: Memory
  /// How many processes run, and the limit of them.
  public let processes: Processes?
  /// What it sent and received, by the name of the interface.
  public let networks: [String: Interface]?

  /// The processor time of a container.
  public struct CPU: Decodable, Sendable, Equatable {
    /// What it used.
    public let usage: Usage
    /// What the whole machine used and did not use, in nanoseconds of all processors.
    public let system: UInt64?
    /// How many processors there are.
    public let processors: Int?

    /// Processor time.
    public struct Usage: Decodable, Sendable, Equatable {
      /// All of it, in nanoseconds.
      public let total: UInt64

      enum CodingKeys: String, CodingKey { case total = "total_usage" }
    }

    enum CodingKeys: String, CodingKey {
      case usage = "cpu_usage"
      case system = "system_cpu_usage"
      case processors = "online_cpus"
    }
  }

  /// The memory of a container.
  public struct Memory: Decodable, Sendable, Equatable {
    /// What it uses, with what the system keeps of its files, in bytes.
    public let usage: UInt64?
    /// How much it may use, in bytes.
    public let limit: UInt64?
    private let stats: [String: UInt64]?

    /// What it uses without files that could be let go, in bytes: what `docker stats` shows.
    public var working: UInt64? {
      guard let usage else { return nil }
      // The one is what version 1 of the control groups says, the other version 2.
      let files = stats?["total_inactive_file"] ?? stats?["inactive_file"] ?? 0
      return files < usage ? usage - files : usage
    }
  }

  /// The processes of a container.
  public struct Processes: Decodable, Sendable, Equatable {
    /// How many there are.
    public let current: UInt64?
  }

  /// What an interface sent and received.
  public struct Interface: Decodable, Sendable, Equatable {
    /// Bytes received.
    public let received: UInt64
    /// Bytes sent.
    public let sent: UInt64

    enum CodingKeys: String, CodingKey {
      case received = "rx_bytes"
      case sent = "tx_bytes"
    }
  }

  enum CodingKeys: String, CodingKey {
    case read
    case cpu = "cpu_stats"
    case memory = "memory_stats"
    case processes = "pids_stats"
    case networks
  }
}

/// The processes of a container, as `ps` prints them.
public struct ProcessTable: Decodable, Sendable, Equatable {
  /// What stands above each column.
  public let titles: [String]
  /// One row for each process, in the order of the titles.
  public let rows: [[String]]?

  enum CodingKeys: String, CodingKey {
    case titles = "Titles"
    case rows = "Processes"
  }
}
