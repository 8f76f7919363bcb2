import Foundation
import ProviderContract
import WorkloadSpec

/// Lets random things happen to a few workloads on an engine, and checks after each that everything is as it must be.
///
/// What happens is decided by a seed. When a kill hits is not: that is up to the machine.
final class Soak {
  /// What may happen besides what was asked for.
  enum Trouble: CaseIterable { case killedCommands, killedProcesses, drift }

  /// Something that is not as it must be.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  let stage: any SoakStage
  let seed: UInt64
  private(set) var kills = 0
  private(set) var steps = 0
  /// How many versions were applied that fail.
  private(set) var failedApplies = 0
  /// What was done, the newest last.
  private(set) var story: [String] = []
  private let troubles: Set<Trouble>
  private var random: SplitMix64
  private var workloads: [SoakWorkload]
  private var versions = 0
  /// How many bytes were found in volumes that were deleted since, as they had to be.
  private var bytesBefore = 0
  /// How often a command is killed before it may come to its end.
  private let killsPerCommand: ClosedRange<Int>
  /// How long a command may take before it is killed at the latest, in seconds.
  private let longest: Double

  private var sandbox: Sandbox { stage.sandbox }

  init(
    seed: UInt64, on stage: any SoakStage, troubles: Set<Trouble>, killsPerCommand: ClosedRange<Int> = 0...2,
    longest: Double = 2.5
  ) {
    self.stage = stage
    self.seed = seed
    self.troubles = troubles
    self.killsPerCommand = killsPerCommand
    self.longest = longest
    random = SplitMix64(state: seed)
    workloads = [
      SoakWorkload(name: "alpha", kind: .alone), SoakWorkload(name: "beta", kind: .stateful),
      SoakWorkload(name: "gamma", kind: .shared),
    ]
  }

  /// How many bytes services wrote into volumes, every one of which was found again.
  var bytes: Int {
    bytesBefore + workloads.flatMap(\.volumes.values).reduce(0) { $0 + $1.records.count }
  }

  // MARK: Steps

  /// Does one thing, and checks everything.
  func step() async throws {
    steps += 1
    let index = Int.random(in: workloads.indices, using: &random)
    try await act(on: &workloads[index])
    try await check(workloads[index])
    try await checkProcesses()
    for index in workloads.indices { try await checkVolumes(of: &workloads[index]) }
  }

  private func act(on workload: inout SoakWorkload) async throws {
    guard let current = workload.current else { return try await apply(&workload) }
    if workload.isSuspended {
      if Bool.random(using: &random) {
        try await run(["unsuspend", workload.name])
        workload.isSuspended = false
      } else {
        let file = try write(makeSpec(for: workload), of: workload)
        try await run(["apply", "-f", file, "--timeout", "60s"], isRefused: true)
      }
      return
    }
    switch Int.random(in: 0..<20, using: &random) {
    case 0...4: try await apply(&workload)
    case 5: try await scale(&workload, current)
    case 6, 7:
      let numbers = workload.releases.indices.filter { workload.releases[$0] != nil }
      guard let index = numbers.suffix(6).randomElement(using: &random) else { return }
      try await run(["rollback", workload.name, "--to", "\(index + 1)"])
      workload.record(workload.releases[index])
    case 8:
      try await run(["stop", workload.name])
      workload.isStopped = true
    case 9:
      try await run(["start", workload.name])
      workload.isStopped = false
    case 10: if !workload.isStopped { try await run(["restart", workload.name]) }
    case 11:
      try await run(["suspend", workload.name, "--reason", "a soak"])
      workload.isSuspended = true
    case 12:
      let takesVolumes = Bool.random(using: &random)
      try await run(["destroy", workload.name, "--yes"] + (takesVolumes ? ["--volumes"] : []))
      workload.record(nil)
      if takesVolumes { try forgetVolumes(of: &workload) }
    case 13: if troubles.contains(.killedProcesses) { try await killService(of: workload) }
    case 14: if troubles.contains(.killedProcesses) { try await killKeeper(of: workload, current) }
    case 15, 16: if workload.runs { try await applyFailing(workload, current) }
    case 17, 18: if workload.runs { try await pause(&workload) }
    default: if troubles.contains(.drift) { try await drift(workload, current) }
    }
  }

  private func apply(_ workload: inout SoakWorkload) async throws {
    let new = makeSpec(for: workload)
    let spec = Int.random(in: 0..<5, using: &random) == 0 ? workload.current ?? new : new
    try await applyAgain(spec, to: workload)
    workload.record(spec)
  }

  private func applyAgain(_ spec: SoakSpec, to workload: SoakWorkload) async throws {
    try await run(["apply", "-f", try write(spec, of: workload), "--timeout", "60s"])
  }

  /// What an operator asks for stays until a spec says otherwise; what can't be is refused.
  private func scale(_ workload: inout SoakWorkload, _ current: SoakSpec) async throws {
    let count = Int.random(in: 0...3, using: &random)
    let isRefused = workload.kind == .alone && count > 1
    try await run(["scale", workload.name, "--replicas", "\(count)"], isRefused: isRefused)
    var scaled = current
    scaled.replicas = count
    if !isRefused { workload.record(scaled) }
  }

  /// A version whose service never becomes ready fails; what was there is brought back.
  private func applyFailing(_ workload: SoakWorkload, _ current: SoakSpec) async throws {
    failedApplies += 1
    let file = try write(makeSpec(for: workload), of: workload, fails: true)
    let isAtomic = Bool.random(using: &random)
    // Were it killed, the next one could find the service running just then, and have nothing to do.
    let mode = isAtomic ? ["--atomic"] : []
    try await finish(["apply", "-f", file, "--timeout", "6s"] + mode, isRefused: true)
    if isAtomic { return }
    if Bool.random(using: &random) {
      try await run(["rollback", workload.name, "--to", "\(workload.releases.count)"])
    } else {
      try await applyAgain(current, to: workload)
    }
  }

  /// A rollout that stops halfway, and then goes on or back.
  private func pause(_ workload: inout SoakWorkload) async throws {
    let spec = makeSpec(for: workload)
    guard spec.strategy.pauses, workload.kind == .shared, spec.replicas > 0 else { return }
    try await run(["apply", "-f", try write(spec, of: workload), "--pause", "--timeout", "60s"])
    let goesOn = Bool.random(using: &random)
    // What is finished can't be finished once more, as a command that is killed and tried again would.
    try await finish([goesOn ? "promote" : "abort", workload.name])
    if goesOn { workload.record(spec) }
  }

  /// A spec for a workload, which sometimes leaves the number of instances as it is.
  private func makeSpec(for workload: SoakWorkload) -> SoakSpec {
    let leaves = Bool.random(using: &random)
    versions += 1
    return SoakSpec.random(
      versions, of: workload.kind, leaving: leaves ? workload.current?.replicas : nil, using: &random)
  }

  private func write(_ spec: SoakSpec, of workload: SoakWorkload, fails: Bool = false) throws -> String {
    // What stays as it is need not be said.
    let isOpen =
      spec.replicas == workload.current?.replicas && (spec.replicas == 0 || spec.version.isMultiple(of: 2))
    return try sandbox.write(
      "\(workload.name).yaml",
      spec.yaml(workload, image: stage.image, statesReplicas: !isOpen, fails: fails))
  }

  // MARK: Troubles

  /// Runs a command to its end, often after it was killed on its way a few times.
  private func run(_ arguments: [String], isRefused: Bool = false) async throws {
    if troubles.contains(.killedCommands) {
      for _ in 0..<Int.random(in: killsPerCommand, using: &random) { try runAndKill(arguments) }
    }
    try await finish(arguments, isRefused: isRefused)
  }

  private func finish(_ arguments: [String], isRefused: Bool = false) async throws {
    story.append(arguments.joined(separator: " "))
    let result = try sandbox.berth(arguments + stage.place)
    if (result.status == 0) == isRefused {
      throw failure("it ended with \(result.status): \(result.output)\(result.errors)")
    }
  }

  private func runAndKill(_ arguments: [String]) throws {
    let process = try sandbox.start(arguments + stage.place)
    if stage.journal != nil, Bool.random(using: &random) {
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
      story.append("  killed: \(arguments.joined(separator: " "))")
    }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// Something that is another one whenever the journal has grown.
  private var journalMark: String {
    let facts = stage.journal.flatMap { try? FileManager.default.attributesOfItem(atPath: $0) }
    return "\(facts?[.size] ?? 0) \((facts?[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0)"
  }

  /// A service that dies is started again.
  private func killService(of workload: SoakWorkload) async throws {
    let services = try await stage.services().filter { $0.workload == workload.name }
    guard let victim = services.sorted(by: { $0.id < $1.id }).randomElement(using: &random) else { return }
    story.append("kill \(victim.service) of \(workload.name)")
    kills += 1
    try await stage.kill(victim)
  }

  private func killKeeper(of workload: SoakWorkload, _ current: SoakSpec) async throws {
    guard let victim = try await stage.killKeeper(of: workload.name, using: &random) else { return }
    story.append("kill \(victim)")
    kills += 1
    try await applyAgain(current, to: workload)
  }

  private func drift(_ workload: SoakWorkload, _ current: SoakSpec) async throws {
    guard let meddling = try await stage.meddle(with: workload.name, using: &random) else { return }
    story.append(meddling.description)
    try await applyAgain(current, to: workload)
    guard try meddling.isMended(current.version) else {
      throw failure("it is not mended: \(meddling.description)")
    }
  }

  // MARK: Checks

  private func check(_ workload: SoakWorkload) async throws {
    let history = try berth("history", workload.name, "--limit", "1000", "--format", "json")
    let numbers = Array((try history.json.list ?? []).compactMap { $0["number"]?.int }.reversed())
    guard numbers == workload.releases.indices.map({ Int64($0 + 1) }) else {
      throw failure("`\(workload.name)` has the releases \(numbers) instead of \(workload.releases.count)")
    }
    guard workload.current != nil else { return }
    let isMended = try eventually {
      try berth("drift", workload.name, "--detailed-exitcode").status == 0
    }
    guard isMended else {
      throw failure("`\(workload.name)` drifts: \(try berth("drift", workload.name).output)")
    }
    if workload.runs {
      let isReady = try eventually {
        try berth("status", workload.name, "--format", "json").json["isReady"]?.bool == true
      }
      guard isReady else {
        throw failure("`\(workload.name)` is not ready: \(try berth("status", workload.name).output)")
      }
    }
  }

  private func berth(_ arguments: String...) throws -> Sandbox.Result {
    try sandbox.berth(arguments + stage.place)
  }

  /// One process for each service that must run, with the version that is in force, and, where there are any, one keeper
  /// for each instance: none twice, and nothing besides.
  private func checkProcesses() async throws {
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
    var keepers: [String]?
    // What was killed is started again after a while.
    for _ in 0..<1200 {
      found = try await stage.services().map { "\($0.workload) \($0.service) version \($0.version ?? "?")" }
        .sorted()
      keepers = try await stage.keepers()
      let isKept = keepers.map { $0.count == instances && Set($0).count == instances } ?? true
      if found == wanted, isKept { return }
      try await Task.sleep(for: .milliseconds(100))
    }
    throw failure(
      "there are \(found) under \(keepers ?? []), and should be \(wanted) in \(instances) instances")
  }

  private func failure(_ text: String) -> Failure {
    Failure(
      description:
        "seed \(seed), step \(steps): \(text)\nbefore that:\n\(story.suffix(14).joined(separator: "\n"))"
    )
  }

  // MARK: Volumes

  /// Everything that was ever written is there, and what runs goes on to write there, with the version that is in force.
  private func checkVolumes(of workload: inout SoakWorkload) async throws {
    for path in try await stage.volumes(of: workload.name) where workload.volumes[path] == nil {
      workload.volumes[path] = SoakVolume(path: path, isForOne: workload.kind != .shared)
    }
    try readVolumes(of: &workload)
    guard workload.runs, let spec = workload.current else { return }
    // Each instance of a stateful set has its own; what a larger number left behind is not written to.
    let used = workload.kind == .stateful ? spec.replicas : 1
    let before = workload.volumes.mapValues(\.records.count)
    let isWritten = try eventually {
      try readVolumes(of: &workload)
      return workload.volumes.values.filter {
        $0.lastVersion == spec.version && $0.records.count > before[$0.path, default: 0]
      }.count >= used
    }
    guard isWritten else {
      throw failure(
        "version \(spec.version) of `\(workload.name)` does not write to its volumes: "
          + workload.volumes.values.map { "\($0.path) has \($0.lastVersion)" }.joined(separator: ", "))
    }
  }

  private func readVolumes(of workload: inout SoakWorkload) throws {
    do {
      for path in workload.volumes.keys { try workload.volumes[path]?.check() }
    } catch let damage as SoakVolume.Damage {
      throw failure(damage.description)
    }
  }

  private func forgetVolumes(of workload: inout SoakWorkload) throws {
    for volume in workload.volumes.values {
      guard !FileManager.default.fileExists(atPath: volume.path) else {
        throw failure("the volume \(volume.path) is still there")
      }
      bytesBefore += volume.records.count
    }
    workload.volumes = [:]
  }
}
