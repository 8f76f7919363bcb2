import Values

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How processes end, as a number and in words.
enum ExitText {
  /// The exit code of what `waitpid` gave, or 128 and the number of the signal.
  static func code(ofStatus status: Int32) -> Int {
    let signal = status & 0x7F
    return signal == 0 ? Int((status >> 8) & 0xFF) : 128 + Int(signal)
  }

  /// The same, of a process that may have run out of memory: `was killed: out of memory (limit 64Mi)`.
  static func describe(_ code: Int, memoryLimit: Int64?, wasOutOfMemory: Bool) -> String {
    guard wasOutOfMemory else { return describe(code) }
    let limit = memoryLimit.map { " (limit \(ByteAmount.text($0)))" } ?? ""
    guard code == 128 + Int(SIGKILL) else {
      return "\(describe(code)) after a process of it was killed: out of memory\(limit)"
    }
    return "was killed: out of memory\(limit)"
  }

  /// `exited with code 1`, `was ended by signal 9`.
  static func describe(_ code: Int) -> String {
    // A program may exit with such a code itself; that it stands for a signal is what shells take it for.
    (129...192).contains(code) ? "was ended by signal \(code - 128)" : "exited with code \(code)"
  }
}
