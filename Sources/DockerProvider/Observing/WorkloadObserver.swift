import DockerAPI
import Planning
import WorkloadSpec

/// Looks at everything of a workload on an engine, and touches nothing.
struct WorkloadObserver: Sendable {
  /// The engine.
  let client: DockerClient
  /// The workload.
  let key: WorkloadKey
  /// By which way services are asked how they are.
  let route: ProbeRoute
  /// Told if containers have addresses that are reached from here.
  let reach: ContainerReach
  /// Where the names of images lead.
  let images: ImageLookup
  /// Finds the target's key for digests of what is secret.
  let digestKey: @Sendable () async throws -> [UInt8]?
  /// Whether every config file is read.
  let isDeep: Bool

  private var names: EngineNames { EngineNames(key: key) }

  /// What is true now.
  ///
  /// - Parameter identity: asks which engine it is. It takes an engine longer to tell that than what runs on it.
  func observe(
    on identity: @escaping @Sendable () async throws -> EngineIdentity
  ) async throws -> Observation {
    async let engine = identity()
    async let findings = find()
    async let networks = client.networks.list(filters: ["name": ["^\(names.prefix)"]])
    async let volumes = client.volumes.list(filters: ["name": ["^\(names.prefix)"]])
    var observation = Observation(engine: try await engine)
    add(try await findings, to: &observation)
    add(try await networks, to: &observation)
    add(try await volumes, to: &observation)
    observation.instances.sort { $0.id < $1.id }
    for index in observation.instances.indices {
      observation.instances[index].services.sort { $0.name < $1.name }
    }
    observation.foreign.sort { $0.name < $1.name }
    observation.gaps.sort()
    return observation
  }

  /// A container on a name of the workload, whoever made it.
  private struct Candidate: Sendable {
    let summary: ContainerSummary
    let name: String
    let place: ContainerPlace
  }

  /// The containers on the workload's names, one of each service.
  private func listContainers() async throws -> [Candidate] {
    // The engine takes a regular expression, and a name of ours means nothing else in one.
    let summaries = try await client.containers.list(filters: ["name": ["^/?\(names.prefix)"]])
    let candidates = summaries.compactMap { summary in
      summary.names.lazy.compactMap { name in
        names.container(named: name).map { Candidate(summary: summary, name: name, place: $0) }
      }.first
    }
    // As long as a container that was replaced is there, the one in its place does not count.
    let replaced = Set(candidates.map(\.place).filter { $0.standing == .replaced })
    guard !replaced.isEmpty else { return candidates }
    return candidates.filter { candidate in
      var rival = candidate.place
      rival.standing = .replaced
      return candidate.place == rival || !replaced.contains(rival)
    }
  }

  // MARK: Services

  /// What was found under the name of a service.
  private enum Finding: Sendable {
    case service(ObservedService)
    case foreign(ForeignObject)
    case gap(String)
    case nothing
  }

  private func find() async throws -> [Finding] {
    let containers = try await listContainers()
    let now = Timestamp.now
    return try await withThrowingTaskGroup(of: Finding.self) { group in
      for container in containers { group.addTask { try await look(at: container, now: now) } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
  }

  private func add(_ findings: [Finding], to observation: inout Observation) {
    var services: [InstanceID: [ObservedService]] = [:]
    for finding in findings {
      switch finding {
      case .service(let service): services[service.stamp.instance, default: []].append(service)
      case .foreign(let object): observation.foreign.append(object)
      case .gap(let text): observation.gaps.append(text)
      case .nothing: break
      }
    }
    observation.instances = services.map { id, services in
      ObservedInstance(id: id, isAlive: false, services: services, message: "its network is gone")
    }
  }

  private func look(at candidate: Candidate, now: Timestamp) async throws -> Finding {
    let (summary, name, place) = (candidate.summary, candidate.name, candidate.place)
    let stamp: ServiceStamp?
    do {
      stamp = try ServiceStamp(labels: summary.labels ?? [:], key: key)
    } catch {
      return .gap("the container \(name) was written by another version of berth")
    }
    guard let stamp, stamp.stamp.instance == place.instance, stamp.stamp.service == place.service else {
      return .foreign(ForeignObject(name: name, kind: "a container that berth did not create"))
    }
    await images.expect(summary, as: stamp.spec)
    // It may just have gone.
    guard let container = try await ifFound({ try await client.containers.inspect(summary.id) }) else {
      return .nothing
    }
    let reader = ContainerReader(names: names, container: container, stamp: stamp)
    if !reach.isKnown, route.ownAddress(of: container) != nil { reach.note() }
    async let files = ConfigFileReader(
      client: client, container: container.id, seals: stamp.secretDigests, digestKey: digestKey,
      isDeep: isDeep
    ).live(stamp.spec.configFiles)
    async let probe = HealthJudge(route: route).probe(container, stamp.spec.healthCheck)
    async let move = images.move(of: container, as: stamp.spec)
    async let digests = images.digests(of: container)
    var service = reader.observed(
      configFiles: try await files, probe: try await probe, host: route.host, now: now)
    service.imageMove = try await move
    service.imageDigests = try await digests
    return .service(service)
  }

  // MARK: Networks and volumes

  private func add(_ networks: [Network], to observation: inout Observation) {
    for network in networks {
      guard let id = names.instance(ofNetwork: network.name) else { continue }
      guard Label.mark(network.labels, as: key), network.labels?[Label.instance] == id.description else {
        observation.foreign.append(
          ForeignObject(name: network.name, kind: "a network that berth did not create"))
        continue
      }
      if let index = observation.instances.firstIndex(where: { $0.id == id }) {
        observation.instances[index].isAlive = true
        observation.instances[index].message = nil
      } else {
        observation.instances.append(ObservedInstance(id: id))
      }
    }
  }

  private func add(_ volumes: [DockerAPI.Volume], to observation: inout Observation) {
    for volume in volumes {
      guard let place = names.volume(named: volume.name) else { continue }
      guard Label.mark(volume.labels, as: key), volume.labels?[Label.volume] == place.name else {
        observation.foreign.append(
          ForeignObject(name: volume.name, kind: "a volume that berth did not create"))
        continue
      }
      observation.volumes.append(
        ObservedVolume(
          name: place.name, ordinal: place.ordinal, type: place.type,
          size: volume.labels?[Label.size].flatMap { ByteQuantity($0) }))
    }
    observation.volumes.sort { ($0.name, $0.ordinal ?? -1) < ($1.name, $1.ordinal ?? -1) }
  }
}
