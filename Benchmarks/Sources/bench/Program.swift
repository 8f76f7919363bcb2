import Foundation

/// Runs a program to its end.
enum Program {
  /// Returns 1 if it succeeded, and else stops the measurement, which would mean nothing.
  static func run(_ path: String, _ arguments: [String], environment: [String: String] = [:]) -> Int {
    let pid = start(path, arguments, environment: environment)
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
    guard status == 0 else { fatalError("\(path) \(arguments.joined(separator: " ")) failed") }
    return 1
  }

  /// Runs it as ``run(_:_:environment:)`` does; returns the most memory that it held, in bytes.
  static func peak(_ path: String, _ arguments: [String], environment: [String: String] = [:]) -> Int {
    let pid = start(path, arguments, environment: environment)
    var (status, usage) = (Int32(0), rusage())
    while wait4(pid, &status, 0, &usage) < 0 && errno == EINTR {}
    guard status == 0 else { fatalError("\(path) \(arguments.joined(separator: " ")) failed") }
    // Linux counts in KiB.
    return usage.ru_maxrss << 10
  }

  /// Runs it as ``run(_:_:environment:)`` does; returns what it writes to standard output.
  static func output(_ path: String, _ arguments: [String], environment: [String: String] = [:]) -> String {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("berth-output-\(getpid())").path
    defer { try? FileManager.default.removeItem(atPath: file) }
    let pid = start(path, arguments, environment: environment, output: file)
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
    guard status == 0 else { fatalError("\(path) \(arguments.joined(separator: " ")) failed") }
    return String(decoding: FileManager.default.contents(atPath: file) ?? Data(), as: UTF8.self)
  }

  /// Starts a program; returns its process id.
  ///
  /// - Parameter output: the file for its output, which is discarded otherwise.
  static func start(
    _ path: String, _ arguments: [String], environment: [String: String] = [:], output: String = "/dev/null"
  ) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    let all = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    var words = ([path] + arguments).map { strdup($0) } + [nil]
    var settings = all.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for word in words + settings { free(word) } }
    var pid: pid_t = 0
    let problem = posix_spawn(&pid, path, &actions, nil, &words, &settings)
    guard problem == 0 else { fatalError("\(path) can't be started") }
    return pid
  }
}
