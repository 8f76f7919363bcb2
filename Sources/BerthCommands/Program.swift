import Supervisor

/// What the executable does.
public enum Program {
  /// Does what the arguments of the process say, and ends the process.
  ///
  /// A supervisor is this same binary in another role. It must not even parse options: it is one thread, the first of
  /// the process, that stays for months, and what it does not load it does not keep.
  @MainActor public static func main() async -> Never {
    StandardOutput.reserve()
    if CommandLine.arguments.dropFirst().first == Supervisor.command {
      Supervisor.main(arguments: Array(CommandLine.arguments.dropFirst(2)))
    }
    await Berth.start()
  }
}
