#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The process that runs the services of one instance, long after the command that started it has ended.
public enum Supervisor {
  /// The word behind the program's name that makes it a supervisor.
  public static let command = "supervise"

  /// Runs the services of an instance until it is told to end.
  ///
  /// - Parameter arguments: what follows ``command``: the path of the instance's folder.
  public static func main(arguments: [String]) -> Never {
    do {
      guard let path = arguments.first, arguments.count == 1 else {
        throw MalformedMessage("one argument is expected, the folder of an instance")
      }
      let loop = try SupervisorLoop(InstanceFolder(path: path))
      try Files.writeAll(SupervisorStart.greeting.utf8, to: STDOUT_FILENO, of: "standard output")
      // The process that started this has its greeting, and must not be kept waiting for more output.
      let nothing = try Files.open("/dev/null", O_WRONLY)
      dup2(nothing, STDOUT_FILENO)
      close(nothing)
      loop.run()
    } catch {
      let text = "\(error)\n"
      SupervisorLog.write(String(text.dropLast()))
      try? Files.writeAll(text.utf8, to: STDOUT_FILENO, of: "standard output")
      exit(1)
    }
  }
}
