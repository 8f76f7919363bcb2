import Foundation
import TestSupport
import Testing
import Values

/// A person with a terminal and an empty home: runs the built program in folders of its own, and takes away
/// what it left running.
final class Sandbox {
  /// What a command said.
  struct Result {
    let status: Int32
    let output: String
    let errors: String

    /// Standard output as JSON.
    var json: Value {
      get throws { try Value(json: output) }
    }
  }

  let folder: String
  var home: String { folder + "/home" }
  var environment: [String: String] = [:]

  init() throws {
    // Without a double slash: the path is compared with what processes say of themselves.
    folder =
      URL(fileURLWithPath: NSTemporaryDirectory()).appendingPathComponent("berth-" + UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit {
    for file in (try? FileManager.default.contentsOfDirectory(atPath: home + "/local/instances")) ?? [] {
      guard let state = contents("home/local/instances/\(file)/state.json"),
        let supervisor = try? Value(json: state)["supervisor"]?["id"]?.int
      else { continue }
      kill(Int32(supervisor), SIGTERM)
    }
    try? FileManager.default.removeItem(atPath: folder)
  }

  // MARK: The program

  /// The folder of the project.
  static let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  /// The program, which is built into the folder that the tests are built into.
  static let program: String = {
    var folder = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    while folder.path != "/" {
      folder.deleteLastPathComponent()
      let candidate = folder.appendingPathComponent("berth").path
      if FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
    }
    return "berth"
  }()

  /// Whether a variable says how the tests are run: for what they run, there is no pipeline unless a test makes one.
  private static func isForeign(_ name: String) -> Bool {
    let systems = ["GITHUB_", "GITEA_", "FORGEJO_", "GITLAB_", "CI_", "JENKINS_", "BUILDKITE", "CIRCLE"]
    return name == "CI" || name == "TF_BUILD" || (["BERTH_"] + systems).contains { name.hasPrefix($0) }
  }

  private func prepare(_ arguments: [String], program: String = Sandbox.program) -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    var environment = ProcessInfo.processInfo.environment
    for name in environment.keys where Self.isForeign(name) { environment[name] = nil }
    environment["BERTH_HOME"] = home
    environment.merge(self.environment) { $1 }
    process.environment = environment
    return process
  }

  /// Starts the program, says nothing to it, and leaves it running.
  ///
  /// - Parameter transcript: a file of the sandbox for its output; without one, the output is discarded.
  func start(_ arguments: [String], transcript: String? = nil) throws -> Process {
    let process = prepare(arguments)
    let output = try transcript.flatMap { FileHandle(forWritingAtPath: try write($0, "")) }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output ?? FileHandle.nullDevice
    process.standardError = output ?? FileHandle.nullDevice
    try process.run()
    return process
  }

  /// Starts the program for a person who sits at a terminal.
  func start(_ arguments: [String], on terminal: PseudoTerminal) throws -> Process {
    try start(prepare(arguments), on: terminal)
  }

  /// Starts a command of the shell for a person who sits at a terminal.
  func start(shell command: String, on terminal: PseudoTerminal) throws -> Process {
    try start(prepare(["-c", command], program: "/bin/sh"), on: terminal)
  }

  private func start(_ process: Process, on terminal: PseudoTerminal) throws -> Process {
    process.standardInput = terminal.slave
    process.standardOutput = terminal.slave
    process.standardError = terminal.slave
    try process.run()
    return process
  }

  /// Runs the program to its end.
  func berth(_ arguments: String..., input: String? = nil) throws -> Result {
    try berth(arguments, input: input)
  }

  /// Runs the program to its end.
  func berth(_ arguments: [String], input: String? = nil) throws -> Result {
    try run(prepare(arguments), input: input)
  }

  /// Runs commands of the shell to their end.
  func shell(_ commands: String) throws -> Result {
    try run(prepare(["-c", commands], program: "/bin/sh"), input: nil)
  }

  private func run(_ process: Process, input: String?) throws -> Result {
    let (outPath, errorPath) = (folder + "/.out-\(UUID().uuidString)", folder + "/.err-\(UUID().uuidString)")
    // Files instead of pipes: the test need not read while the program writes.
    for path in [outPath, errorPath] { try Data().write(to: URL(fileURLWithPath: path)) }
    defer {
      try? FileManager.default.removeItem(atPath: outPath)
      try? FileManager.default.removeItem(atPath: errorPath)
    }
    process.standardOutput = FileHandle(forWritingAtPath: outPath)
    process.standardError = FileHandle(forWritingAtPath: errorPath)
    let pipe = Pipe()
    process.standardInput = input == nil ? FileHandle.nullDevice : pipe
    try process.run()
    if let input {
      pipe.fileHandleForWriting.write(Data(input.utf8))
      try pipe.fileHandleForWriting.close()
    }
    process.waitUntilExit()
    let output = String(decoding: FileManager.default.contents(atPath: outPath) ?? Data(), as: UTF8.self)
    // Whatever a test asks for as JSON is held to the schema that users have.
    let problems = OutputSchema.problems(with: output, of: process.arguments ?? [])
    #expect(problems.isEmpty, "\(problems)\n\(output)")
    return Result(
      status: process.terminationReason == .exit
        ? process.terminationStatus : 128 + process.terminationStatus,
      output: output,
      errors: String(decoding: FileManager.default.contents(atPath: errorPath) ?? Data(), as: UTF8.self))
  }

  // MARK: Files

  /// Writes a file of the sandbox, and returns its path.
  @discardableResult
  func write(_ name: String, _ text: String) throws -> String {
    let path = folder + "/" + name
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  /// Writes a file of the sandbox, with the folders above it, and returns its path.
  @discardableResult
  func make(_ name: String, _ text: String) throws -> String {
    try FileManager.default.createDirectory(
      at: URL(fileURLWithPath: folder + "/" + name).deletingLastPathComponent(),
      withIntermediateDirectories: true)
    return try write(name, text)
  }

  /// Makes a symbolic link in the sandbox.
  func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: folder + "/" + name, withDestinationPath: target)
  }

  /// The text of a file of the sandbox.
  func contents(_ name: String) -> String? {
    FileManager.default.contents(atPath: folder + "/" + name).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Every file below the home, with its bytes; SQLite's own side files are left out.
  func homeFiles() -> [String: Data] {
    var files: [String: Data] = [:]
    let paths = FileManager.default.enumerator(atPath: home)
    while let path = paths?.nextObject() as? String {
      if path.hasSuffix("-wal") || path.hasSuffix("-shm") { continue }
      files[path] = FileManager.default.contents(atPath: home + "/" + path) ?? Data()
    }
    return files
  }

  // MARK: Live state

  /// The services of the first instance, by name, as `status` tells them.
  func services(_ workload: String) throws -> [String: Value] {
    let status = try berth("status", workload, "--format", "json").json
    var services: [String: Value] = [:]
    for service in status["instances"]?.list?.first?["services"]?.list ?? [] {
      services[service["name"]?.string ?? ""] = service
    }
    return services
  }

  /// The process ids of the running services of the first instance.
  func processIDs(_ workload: String) throws -> [String: Int64] {
    try services(workload).compactMapValues { $0["processID"]?.int }
  }

  /// The process id of the supervisor of an instance.
  func supervisor(of workload: String, _ ordinal: Int = 0) throws -> Int32 {
    let state = contents("home/local/instances/default_\(workload)_\(ordinal)/state.json") ?? ""
    return Int32(try Value(json: state)["supervisor"]?["id"]?.int ?? -1)
  }

  /// The numbers of the releases, oldest first.
  func releaseNumbers(_ workload: String) throws -> [Int64] {
    try berth("history", workload, "--limit", "1000", "--format", "json").json.list?.compactMap {
      $0["number"]?.int
    }.reversed() ?? []
  }
}

/// Waits until something is so, for as long as a slow machine may need.
func eventually(_ condition: () throws -> Bool) rethrows -> Bool {
  for _ in 0..<2400 {
    if try condition() { return true }
    usleep(50_000)
  }
  return false
}

/// Whether a process is there and not a zombie.
func isRunning(_ pid: Int64) -> Bool {
  guard kill(Int32(pid), 0) == 0 else { return false }
  guard let stat = FileManager.default.contents(atPath: "/proc/\(pid)/stat") else { return true }
  return !String(decoding: stat, as: UTF8.self).contains(") Z ")
}
