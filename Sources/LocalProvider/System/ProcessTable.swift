#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the kernel tells of processes, under `/proc`. Where there is none, no process is known.
enum ProcessTable {
  /// A process, told apart from a later one with the same number.
  struct Entry: Equatable {
    /// The process.
    let process: pid_t
    /// `Z` for one that has ended and is not yet waited for.
    let state: UInt8
    /// Its parent.
    let parent: pid_t
    /// Its process group, named by the process that leads it.
    let group: pid_t
    /// Its session, named by the process that leads it.
    let session: pid_t
    /// Whether a terminal controls its session.
    let hasTerminal: Bool
    /// When it started, in ticks since the machine did.
    let startTicks: Int64

    /// Whether it has ended, and only waits for its parent to take note of it.
    var hasEnded: Bool { state == UInt8(ascii: "Z") || state == UInt8(ascii: "X") }
  }

  /// What tells one run of the machine from all others; empty where the kernel does not say.
  static var bootID: String {
    guard let bytes = try? Files.read("/proc/sys/kernel/random/boot_id") else { return "" }
    return String(decoding: bytes.filter { $0 > 0x20 }, as: UTF8.self)
  }

  /// All processes that can be seen.
  static func all() -> [Entry] {
    let names = (try? Files.names(in: "/proc")) ?? []
    return names.compactMap { pid_t($0) }.compactMap { entry(of: $0) }
  }

  /// One process; `nil` if there is none.
  static func entry(of process: pid_t) -> Entry? {
    guard let bytes = try? Files.read("/proc/\(process)/stat") else { return nil }
    return parse(String(decoding: bytes, as: UTF8.self), of: process)
  }

  /// Reads a line of `/proc/PID/stat`. The command's name, in parentheses, may hold anything, parentheses
  /// and spaces too.
  static func parse(_ line: String, of process: pid_t) -> Entry? {
    guard let close = line.lastIndex(of: ")") else { return nil }
    let fields = line[line.index(after: close)...].split(separator: " ")
    // By proc(5), these are the fields 3 to 7 and 22.
    guard fields.count > 19, let state = fields[0].utf8.first, let parent = pid_t(fields[1]),
      let group = pid_t(fields[2]), let session = pid_t(fields[3]), let start = Int64(fields[19])
    else { return nil }
    return Entry(
      process: process, state: state, parent: parent, group: group, session: session,
      hasTerminal: fields[4] != "0", startTicks: start)
  }

  /// The environment that a process was started with, as `NAME=value` texts; none if that may not be known.
  static func environment(of process: pid_t) -> [Substring] {
    guard let bytes = try? Files.read("/proc/\(process)/environ") else { return [] }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\0")
  }

  /// The name of the program that a process runs.
  static func name(of process: pid_t) -> String? {
    guard let bytes = try? Files.read("/proc/\(process)/comm") else { return nil }
    return String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
  }
}
