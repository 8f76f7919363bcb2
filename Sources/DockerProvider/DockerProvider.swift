import Diagnostics
import DockerAPI
import Planning
import ProviderKit
import Secrets
import WorkloadSpec

/// Runs workloads as containers of a Docker engine: an instance is a container for each service and, if there are several, a
/// network in which they find each other.
public struct DockerProvider: Provider, StoreKeeper {
  /// What `provider:` of a target in berth.yaml, and the block under `on` of a spec, call it.
  public static let name = "docker"
  /// What it is, in one sentence.
  public static let summary = "containers of a Docker engine, one for each service"

  /// The release history, the runs and the lock.
  public let store: any ReleaseStore

  /// What the target lets workloads do to the engine's machine, and to what berth did not make.
  public let allowed: Set<Permission>

  /// The heads of histories, for what needs to know what was released while the history is being looked at anyway.
  private let released: @Sendable ([WorkloadKey]) async -> Answers<HistoryHead>
  private let connection: EngineConnection
  private let images: ImageSupply
  private let registries: ListedRegistries
  private let restarts = RestartMemory()
  private let reach = ContainerReach()
  private let region: String?
  private let zone: String?

  /// A provider of an engine. Nothing is connected to before something is asked for.
  ///
  /// - Parameters:
  ///   - region: where the engine is, if that is worth a word.
  ///   - zone: where in the region it is; the name of the engine's machine by default.
  ///   - environment: by which variables the docker client's settings and credentials are found.
  ///   - registries: the hosts of the registries that secrets of specs may be sent to.
  ///   - allowed: what workloads may do to the engine's machine, and to what berth did not make.
  ///   - endpoint: finds the engine's address, when it is needed.
  public init(
    region: String? = nil, zone: String? = nil, environment: [String: String] = [:],
    registries: [String] = [], allowed: Set<Permission> = [],
    endpoint: @escaping @Sendable () throws -> DockerEndpoint
  ) {
    self.init(
      region: region, zone: zone, environment: environment, registries: ListedRegistries(registries),
      allowed: allowed, endpoint: endpoint)
  }

  init(
    region: String?, zone: String?, environment: [String: String], registries: ListedRegistries,
    history: HistoryLimits = HistoryLimits(), store: NamedStore? = nil, allowed: Set<Permission> = [],
    endpoint: @escaping @Sendable () throws -> DockerEndpoint
  ) {
    self.init(
      connection: EngineConnection(endpoint: endpoint), history: history, store: store, allowed: allowed,
      region: region,
      zone: zone, environment: environment, registries: registries)
  }

  /// A provider with a release store of its own, unless another is given.
  init(
    connection: EngineConnection, storeNames: StoreNames = .standard,
    history: HistoryLimits = HistoryLimits(), store: NamedStore? = nil, allowed: Set<Permission> = [],
    region: String? = nil,
    zone: String? = nil, environment: [String: String] = [:],
    registries: ListedRegistries = ListedRegistries([])
  ) {
    self.connection = connection
    self.allowed = allowed
    self.registries = registries
    images = ImageSupply(environment: environment)
    if let store {
      self.store = store
      released = { await store.heads(of: $0) }
    } else {
      let store = DockerStore(connection: connection, names: storeNames, limits: history)
      self.store = store
      released = { await store.heads(of: $0, leavesSeen: true) }
    }
    self.region = region
    self.zone = zone
  }

  /// The history of another engine's workloads, in volumes of its own.
  public func store(of engine: EngineIdentity, limits: HistoryLimits) async throws -> any ReleaseStore {
    let own = try await DockerError.asProviderError { try await connection.identity() }
    if engine == own { return store }
    return DockerStore(connection: connection, names: StoreNames(of: engine), limits: limits)
  }

  // MARK: Reading

  /// What can be said without asking an engine.
  public var traits: ProviderTraits {
    ProviderTraits(
      name: Self.name, summary: Self.summary, unit: .service, engineFields: DockerFields.all)
  }

  /// What containers can do, whatever the engine's limits are.
  public func capabilities(on facts: EngineFacts) -> Set<Capability> {
    [
      .provision, .deploy, .scale, .logs, .exec, .volumes, .gpu, .rolling, .recreate, .blueGreen, .canary,
      .tls, .pin, .before, .adopt,
    ]
  }

  /// The permissions that a service needs by what only Docker knows of it.
  public func ownPermissions(of service: Service) -> [(permission: Permission, field: String)] {
    DockerFields.permissions(of: service)
  }

  /// The release history, the runs and the lock, for reading.
  public var history: any ReleaseReader { store }

  /// Makes sure that the engine answers, and speaks a version of the API that is known here.
  public func connect() async throws {
    _ = try await DockerError.asProviderError { try await connection.client() }
    // Nearly everything needs to know which engine it is, and engines take longer over it than over what they run.
    Task { try? await connection.info() }
  }

  /// The engine, told apart by the identity that it gave itself.
  public func info() async throws -> ProviderInfo {
    try await DockerError.asProviderError {
      let info = try await connection.info()
      return ProviderInfo(
        identity: try await connection.identity(), version: info.version ?? "unknown", region: region,
        location: zone ?? info.name, facts: try await connection.facts())
    }
  }

  /// Whether the engine answers.
  public func health() async -> ProviderHealth {
    await ProviderHealth.asking {
      let client = try await connection.client()
      try await client.system.ping()
      return (true, "\(client.endpoint) answers")
    }
  }

  /// The containers, networks and volumes on the workloads' names. A deep look reads every config file, whatever it
  /// tells of itself.
  public func observe(_ keys: [WorkloadKey], deeply: Bool) async -> Answers<Observation> {
    await Answers(
      of: keys,
      together: {
        try await DockerError.asProviderError {
          let client = try await connection.client()
          let environment = images.environment
          let lookup = ImageLookup(client: client) {
            try await ImageSupply.storedCredentials(for: $0, environment)
          }
          // It takes an engine longer to tell which one it is than what runs on it.
          async let engine = connection.identity()
          async let released = self.released(keys)
          let listing = try await EngineListing(of: keys, on: client)
          let inspections = Inspections(of: listing, keys, on: client)
          let (identity, facts, heads) = (try await engine, try await connection.facts(), await released)
          return await Answers(of: keys) { key in
            let observer = WorkloadObserver(
              client: client, key: key, route: ProbeRoute(to: client.endpoint), reach: reach, images: lookup,
              digestKey: { [store] in try await store.digestKey(in: key.namespace) }, isDeep: deeply,
              // Without a history that can be read, the labels tell enough.
              released: (try? heads.answer(for: key))?.release?.snapshot, facts: facts)
            return try await DockerError.asProviderError {
              try await observer.observe(on: identity, listing, inspections)
            }
          }
        }
      })
  }

  /// The containers on the workload's names, and those of a compose project.
  public func adoptable(
    for workload: Workload, as key: WorkloadKey, _ request: AdoptionRequest, given observation: Observation
  ) async throws -> Adoptable {
    try await DockerError.asProviderError {
      let client = try await connection.client()
      let lookup = ImageLookup(client: client) { [images] in
        try await ImageSupply.storedCredentials(for: $0, images.environment)
      }
      let observer = WorkloadObserver(
        client: client, key: key, route: ProbeRoute(to: client.endpoint), reach: reach, images: lookup,
        digestKey: { [store] in try await store.digestKey(in: key.namespace) }, isDeep: true, released: nil,
        facts: try await connection.facts())
      return try await AdoptionFinder(
        observer: observer, workload: workload.narrowed(to: Self.name), request: request,
        observation: observation
      ).find()
    }
  }

  /// Services need an image, and fixed host ports must be free. What the engine does not do is a warning.
  public func assess(
    _ workload: Workload, as key: WorkloadKey, given observation: Observation
  ) async throws -> Diagnostics {
    try await DockerError.asProviderError {
      let client = try await connection.client()
      var diagnostics = ContainerTable.on(try await connection.facts()).findings(on: workload)
      diagnostics.append(
        contentsOf: try await Assessment(
          client: client, names: EngineNames(key: key), route: ProbeRoute(to: client.endpoint), reach: reach,
          observation: observation
        ).assess(workload))
      registries.check(workload, &diagnostics)
      return diagnostics
    }
  }

  /// What is made needs its image, addresses for its network, and its ports of the host.
  public func obstacles(to plan: Plan, given observation: Observation) async throws -> Diagnostics {
    try await DockerError.asProviderError {
      let client = try await connection.client()
      return try await Obstacles(
        client: client, route: ProbeRoute(to: client.endpoint), reach: reach,
        info: { [connection] in try await connection.info() }
      ).find(for: plan, given: observation)
    }
  }

  /// What the engine has, or the registry says, as the pull policy of each service has it.
  public func resolveImages(
    of services: [Service], secrets: [String: SecretValue]
  ) async throws -> [String: ImageResolution] {
    try await DockerError.asProviderError {
      let resolver = ImageResolver(
        client: try await connection.client(), secrets: secrets, registries: registries,
        environment: images.environment)
      return try await withThrowingTaskGroup(of: (String, ImageResolution).self) { group in
        for service in services { group.addTask { (service.name, try await resolver.resolve(service)) } }
        return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
      }
    }
  }

  /// The rows of containers.
  public func fields(on facts: EngineFacts) -> FieldTable { ContainerTable.on(facts).table }

  /// Limits and restart policies are changed while a container runs; everything else needs a new one.
  public func impact(of change: ServiceChange, on facts: EngineFacts) -> ImpactStatement {
    ContainerTable.on(facts).impact(of: change)
  }

  /// Lines that services wrote.
  public func logs(of key: WorkloadKey, matching query: LogQuery) -> AsyncThrowingStream<LogLine, any Error> {
    AsyncThrowingStream { continuation in
      let task = Task {
        do {
          try await DockerError.asProviderError {
            let follower = LogFollower(client: try await connection.client(), key: key, query: query)
            try await follower.read { continuation.yield($0) }
          }
          continuation.finish()
        } catch is CancellationError {
          continuation.finish()
        } catch {
          continuation.finish(throwing: error)
        }
      }
      continuation.onTermination = { _ in task.cancel() }
    }
  }

  /// What the engine measures of the containers that run.
  public func usage(of key: WorkloadKey) async throws -> [ServiceUsage] {
    try await DockerError.asProviderError {
      let memory = try await connection.info().memory.map { UInt64(clamping: $0) }
      return try await UsageReader(client: try await connection.client(), key: key, machineMemory: memory)
        .read()
    }
  }

  // MARK: Writing

  /// Performs one action by the engine's own calls.
  public func perform(_ action: Action, in context: ActionContext) async throws {
    try await acting { client in
      let services = ServicePerformer(
        client: client, context: context, images: images, registries: registries, restarts: restarts,
        route: ProbeRoute(to: client.endpoint), table: ContainerTable.on(try await connection.facts()),
        released: { [released] key in
          let heads = await released([key])
          // Without a history that can be read, the labels tell enough.
          return (try? heads.answer(for: key))?.release?.snapshot
        })
      try await ActionPerformer(services: services).perform(action)
    }
  }

  /// Runs a command in a service's container.
  public func exec(
    _ request: ExecRequest, input: any AsyncSequence<ExecInput, Never> & Sendable,
    output: @escaping @Sendable (ExecOutput) async throws -> Void
  ) async throws -> Int32 {
    try await acting {
      try await CommandRunner(client: $0, request: request, isLocal: ProbeRoute(to: $0.endpoint).isLocal).run(
        input: input, output: output)
    }
  }

  private func acting<Result>(_ body: (DockerClient) async throws -> Result) async throws -> Result {
    try await DockerError.asActionError { try await body(try await connection.client()) }
  }
}
