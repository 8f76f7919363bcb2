import Planning
import ProviderKit
import Testing
import WorkloadSpec

@testable import LocalProvider

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

  /// - Parameter depth: how many folders with long names the home lies in.
  init(depth: Int = 0, name: String = "shop") throws {
    var template = Array("/tmp/berth-test-XXXXXX".utf8CString)
    let base = try #require(mkdtemp(&template).map { String(cString: $0) })
    let deep = (0..<depth).map { _ in "/" + String(repeating: "d", count: 60) }.joined()
    home = base + deep + "/local"
    key = WorkloadKey(name: name)
    provider = LocalProvider(home: home, store: EmptyStore(), executable: Self.executable)
    self.base = base
  }

  private let base: String

  /// The program that was built beside these tests.
  static var executable: String {
    let own = Files.linkTarget("/proc/self/exe") ?? CommandLine.arguments[0]
    return String(own[..<(own.lastIndex(of: "/") ?? own.startIndex)]) + "/berth"
  }

  var layout: Layout { Layout(home: home) }
  func folder(_ id: InstanceID = InstanceID(0)) -> InstanceFolder { layout.instance(id, of: key) }

  // MARK: Acting

  func context(
    _ workload: Workload?, run: String = "run-1", timeout: Duration = .seconds(20),
    secrets: [String: String] = [:]
  ) -> ActionContext {
    ActionContext(
      key: key, desired: workload, run: RunID(run), timeout: timeout,
      secrets: secrets.mapValues { SecretValue(bytes: Array($0.utf8)) },
      secretDigests: secrets.mapValues { "digest of \($0.count) characters" },
      digestKey: EmptyStore().makeDigestKey())
  }

  func perform(
    _ kind: ActionKind, _ service: String, of workload: Workload, instance: Int = 0, run: String = "run-1",
    timeout: Duration = .seconds(20), secrets: [String: String] = [:]
  ) async throws {
    try await provider.perform(
      Action(kind, .service(InstanceID(instance), service)),
      in: context(workload, run: run, timeout: timeout, secrets: secrets))
  }

  func deleteInstance(_ ordinal: Int = 0) async throws {
    try await provider.perform(Action(.delete, .instance(InstanceID(ordinal))), in: context(nil))
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
  depth: Int = 0, name: String = "shop", _ body: (LocalWorld) async throws -> Void
) async throws {
  let world = try LocalWorld(depth: depth, name: name)
  do {
    try await body(world)
  } catch {
    try? await world.end()
    throw error
  }
  try await world.end()
}
