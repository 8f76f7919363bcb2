#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a supervisor has to say for itself: its standard error is a file in the instance's folder.
enum SupervisorLog {
  static func write(_ text: String) {
    try? Files.writeAll("\(Clocks.now) \(text)\n".utf8, to: STDERR_FILENO, of: "standard error")
  }
}
