import Supervisor

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What one process uses, as the kernel tells under `/proc`.
struct ProcessUsage: Equatable {
  /// The time on processors, with that of its children that have ended.
  var cpuTime: Duration
  /// The memory it holds, in bytes; what it shares with others is counted in parts.
  var memory: UInt64
  /// Its open files; `nil` where that may not be known.
  var openFiles: Int?

  /// A process; `nil` if there is none.
  init?(of process: pid_t) {
    guard let bytes = try? Files.read("/proc/\(process)/stat"),
      let counts = Self.parse(String(decoding: bytes, as: UTF8.self))
    else { return nil }
    let second = max(1, sysconf(Int32(_SC_CLK_TCK)))
    cpuTime = .milliseconds(counts.ticks * 1000 / Int64(second))
    memory =
      Self.proportionalMemory(of: process) ?? UInt64(max(0, counts.pages))
      * UInt64(sysconf(Int32(_SC_PAGESIZE)))
    openFiles = (try? Files.names(in: "/proc/\(process)/fd")).map(\.count)
  }

  /// Reads a line of `/proc/PID/stat`: processor time in ticks, resident memory in pages.
  static func parse(_ line: String) -> (ticks: Int64, pages: Int64)? {
    guard let close = line.lastIndex(of: ")") else { return nil }
    let fields = line[line.index(after: close)...].split(separator: " ")
    // By proc(5), these are the fields 14 to 17 and 24.
    guard fields.count > 21 else { return nil }
    let ticks = fields[11...14].compactMap { Int64($0) }
    guard ticks.count == 4, let pages = Int64(fields[21]) else { return nil }
    return (ticks.reduce(0, +), pages)
  }

  private static func proportionalMemory(of process: pid_t) -> UInt64? {
    guard let bytes = try? Files.read("/proc/\(process)/smaps_rollup") else { return nil }
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") where line.hasPrefix("Pss:") {
      return line.split(separator: " ").dropFirst().first.flatMap { UInt64($0) }.map { $0 * 1024 }
    }
    return nil
  }
}
