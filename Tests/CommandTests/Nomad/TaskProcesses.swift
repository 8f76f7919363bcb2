import Foundation
import NomadFake
import Synchronization
import Values

/// Plays the nodes of a Nomad cluster in memory: each task that is to run is a process of this machine, whatever its image is.
/// Volumes and the folder of an allocation are folders that `BERTH_ROOT` leads to.
final class TaskProcesses: Sendable {
  private let cluster: FakeNomad
  private let folder: String
  private let isOver = Atomic(false)

  /// - Parameter folder: where what the tasks write is kept.
  init(of cluster: FakeNomad, in folder: String) {
    (self.cluster, self.folder) = (cluster, folder)
    // What becomes of tasks is what becomes of their processes.
    cluster.script(.runs)
  }

  /// Runs what is to run, until it is told to end.
  func start() {
    cluster.onExec { [self] call in command(call) }
    Thread.detachNewThread { [self] in
      var living: [FakeTaskRun: TaskProcess] = [:]
      while !isOver.load(ordering: .relaxed) {
        tick(&living)
        usleep(5000)
      }
      for process in living.values { process.kill() }
    }
  }

  /// Ends all that runs.
  func stop() { isOver.store(true, ordering: .relaxed) }

  private func tick(_ living: inout [FakeTaskRun: TaskProcess]) {
    let wanted = Set(cluster.taskRuns)
    for run in wanted where living[run] == nil {
      living[run] = try? TaskProcess(run, in: folder)
      if living[run] == nil { cluster.end(run, code: 127) }
    }
    for (run, process) in living {
      // What a process wrote is there before its end is.
      let isRunning = process.isRunning
      process.forward(to: cluster)
      if !isRunning {
        living[run] = nil
        if wanted.contains(run) { cluster.end(run, code: process.code) }
      } else if !wanted.contains(run) {
        process.end()
      }
    }
  }

  /// A command is run when all of its input is there.
  private func command(_ call: FakeExec) -> FakeExecScript? {
    let input = Mutex<[UInt8]>([])
    return FakeExecScript { [self] event in
      switch event {
      case .data(let bytes):
        input.withLock { $0 += bytes }
        return []
      case .inputEnds:
        guard
          let run = cluster.taskRuns.first(where: { ($0.allocation, $0.task) == (call.allocation, call.task) }
          )
        else { return [.fails("the task does not run")] }
        return TaskProcess.run(call.command, beside: run, in: folder, input: input.withLock { $0 })
      case .begins, .resize, .heartbeat: return []
      }
    }
  }
}

/// The process of a task.
private final class TaskProcess {
  private let run: FakeTaskRun
  private let process = Process()
  private let outputs: [(stream: String, path: String)]
  private var given: [String: Int] = [:]
  private var endsAt: Date?

  init(_ run: FakeTaskRun, in folder: String) throws {
    self.run = run
    let place = try Self.place(of: run, in: folder)
    outputs = ["stdout", "stderr"].map { ($0, "\(place)/\(run.task).\($0).\(run.life)") }
    let words = Self.words(of: run)
    process.executableURL = URL(fileURLWithPath: words.first ?? "/bin/false")
    process.arguments = Array(words.dropFirst())
    process.environment = Self.environment(of: run, place)
    process.currentDirectoryURL = URL(fileURLWithPath: place)
    process.standardInput = FileHandle.nullDevice
    for output in outputs { try Data().write(to: URL(fileURLWithPath: output.path)) }
    process.standardOutput = FileHandle(forWritingAtPath: outputs[0].path)
    process.standardError = FileHandle(forWritingAtPath: outputs[1].path)
    try process.run()
  }

  var isRunning: Bool { process.isRunning }
  var code: Int {
    process.terminationReason == .exit
      ? Int(process.terminationStatus) : 128 + Int(process.terminationStatus)
  }

  /// Gives to the cluster what the process wrote since.
  func forward(to cluster: FakeNomad) {
    for (stream, path) in outputs {
      let all = FileManager.default.contents(atPath: path) ?? Data()
      let new = all.dropFirst(given[stream] ?? 0)
      if new.isEmpty { continue }
      given[stream] = all.count
      cluster.write(Array(new), allocation: run.allocation, task: run.task, stream: stream)
    }
  }

  /// Asks it to end, and has it end when its time is over.
  func end() {
    guard let endsAt else {
      process.terminate()
      let grace = Double(run.spec["KillTimeout"]?.int ?? 5_000_000_000) / 1e9
      endsAt = Date(timeIntervalSinceNow: grace)
      return
    }
    if endsAt < Date() { kill() }
  }

  func kill() { Foundation.kill(process.processIdentifier, SIGKILL) }

  // MARK: What a node makes of a task

  /// What the driver runs: an entrypoint with arguments, or a command with them.
  private static func words(of run: FakeTaskRun) -> [String] {
    let config = run.spec["Config"] ?? [:]
    let entry = config["entrypoint"]?.array ?? [config["command"]].compactMap(\.self)
    return (entry + (config["args"]?.array ?? [])).compactMap(\.string).map {
      $0.replacingOccurrences(of: "$${", with: "${")
    }
  }

  private static func environment(of run: FakeTaskRun, _ place: String) -> [String: String] {
    var variables = ["PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "NOMAD_ALLOC_INDEX": "\(run.index)"]
    for port in run.ports {
      guard let label = port["Label"]?.string, let value = port["Value"]?.int else { continue }
      variables["NOMAD_PORT_\(label)"] = "\(value)"
    }
    for member in run.spec["Env"]?.members ?? [] {
      guard var text = member.value.string else { continue }
      for (name, value) in variables where name.hasPrefix("NOMAD_") {
        text = text.replacingOccurrences(of: "${\(name)}", with: value)
      }
      variables[member.key] = text
    }
    variables["BERTH_ROOT"] = place + "/root"
    return variables
  }

  /// The folder of an allocation, with its volumes where its tasks mount them.
  private static func place(of run: FakeTaskRun, in folder: String) throws -> String {
    let place = "\(folder)/allocations/\(run.allocation)"
    let files = FileManager.default
    try files.createDirectory(atPath: place + "/root", withIntermediateDirectories: true)
    for mount in run.spec["VolumeMounts"]?.array ?? [] {
      guard let name = mount["Volume"]?.string, let target = mount["Destination"]?.string else { continue }
      let volume = run.group["Volumes"]?[name] ?? [:]
      var source = volume["Source"]?.string ?? name
      if volume["PerAlloc"]?.bool == true { source += "[\(run.index)]" }
      try files.createDirectory(atPath: "\(folder)/volumes/\(source)", withIntermediateDirectories: true)
      let link = "\(place)/root\(target)"
      let above = URL(fileURLWithPath: link).deletingLastPathComponent()
      try files.createDirectory(at: above, withIntermediateDirectories: true)
      if !files.fileExists(atPath: link) {
        try files.createSymbolicLink(atPath: link, withDestinationPath: "\(folder)/volumes/\(source)")
      }
    }
    return place
  }

  /// Runs a command as it would be run beside a task, to its end.
  static func run(
    _ command: [String], beside run: FakeTaskRun, in folder: String, input: [UInt8]
  ) -> [FakeExecOutput] {
    do {
      let place = try place(of: run, in: folder)
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments = command
      process.environment = environment(of: run, place)
      process.currentDirectoryURL = URL(fileURLWithPath: place)
      let id = UUID().uuidString
      let paths = ["in", "out", "err"].map { "\(place)/\(id).\($0)" }
      for path in paths { try Data().write(to: URL(fileURLWithPath: path)) }
      try Data(input).write(to: URL(fileURLWithPath: paths[0]))
      process.standardInput = FileHandle(forReadingAtPath: paths[0])
      process.standardOutput = FileHandle(forWritingAtPath: paths[1])
      process.standardError = FileHandle(forWritingAtPath: paths[2])
      try process.run()
      process.waitUntilExit()
      func said(_ path: String) -> [UInt8] { Array(FileManager.default.contents(atPath: path) ?? Data()) }
      return [.output(said(paths[1])), .error(said(paths[2])), .ends(Int(process.terminationStatus))]
    } catch {
      return [.fails("\(error)")]
    }
  }
}
