#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// All processes at one moment, and what they say of the services that they belong to.
final class ProcessReading {
  let entries: [ProcessTable.Entry]

  private var roots: [pid_t: [String]] = [:]

  /// Reads what there is now.
  convenience init() { self.init(ProcessTable.all()) }

  /// What was read before.
  init(_ entries: [ProcessTable.Entry]) { self.entries = entries }

  /// Whether a process carries a root below a folder in its environment. The environment is read once.
  func carries(_ process: pid_t, rootUnder folder: String) -> Bool {
    let found: [String]
    if let known = roots[process] {
      found = known
    } else {
      found = ProcessTable.values(of: "BERTH_ROOT", in: process)
      roots[process] = found
    }
    return found.contains { $0.hasPrefix(folder) && $0.utf8.dropFirst(folder.utf8.count).first == slash }
  }
}

private let slash = UInt8(ascii: "/")
