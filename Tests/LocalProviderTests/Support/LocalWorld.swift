import Diagnostics
import Planning
import ProviderKit
import Secrets
import Testing
import WorkloadSpec

@testable import LocalProvider
@testable import Supervisor

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A home of its own, with a provider that works in it. Whatever runs in it is ended with ``end()``.
struct LocalWorld {
  let home: String
  let key: WorkloadKey
  let provider: LocalProvider

  /// - Parameters:
  ///   - depth: how many folders with long names the home lies in.
  ///   - mountsVolumes: whether supervisors may mount volumes, as far as these tests may.
  ///   - isReachable: whether other users can reach the home.
  init(depth: Int = 0, name: String = "shop", mountsVolumes: Bool = true, isReachable: Bool = false) throws {
    var template = Array("/tmp/berth-test-XXXXXX".utf8CString)
    let base = try #require(mkdtemp(&template).map { String(cString: $0) })
    if isReachable { try #require(chmod(base, 0o711) == 0) }
    let deep = (0..<depth).map { _ in "/" + String(repeating: "d", count: 60) }.joined()
    home = base + deep + "/local"
    key = WorkloadKey(name: name)
    program = mountsVolumes ? Self.executable : try Self.executableWithoutMounts(in: base)
    provider = LocalProvider(home: home, store: EmptyStore(), executable: program)
    self.base = base
  }

  private let base: String
  /// What supervisors run.
  let program: String

  /// The program that was built beside these tests.
  static var executable: String {
    let own = Files.linkTarget("/proc/self/exe") ?? CommandLine.arguments[0]
    return String(own[..<(own.lastIndex(of: "/") ?? own.startIndex)]) + "/berth"
  }

  /// Whether supervisors that these tests start may mount volumes.
  static let mayMount = MountNamespace(trying: "/tmp") != nil

  /// A program that runs the one that was built, without the right to mount.
  private static func executableWithoutMounts(in folder: String) throws -> String {
    guard mayMount else { return executable }
    let path = folder + "/berth"
    let right = "-sys_admin"
    let script =
      "#!/bin/sh\nexec setpriv --bounding-set \(right) --inh-caps \(right) '\(executable)' \"$@\"\n"
    try Files.replace(path, with: Array(script.utf8), mode: 0o700, durably: false)
    return path
  }

  var layout: Layout { Layout(home: home) }
  func folder(_ id: InstanceID = InstanceID(0)) -> InstanceFolder { layout.instance(id, of: key) }

  // MARK: Acting

  func context(
    _ workload: Workload?, run: String = "run-1", timeout: Duration = .seconds(20),
    secrets: [String: String] = [:], report: @escaping @Sendable (String) -> Void = { _ in }
  ) -> ActionContext {
    ActionContext(
      key: key, desired: workload, run: RunID(run), timeout: timeout,
      secrets: secrets.mapValues { SecretValue(bytes: Array($0.utf8)) },
      secretDigests: secrets.mapValues { "digest of \($0.count) characters" },
      digestKey: EmptyStore().makeDigestKey(in: "default"), report: report)
  }

  func perform(
    _ kind: ActionKind, _ service: String, of workload: Workload, instance: Int = 0, run: String = "run-1",
    timeout: Duration = .seconds(20), secrets: [String: String] = [:],
    report: @escaping @Sendable (String) -> Void = { _ in }
  ) async throws {
    try await provider.perform(
      Action(kind, .service(InstanceID(instance), service)),
      in: context(workload, run: run, timeout: timeout, secrets: secrets, report: report))
  }

  func deleteInstance(
    _ ordinal: Int = 0, of workload: Workload? = nil, report: @escaping @Sendable (String) -> Void = { _ in }
  ) async throws {
    try await provider.perform(
      Action(.delete, .instance(InstanceID(ordinal))), in: context(workload, report: report))
  }

  /// What a person is told before this workload is applied.
  func notes(on workload: Workload) async throws -> [Diagnostic] {
    try await provider.assess(workload, as: key, given: try await observe()).filter {
      $0.code != .providerNote
    }
  }

  func observe() async throws -> Observation { try await provider.observe(key) }

  func service(_ name: String, instance: Int = 0) async throws -> ObservedService {
    let observation = try await observe()
    return try #require(observation.instance(InstanceID(instance))?.service(name))
  }

  func lines(_ service: String) async throws -> [String] {
    var lines: [String] = []
    for try await line in provider.logs(of: key, matching: LogQuery(services: [service])) {
      lines.append(line.text)
    }
    return lines
  }

  // MARK: Seeing

  /// The processes that belong to the world's services, wherever they are.
  var processes: [pid_t] { Sweep.processes(under: layout.instances).map(\.process) }

  var supervisor: pid_t? {
    (try? InstanceRecord.read(folder().state))?.supervisor?.id
  }

  /// Waits until something is so, and fails if that takes too long.
  func eventually(
    _ what: Comment, within limit: Duration = .seconds(120),
    sourceLocation: Testing.SourceLocation = #_sourceLocation,
    _ condition: () async throws -> Bool
  ) async throws {
    let end = ContinuousClock.now + limit
    while ContinuousClock.now < end {
      if try await condition() { return }
      try await Task.sleep(for: .milliseconds(20))
    }
    Issue.record(what, sourceLocation: sourceLocation)
  }

  /// Ends what runs and deletes the home.
  func end() async throws {
    let observation = try? await observe()
    for instance in observation?.instances ?? [] {
      try await provider.perform(Action(.delete, .instance(instance.id)), in: context(nil))
    }
    Sweep.kill(under: layout.instances)
    try Files.remove(base)
  }
}

/// Runs a body in a world of its own and cleans up behind it, whatever happens.
func withWorld(
  depth: Int = 0, name: String = "shop", mountsVolumes: Bool = true, isReachable: Bool = false,
  _ body: (LocalWorld) async throws -> Void
) async throws {
  let world = try LocalWorld(
    depth: depth, name: name, mountsVolumes: mountsVolumes, isReachable: isReachable)
  do {
    try await body(world)
  } catch {
    try? await world.end()
    throw error
  }
  try await world.end()
}
