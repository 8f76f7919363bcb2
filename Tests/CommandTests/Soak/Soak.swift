import Foundation
import ProviderContract
import WorkloadSpec

/// Lets random things happen to a few workloads of a home, and checks after each that everything is as it must be.
///
/// What happens is decided by a seed. When a kill hits is not: that is up to the machine.
final class Soak {
  /// What may happen besides what was asked for.
  enum Trouble: CaseIterable { case killedCommands, killedProcesses, drift }

  /// Something that is not as it must be.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  let sandbox: Sandbox
  let seed: UInt64
  private(set) var kills = 0
  private(set) var steps = 0
  /// What was done, the newest last.
  private(set) var story: [String] = []
  private let troubles: Set<Trouble>
  private var random: SplitMix64
  private var workloads: [SoakWorkload]
  private var versions = 0
  /// How often a command is killed before it may come to its end.
  private let killsPerCommand: ClosedRange<Int>
  /// How long a command may take before it is killed at the latest, in seconds.
  private let longest: Double

  init(
    seed: UInt64, troubles: Set<Trouble>, killsPerCommand: ClosedRange<Int> = 0...2, longest: Double = 2.5
  ) throws {
    sandbox = try Sandbox()
    self.seed = seed
    self.troubles = troubles
    self.killsPerCommand = killsPerCommand
    self.longest = longest
    random = SplitMix64(state: seed)
    workloads = [
      SoakWorkload(name: "alpha", isStateful: false), SoakWorkload(name: "beta", isStateful: true),
      SoakWorkload(name: "gamma", isStateful: false),
    ]
  }

  // MARK: Steps

  /// Does one thing, and checks everything.
  func step() throws {
    steps += 1
    let index = Int.random(in: workloads.indices, using: &random)
    try act(on: &workloads[index])
    try check(workloads[index])
    try checkProcesses()
  }

  private func act(on workload: inout SoakWorkload) throws {
    guard let current = workload.current else { return try apply(&workload) }
    if workload.isSuspended {
      if Bool.random(using: &random) {
        try run(["unsuspend", workload.name])
        workload.isSuspended = false
      } else {
        let file = try write(SoakSpec.random(nextVersion(), using: &random), of: workload)
        try run(["apply", "-f", file, "--timeout", "60s"], isRefused: true)
      }
      return
    }
    switch Int.random(in: 0..<16, using: &random) {
    case 0...4: try apply(&workload)
    case 5:
      let count = Int.random(in: 1...3, using: &random)
      try run(["scale", workload.name, "--replicas", "\(count)"])
      var scaled = current
      scaled.replicas = count
      workload.record(scaled)
    case 6, 7:
      let numbers = workload.releases.indices.filter { workload.releases[$0] != nil }
      guard let index = numbers.suffix(6).randomElement(using: &random) else { return }
      try run(["rollback", workload.name, "--to", "\(index + 1)"])
      workload.record(workload.releases[index])
    case 8:
      try run(["stop", workload.name])
      workload.isStopped = true
    case 9:
      try run(["start", workload.name])
      workload.isStopped = false
    case 10: if !workload.isStopped { try run(["restart", workload.name]) }
    case 11:
      try run(["suspend", workload.name, "--reason", "a soak"])
      workload.isSuspended = true
    case 12:
      let takesVolumes = Bool.random(using: &random)
      try run(["destroy", workload.name, "--yes"] + (takesVolumes ? ["--volumes"] : []))
      workload.record(nil)
      if takesVolumes {
        for path in workload.marks.keys where FileManager.default.fileExists(atPath: path) {
          throw failure("the volume with \(path) is still there")
        }
        workload.marks = [:]
      }
    case 13: if troubles.contains(.killedProcesses) { try killService(of: workload) }
    case 14: if troubles.contains(.killedProcesses) { try killSupervisor(of: workload) }
    default: if troubles.contains(.drift) { try drift(workload) }
    }
  }

  private func apply(_ workload: inout SoakWorkload) throws {
    let spec =
      Int.random(in: 0..<5, using: &random) == 0
      ? workload.current ?? SoakSpec.random(nextVersion(), using: &random)
      : SoakSpec.random(nextVersion(), using: &random)
    try applyAgain(spec, to: workload)
    workload.record(spec)
    try mark(&workload)
  }

  private func applyAgain(_ spec: SoakSpec, to workload: SoakWorkload) throws {
    try run(["apply", "-f", try write(spec, of: workload), "--timeout", "60s"])
  }

  private func write(_ spec: SoakSpec, of workload: SoakWorkload) throws -> String {
    try sandbox.write("\(workload.name).yaml", spec.yaml(workload.name, isStateful: workload.isStateful))
  }

  private func nextVersion() -> Int {
    versions += 1
    return versions
  }

  // MARK: Troubles

  /// Runs a command to its end, often after it was killed on its way a few times.
  private func run(_ arguments: [String], isRefused: Bool = false) throws {
    story.append(arguments.joined(separator: " "))
    if troubles.contains(.killedCommands) {
      for _ in 0..<Int.random(in: killsPerCommand, using: &random) { try runAndKill(arguments) }
    }
    let result = try sandbox.berth(arguments)
    if (result.status == 0) == isRefused {
      throw failure("it ended with \(result.status): \(result.output)\(result.errors)")
    }
  }

  private func runAndKill(_ arguments: [String]) throws {
    let process = try sandbox.start(arguments)
    if Bool.random(using: &random) {
      // After the journal grew so many times.
      var growths = Int.random(in: 1...14, using: &random)
      var size = journalMark
      let deadline = Date().addingTimeInterval(longest * 4)
      while growths > 0, process.isRunning, Date() < deadline {
        usleep(500)
        if journalMark != size { (growths, size) = (growths - 1, journalMark) }
      }
    } else {
      usleep(UInt32(Double.random(in: 0...longest, using: &random) * 1_000_000))
    }
    if process.isRunning {
      kills += 1
      story.append("  killed")
    }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// Something that is another one whenever the journal has grown.
  private var journalMark: String {
    // When the log starts over, its size stays and its time moves.
    let facts = try? FileManager.default.attributesOfItem(atPath: sandbox.home + "/local/berth.db-wal")
    return "\(facts?[.size] ?? 0) \((facts?[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0)"
  }

  /// A service that dies is started again by its supervisor.
  private func killService(of workload: SoakWorkload) throws {
    let members = try Census(home: sandbox.home).members.filter { $0.workload == workload.name }
    guard let victim = members.sorted(by: { $0.pid < $1.pid }).randomElement(using: &random) else { return }
    story.append("kill \(victim.service) of \(workload.name)")
    kills += 1
    kill(Int32(victim.pid), SIGKILL)
    // What has not ended yet does not count as what was started again.
    guard eventually({ !isRunning(victim.pid) }) else { throw failure("a killed service does not end") }
  }

  /// Nobody starts a dead supervisor again but the next apply.
  private func killSupervisor(of workload: SoakWorkload) throws {
    guard let spec = workload.current else { return }
    let census = try Census(home: sandbox.home)
    let folder = sandbox.home + "/local/instances/default_\(workload.name)_"
    let own = census.supervised.indices.filter { census.supervised[$0].hasPrefix(folder) }
    guard
      let index = own.sorted(by: { census.supervisors[$0] < census.supervisors[$1] })
        .randomElement(using: &random)
    else { return }
    story.append("kill the supervisor of \(census.supervised[index].split(separator: "/").last ?? "")")
    kills += 1
    kill(census.supervisors[index], SIGKILL)
    try applyAgain(spec, to: workload)
  }

  /// A config file that was edited by hand is mended by the next apply.
  private func drift(_ workload: SoakWorkload) throws {
    guard let spec = workload.current else { return }
    let instances = sandbox.home + "/local/instances"
    let folders = try FileManager.default.contentsOfDirectory(atPath: instances).sorted()
      .filter { $0.hasPrefix("default_\(workload.name)_") }
    guard let folder = folders.randomElement(using: &random) else { return }
    let path = "\(instances)/\(folder)/services/main/root/etc/app.conf"
    story.append("edit the config file of \(folder)")
    try "by hand\n".write(toFile: path, atomically: true, encoding: .utf8)
    try applyAgain(spec, to: workload)
    guard try String(contentsOfFile: path, encoding: .utf8) == "version \(spec.version)\n" else {
      throw failure("the config file of \(folder) is not mended")
    }
  }

  /// Writes something into each volume that must be there from now on.
  private func mark(_ workload: inout SoakWorkload) throws {
    let volumes = sandbox.home + "/local/volumes"
    for folder in try FileManager.default.contentsOfDirectory(atPath: volumes)
    where folder.hasPrefix("default_\(workload.name)_") {
      let path = "\(volumes)/\(folder)/data/mark"
      if workload.marks[path] == nil {
        let text = "written at step \(steps)\n"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        workload.marks[path] = text
      }
    }
  }

  // MARK: Checks

  private func check(_ workload: SoakWorkload) throws {
    let numbers = try sandbox.releaseNumbers(workload.name)
    guard numbers == workload.releases.indices.map({ Int64($0 + 1) }) else {
      throw failure("`\(workload.name)` has the releases \(numbers) instead of \(workload.releases.count)")
    }
    for (path, text) in workload.marks {
      guard let found = try? String(contentsOfFile: path, encoding: .utf8), found == text else {
        throw failure("\(path) does not hold what was written into it")
      }
    }
    guard workload.current != nil else { return }
    let isMended = try eventually {
      try sandbox.berth("drift", workload.name, "--detailed-exitcode").status == 0
    }
    guard isMended else {
      throw failure("`\(workload.name)` drifts: \(try sandbox.berth("drift", workload.name).output)")
    }
    if !workload.isStopped {
      let isReady = try eventually {
        try sandbox.berth("status", workload.name, "--format", "json").json["isReady"]?.bool == true
      }
      guard isReady else {
        throw failure("`\(workload.name)` is not ready: \(try sandbox.berth("status", workload.name).output)")
      }
    }
  }

  /// One process for each service that must run, with the version that is in force, and one supervisor for each
  /// instance: none twice, and nothing besides.
  private func checkProcesses() throws {
    var wanted: [String] = []
    var instances = 0
    for workload in workloads {
      guard let spec = workload.current else { continue }
      instances += spec.replicas
      if workload.isStopped { continue }
      for _ in 0..<spec.replicas {
        wanted += spec.services.map { "\(workload.name) \($0) version \(spec.version)" }
      }
    }
    wanted.sort()
    var found: [String] = []
    var supervised: [String] = []
    // What was killed is started again after a while.
    let isSo = try eventually {
      let census = try Census(home: sandbox.home)
      found = census.members.map { "\($0.workload) \($0.service) version \($0.version ?? "?")" }.sorted()
      supervised = census.supervised
      return found == wanted && supervised.count == instances && Set(supervised).count == instances
    }
    guard isSo else {
      throw failure(
        "there are \(found) under \(supervised), and should be \(wanted) in \(instances) instances")
    }
  }

  private func failure(_ text: String) -> Failure {
    Failure(
      description:
        "seed \(seed), step \(steps): \(text)\nbefore that:\n\(story.suffix(14).joined(separator: "\n"))"
    )
  }
}
