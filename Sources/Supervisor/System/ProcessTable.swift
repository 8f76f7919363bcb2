#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the kernel tells of processes, under `/proc`. Where there is none, no process is known.
package enum ProcessTable {
  /// A process, told apart from a later one with the same number.
  package struct Entry: Equatable {
    package let process: pid_t
    /// `Z` for one that has ended and is not yet waited for.
    let state: UInt8
    let parent: pid_t
    /// Its process group, named by the process that leads it.
    let group: pid_t
    /// Its session, named by the process that leads it.
    let session: pid_t
    /// Whether a terminal controls its session.
    let hasTerminal: Bool
    /// When it started, in ticks since the machine did.
    package let startTicks: Int64

    /// Whether it has ended, and only waits for its parent to take note of it.
    var hasEnded: Bool { state == UInt8(ascii: "Z") || state == UInt8(ascii: "X") }
  }

  /// What tells one run of the machine from all others; empty where the kernel does not say.
  package static var bootID: String {
    guard let bytes = try? Files.read("/proc/sys/kernel/random/boot_id") else { return "" }
    return String(decoding: bytes.filter { $0 > 0x20 }, as: UTF8.self)
  }

  /// All processes that can be seen.
  package static func all() -> [Entry] {
    guard let folder = opendir("/proc") else { return [] }
    defer { closedir(folder) }
    var entries: [Entry] = []
    while let entry = readdir(folder) {
      let process = withUnsafeBytes(of: &entry.pointee.d_name) { pid_t(digits: $0.prefix { $0 != 0 }) }
      if let process, let entry = Self.entry(of: process) { entries.append(entry) }
    }
    return entries
  }

  /// The processes whose parent the calling process is; `nil` where the kernel does not tell.
  ///
  /// None is missing if the caller takes note of ends in no other thread: until a child is waited for, the list only grows,
  /// at its end.
  static func children() -> [pid_t]? {
    guard let threads = try? Files.names(in: "/proc/self/task"), !threads.isEmpty else { return nil }
    var children: [pid_t] = []
    for thread in threads {
      guard let bytes = try? Files.read("/proc/self/task/\(thread)/children") else { return nil }
      children += bytes.split(separator: UInt8(ascii: " ")).compactMap { pid_t(digits: $0) }
    }
    return children
  }

  /// One process; `nil` if there is none.
  package static func entry(of process: pid_t) -> Entry? {
    // The kernel tells it in one piece, which is shorter than this.
    withUnsafeTemporaryAllocation(byteCount: 2048, alignment: 1) { buffer in
      let descriptor = open("/proc/\(process)/stat", O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { return nil }
      defer { close(descriptor) }
      let count = read(descriptor, buffer.baseAddress, buffer.count)
      return count > 0 ? parse(UnsafeRawBufferPointer(buffer).prefix(count), of: process) : nil
    }
  }

  /// Reads a line of `/proc/PID/stat`. The command's name, in parentheses, may hold anything, parentheses
  /// and spaces too.
  static func parse(_ line: some BidirectionalCollection<UInt8>, of process: pid_t) -> Entry? {
    guard let close = line.lastIndex(of: UInt8(ascii: ")")) else { return nil }
    let fields = line[line.index(after: close)...].split(separator: UInt8(ascii: " "), maxSplits: 20)
    // By proc(5), these are the fields 3 to 7 and 22.
    guard fields.count > 19, let state = fields[0].first, let parent = pid_t(digits: fields[1]),
      let group = pid_t(digits: fields[2]), let session = pid_t(digits: fields[3]),
      let start = Int64(digits: fields[19])
    else { return nil }
    return Entry(
      process: process, state: state, parent: parent, group: group, session: session,
      hasTerminal: !fields[4].elementsEqual([UInt8(ascii: "0")]), startTicks: start)
  }

  /// The environment that a process was started with, as `NAME=value` texts; none if that may not be known.
  package static func environment(of process: pid_t) -> [Substring] {
    guard let bytes = try? Files.read("/proc/\(process)/environ") else { return [] }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\0")
  }

  /// The values that a variable has in the environment that a process was started with: none, or one, or more if it stands
  /// there more than once.
  static func values(of name: String, in process: pid_t) -> [String] {
    guard let bytes = try? Files.read("/proc/\(process)/environ") else { return [] }
    let start = Array("\(name)=".utf8)
    return bytes.split(separator: 0).compactMap { variable in
      variable.starts(with: start) ? String(decoding: variable.dropFirst(start.count), as: UTF8.self) : nil
    }
  }

  /// The name of the program that a process runs.
  static func name(of process: pid_t) -> String? {
    guard let bytes = try? Files.read("/proc/\(process)/comm") else { return nil }
    return String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
  }
}

extension FixedWidthInteger {
  /// The number that decimal digits spell; `nil` for anything else, and for what does not fit.
  fileprivate init?(digits: some Sequence<UInt8>) {
    var value: Self = 0
    var isEmpty = true
    for digit in digits {
      guard digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") else { return nil }
      let (tens, overflows) = value.multipliedReportingOverflow(by: 10)
      let (sum, carries) = tens.addingReportingOverflow(Self(digit - UInt8(ascii: "0")))
      guard !overflows, !carries else { return nil }
      (value, isEmpty) = (sum, false)
    }
    if isEmpty { return nil }
    self = value
  }
}
