import DockerAPI
import Engine
import Foundation
import Planning
import ProviderKit
import Secrets
import TestSupport
import Testing
import WorkloadSpec

@testable import DockerProvider

/// The engine that `BERTH_TEST_DOCKER_HOST` names; without it, tests that need one are skipped.
enum TestEngine {
  static let host = ProcessInfo.processInfo.environment["BERTH_TEST_DOCKER_HOST"]
  static let isThere: ConditionTrait = .enabled(
    if: host != nil, "needs a Docker engine: set BERTH_TEST_DOCKER_HOST, as .ci/run does")
  /// An image that every test engine has, with a shell and little more.
  static let image = "berth-test/busybox:1"

  static func connection() -> EngineConnection {
    EngineConnection { try DockerEndpoint(host: host ?? "") }
  }
}

/// A namespace and a release store of their own on the test engine, and everything in them taken away at the end.
struct DockerWorld {
  let namespace: String
  let storeNames: StoreNames
  let connection = TestEngine.connection()
  private(set) var provider: DockerProvider
  var key: WorkloadKey { WorkloadKey(namespace: namespace, name: "shop") }

  /// A world.
  ///
  /// - Parameter namespace: the namespace, if it is not one of its own.
  init(namespace: String? = nil) {
    let id = String(UInt32.random(in: .min ... .max), radix: 36)
    self.namespace = namespace ?? "test-\(id)"
    storeNames = StoreNames(prefix: "berth-test-\(id)")
    provider = DockerProvider(connection: connection, storeNames: storeNames)
  }

  /// The same world with a provider that may send secrets to some registries.
  func listing(_ registries: [String]) -> DockerWorld {
    var world = self
    world.provider = DockerProvider(
      connection: connection, storeNames: storeNames, registries: ListedRegistries(registries))
    return world
  }

  /// The same world with a provider that lets workloads do some things.
  func allowing(_ permissions: Set<Permission>) -> DockerWorld {
    var world = self
    world.provider = DockerProvider(connection: connection, storeNames: storeNames, allowed: permissions)
    return world
  }

  /// Another store object on the same history, as another process would have it.
  ///
  /// - Parameter patience: how long a run goes on until the archive is told of it.
  func openStore(patience: Duration = .zero, limits: HistoryLimits = HistoryLimits()) -> DockerStore {
    DockerStore(
      connection: TestEngine.connection(), names: storeNames, limits: limits, patience: patience)
  }

  /// The history of a workload, by default of this world's, as the store keeps it.
  func ledger(of key: WorkloadKey? = nil, on client: DockerClient) -> Ledger {
    Ledger(
      client: client, names: storeNames, key: key ?? self.key, sweeper: VolumeSweeper(),
      versions: VersionMemory(),
      memory: LedgerMemory()
    ) { LedgerState() }
  }

  /// The names of everything on the engine that is this world's.
  func leftovers() async throws -> [String] {
    let client = try await connection.client()
    func isOurs(_ name: String) -> Bool {
      name.hasPrefix(namespace + "_") || name.hasPrefix(namespace + ".")
        || name.hasPrefix(storeNames.prefix + ".")
    }
    return try await client.containers.list().flatMap(\.names).filter(isOurs)
      + client.networks.list().map(\.name).filter(isOurs)
      + client.volumes.list().filter { isOurs($0.name) || isStamp($0) }.map(\.name)
  }

  /// Whether a volume is the stamp of a container that a workload of this world adopted.
  private func isStamp(_ volume: DockerAPI.Volume) -> Bool {
    volume.name.hasPrefix(ContainerAdoption.prefix) && volume.labels?[Label.namespace] == namespace
  }

  /// Takes everything away.
  func end() async throws {
    let client = try await connection.client()
    for container in try await client.containers.list() {
      guard let name = container.names.first,
        name.hasPrefix(namespace + "_") || name.hasPrefix(storeNames.prefix + ".")
      else { continue }
      _ = try await ifFound { try await client.containers.remove(container.id, force: true) }
    }
    for network in try await networks() where try await !isMiscounted(network) {
      _ = try await ifFound { try await client.networks.remove(network.id) }
    }
    for volume in try await client.volumes.list()
    where volume.name.hasPrefix(namespace + "_") || volume.name.hasPrefix(storeNames.prefix + ".")
      || isStamp(volume)
    {
      _ = try await ifFound { try await client.volumes.remove(volume.name) }
    }
    for image in try await client.images.list(filters: ["reference": ["\(namespace)/*"]]).flatMap({
      $0.tags ?? []
    }) {
      _ = try await ifFound { try await client.images.remove(image, force: true) }
    }
  }

  // MARK: Networks

  /// The networks that are this world's.
  func networks() async throws -> [Network] {
    try await connection.client().networks.list().filter {
      $0.name.hasPrefix(namespace + "_") || $0.name.hasPrefix(namespace + ".")
    }
  }

  /// Whether no container is in a network and the engine refuses to remove it: under load it loses count of those that
  /// were (https://github.com/moby/moby/issues/42119), and no caller can mend that.
  ///
  /// To find that out, a network that no container is in is removed.
  func isMiscounted(_ network: Network) async throws -> Bool {
    let client = try await connection.client()
    guard try await client.containers.list(filters: ["network": [network.id]]).isEmpty else { return false }
    do {
      try await client.networks.remove(network.id, patience: .seconds(3))
      return false
    } catch let error as DockerError {
      return error.isForbidden
    }
  }

  // MARK: Images

  /// Makes an image of the test image's files, with a configuration of its own.
  ///
  /// - Parameter changes: lines of a Dockerfile: `VOLUME /data`.
  func makeImage(_ name: String, _ changes: [String]) async throws {
    let client = try await connection.client()
    var config = ContainerConfig()
    config.image = TestEngine.image
    config.command = ["true"]
    let container = "\(namespace)_image"
    try await client.containers.create(named: container, ContainerCreation(config: config))
    let root = try await client.containers.archive(container, path: "/").collect(upTo: 64 << 20)
    _ = try await client.images.importArchive(root, as: name, changes: changes)
    try await client.containers.remove(container)
  }

  // MARK: Runs

  /// Has a goal reached by a run, which must not fail.
  @discardableResult
  func reach(
    _ goal: Goal, pins: Bool = false, note: @escaping @Sendable (String) -> Void = { _ in }
  ) async throws -> RunResult {
    let result = try await Engine(provider: provider, target: "docker").apply(
      WorkloadRequest(key: key, goal: goal, pins: pins),
      events: { if case .progress(_, let text) = $0 { note(text) } })
    #expect(result.outcome != .failed, "\(result.failures)")
    return result
  }

  @discardableResult
  func apply(_ workload: Workload) async throws -> RunResult {
    try await reach(.spec(workload, services: nil))
  }

  func plan(_ workload: Workload, pins: Bool = false) async throws -> Plan {
    try await plan(.spec(workload, services: nil), pins: pins)
  }

  func plan(_ goal: Goal, pins: Bool = false) async throws -> Plan {
    try await preview.plan(WorkloadRequest(key: key, goal: goal, pins: pins))
  }

  func drift() async throws -> Plan { try await preview.drift(of: key) }

  private var preview: EngineReader { EngineReader(reader: provider, target: "docker") }

  // MARK: Acting

  func context(
    _ workload: Workload?, run: String = "run-1", timeout: Duration = .seconds(30),
    secrets: [String: String] = [:]
  ) -> ActionContext {
    ActionContext(
      key: key, desired: workload, run: RunID(run), timeout: timeout,
      secrets: secrets.mapValues { SecretValue(bytes: Array($0.utf8)) },
      secretDigests: secrets.mapValues { "digest of \($0.count) characters" })
  }

  /// Makes every service of one instance.
  func create(_ workload: Workload, run: String = "run-1", secrets: [String: String] = [:]) async throws {
    let context = context(workload, run: run, secrets: secrets)
    try await provider.perform(Action(.create, .instance(InstanceID(0))), in: context)
    for name in ServiceOrder(workload.services).startOrder {
      try await provider.perform(Action(.create, .service(InstanceID(0), name)), in: context)
    }
  }

  /// A container as it was made when each instance had a network for itself. Makes that network, too.
  func inNetworkOfItsOwn(
    _ creation: ContainerCreation, _ service: String, _ id: InstanceID = InstanceID(0)
  ) async throws -> ContainerCreation {
    let name = EngineNames(key: key).network(of: id)
    try await connection.client().networks.create(
      NetworkCreation(name: name, labels: Label.network(of: id, key, run: RunID("run-0"))))
    var made = creation
    made.host.networkMode = name
    made.networks = [name: EndpointConfig(aliases: [service])]
    return made
  }

  /// Makes an instance of one service, from an image whose tag is this world's, so that it can be moved.
  ///
  /// - Returns: the service, and the tag.
  func createWithTagOfItsOwn(_ name: String) async throws -> (service: Service, image: String) {
    let image = "\(namespace)/moving:1"
    try await connection.client().images.tag(TestEngine.image, as: image)
    let service = Service.idle(name) { $0.image = image }
    try await create(.of(service))
    return (service, image)
  }

  func perform(
    _ kind: ActionKind, _ service: String, of workload: Workload, run: String = "run-2"
  ) async throws {
    try await provider.perform(
      Action(kind, .service(InstanceID(0), service)), in: context(workload, run: run))
  }

  func observed(_ service: String) async throws -> ObservedService {
    try #require(try await provider.observe(key).instance(InstanceID(0))?.service(service))
  }

  /// What a command in a service's container wrote to its standard output.
  func output(of command: String, in service: String) async throws -> String {
    let client = try await connection.client()
    let container = EngineNames(key: key).container(of: service, in: InstanceID(0))
    let id = try await client.execs.create(in: container, ExecCreation(command: ["/bin/sh", "-c", command]))
    return try await client.execs.start(id, terminal: false) { streams in
      var bytes: [UInt8] = []
      for try await chunk in streams.output where chunk.stream == .output { bytes += chunk.bytes }
      return String(decoding: bytes, as: UTF8.self)
    }
  }
}

/// Runs a body in a world of its own and cleans up behind it, whatever happens.
func withDocker(_ body: (DockerWorld) async throws -> Void) async throws {
  let world = DockerWorld()
  do {
    try await body(world)
  } catch {
    try? await world.end()
    throw error
  }
  try await world.end()
}

extension Service {
  /// A service that runs a shell script in the test image.
  static func shell(
    _ name: String, _ script: String, role: Role = .main, _ change: (inout Service) -> Void = { _ in }
  ) -> Service {
    .script(name, script, in: TestEngine.image, role: role, change)
  }

  /// A service that runs until it is asked to stop, and then ends at once.
  static func idle(
    _ name: String, role: Role = .main, _ change: (inout Service) -> Void = { _ in }
  ) -> Service {
    .shell(name, idling, role: role, change)
  }

  /// A shell passes no signal on: what it waits for must not keep it.
  static let idling = "trap 'exit 0' TERM; sleep 1000 & wait"
}

extension ConfigFile {
  /// A file at a path, named after it.
  static func at(_ path: String, _ content: String) -> ConfigFile {
    var file = ConfigFile()
    file.name = path.split(separator: "/").joined(separator: "-").replacing(".", with: "-")
    file.path = path
    file.content = content
    return file
  }
}

extension WorkloadSpec.Volume {
  static func at(_ path: String, _ type: VolumeType, _ name: String) -> WorkloadSpec.Volume {
    var volume = WorkloadSpec.Volume()
    volume.name = name
    volume.mountPath = path
    volume.type = type
    return volume
  }
}

extension WorkloadSpec.Port {
  static func at(_ container: Int, host: Int) -> WorkloadSpec.Port {
    var port = WorkloadSpec.Port()
    port.container = container
    port.host = host
    return port
  }
}
