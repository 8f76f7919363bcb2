/// What a container uses.
package struct ContainerStats: Decodable, Sendable, Equatable {
  /// When this was so.
  package let read: EngineTime
  package let cpu: CPU
  /// Its memory; a container that does not run uses none.
  package let memory: Memory
  /// How many processes run, and the limit of them.
  package let processes: Processes?
  /// What it sent and received, by the name of the interface.
  package let networks: [String: Interface]?

  /// The processor time of a container.
  package struct CPU: Decodable, Sendable, Equatable {
    package let usage: Usage
    /// What the whole machine used and did not use, in nanoseconds of all processors.
    package let system: UInt64?
    /// How many processors there are.
    package let processors: Int?

    /// Processor time.
    package struct Usage: Decodable, Sendable, Equatable {
      /// All of it, in nanoseconds.
      package let total: UInt64

      enum CodingKeys: String, CodingKey { case total = "total_usage" }
    }

    enum CodingKeys: String, CodingKey {
      case usage = "cpu_usage"
      case system = "system_cpu_usage"
      case processors = "online_cpus"
    }
  }

  package struct Memory: Decodable, Sendable, Equatable {
    /// What it uses, with what the system keeps of its files, in bytes.
    package let usage: UInt64?
    /// How much it may use, in bytes.
    package let limit: UInt64?
    private let stats: [String: UInt64]?

    /// What it uses without files that could be let go, in bytes: what `docker stats` shows.
    package var working: UInt64? {
      guard let usage else { return nil }
      // The one is what version 1 of the control groups says, the other version 2.
      let files = stats?["total_inactive_file"] ?? stats?["inactive_file"] ?? 0
      return files < usage ? usage - files : usage
    }
  }

  package struct Processes: Decodable, Sendable, Equatable {
    /// How many there are.
    package let current: UInt64?
  }

  /// What an interface sent and received.
  package struct Interface: Decodable, Sendable, Equatable {
    /// Bytes received.
    package let received: UInt64
    /// Bytes sent.
    package let sent: UInt64

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
package struct ProcessTable: Decodable, Sendable, Equatable {
  /// What stands above each column.
  package let titles: [String]
  /// One row for each process, in the order of the titles.
  package let rows: [[String]]?

  enum CodingKeys: String, CodingKey {
    case titles = "Titles"
    case rows = "Processes"
  }
}
