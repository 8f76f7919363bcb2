#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Which process took a lock, told so precisely that another process can say for certain that it is gone.
///
/// A process id is used again, sooner or later: only with the moment of its start and the boot of the machine
/// is it a name. And it is one only among the processes that see each other: a folder may be shared with
/// containers and other machines.
struct LockOwner: Equatable, Sendable {
  var processID: Int32
  /// When the process started, in clock ticks since the boot.
  var processStart: Int64
  /// The set of processes that the process id is told apart from.
  var processNamespace: String
  /// The boot of the machine.
  var boot: String
  /// The machine, where that is known.
  var machine: String?

  /// This process; `nil` where the system does not tell enough.
  static let current: LockOwner? = {
    let processID = getpid()
    guard case .alive(let start) = ProcessLife.of(processID),
      let namespace = SystemText.link("/proc/self/ns/pid"),
      let boot = SystemText.line("/proc/sys/kernel/random/boot_id")
    else { return nil }
    return LockOwner(
      processID: processID, processStart: start, processNamespace: namespace, boot: boot,
      machine: SystemText.line("/etc/machine-id"))
  }()

  /// Whether the process is gone for certain.
  var isGone: Bool {
    guard let here = LockOwner.current else { return false }
    return isGone(seenFrom: here, life: ProcessLife.of)
  }

  /// Whether the process is gone for certain, as seen from another one that can tell of the processes beside it.
  func isGone(seenFrom here: LockOwner, life: (Int32) -> ProcessLife) -> Bool {
    guard boot == here.boot else {
      // The same machine was booted again, or this is another machine, of which nothing is known here.
      return machine != nil && machine == here.machine
    }
    guard processNamespace == here.processNamespace else { return false }
    switch life(processID) {
    case .alive(let start): return start != processStart
    case .gone: return true
    case .unknown: return false
    }
  }
}

/// Whether a process lives.
enum ProcessLife: Equatable {
  /// It lives since a moment, in clock ticks since the boot.
  case alive(since: Int64)
  /// There is none, or nothing but its exit code is left.
  case gone
  /// That can't be told.
  case unknown

  /// Looks at a process.
  static func of(_ processID: Int32) -> ProcessLife {
    guard kill(processID, 0) == 0 || errno != ESRCH else { return .gone }
    guard let text = SystemText.line("/proc/\(processID)/stat") else { return .unknown }
    return ProcessLife(stat: text)
  }

  /// Reads `/proc/PID/stat`. The name of the program, in parentheses, may hold anything.
  init(stat text: String) {
    guard let end = text.lastIndex(of: ")") else {
      self = .unknown
      return
    }
    // The state is the third field of the whole, and the start the twenty-second.
    let fields = text[text.index(after: end)...].split(separator: " ")
    guard fields.count > 19, let start = Int64(fields[19]) else {
      self = .unknown
      return
    }
    self = ["Z", "X"].contains(fields[0]) ? .gone : .alive(since: start)
  }
}

/// Short texts that the system tells in files.
private enum SystemText {
  /// The first line of a file; `nil` if there is none.
  static func line(_ path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = read(descriptor, &bytes, bytes.count)
    guard count > 0 else { return nil }
    return String(decoding: bytes[..<count].prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
  }

  /// What a symbolic link holds.
  static func link(_ path: String) -> String? {
    var bytes = [CChar](repeating: 0, count: 256)
    let count = readlink(path, &bytes, bytes.count)
    guard count > 0 else { return nil }
    return String(decoding: bytes[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
