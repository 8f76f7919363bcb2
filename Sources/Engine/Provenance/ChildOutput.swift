#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a program writes to its standard output: for asking other programs short questions.
enum ChildOutput {
  /// The most that is read.
  private static let limit = 1 << 20

  /// The output of a program that ended with exit code 0; `nil` if it did anything else, if it is not
  /// installed, or if it took too long. Its standard input is empty, and its standard error goes nowhere.
  ///
  /// - Parameters:
  ///   - arguments: the program, found by `PATH`, and its arguments.
  ///   - environment: `NAME=value`, and nothing else.
  static func of(_ arguments: [String], environment: [String], within time: Duration) -> [UInt8]? {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return nil }
    defer { close(ends[0]) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let child = spawn(arguments, environment, output: ends[1])
    close(ends[1])
    guard let child else { return nil }
    let output = read(ends[0], until: ContinuousClock.now + time)
    if output == nil { kill(-child, SIGKILL) }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    return status == 0 ? output : nil
  }

  /// Starts a program in a process group of its own, so that it can be ended with everything that it started.
  private static func spawn(_ arguments: [String], _ environment: [String], output: Int32) -> pid_t? {
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #else
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))

    let argv = arguments.map { strdup($0) } + [nil]
    let envp = environment.map { strdup($0) } + [nil]
    defer { for text in argv + envp { free(text) } }
    var child: pid_t = 0
    guard posix_spawnp(&child, arguments[0], &actions, &attributes, argv, envp) == 0 else { return nil }
    return child
  }

  /// Everything until the end; `nil` if that does not come in time, or if it is too much.
  private static func read(_ descriptor: Int32, until deadline: ContinuousClock.Instant) -> [UInt8]? {
    var output: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 8192)
    while true {
      let rest = (deadline - ContinuousClock.now).components
      guard rest.seconds >= 0, rest.attoseconds >= 0 else { return nil }
      var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let milliseconds = Int32(clamping: rest.seconds * 1000 + rest.attoseconds / 1_000_000_000_000_000 + 1)
      guard poll(&wait, 1, milliseconds) > 0 else { continue }
      #if canImport(Glibc)
        let count = Glibc.read(descriptor, &buffer, buffer.count)
      #else
        let count = Darwin.read(descriptor, &buffer, buffer.count)
      #endif
      switch count {
      case 0: return output
      case 1...: output += buffer[..<count]
      default: if errno != EINTR { return nil }
      }
      if output.count > limit { return nil }
    }
  }
}
