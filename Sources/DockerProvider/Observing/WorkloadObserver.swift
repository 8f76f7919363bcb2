import DockerAPI
import Planning
import ProviderKit
import Values
import WorkloadSpec

/// Looks at everything of a workload on an engine, and touches nothing.
struct WorkloadObserver: Sendable {
  let client: DockerClient
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
  /// The workload as the last release has it.
  let released: Workload?
  /// What the engine is, as far as it decides what becomes of fields.
  let facts: EngineFacts

  private var names: EngineNames { EngineNames(key: key) }

  /// What is true now.
  ///
  /// - Parameters:
  ///   - engine: which engine it is.
  ///   - listing: what the engine lists of the workload.
  ///   - inspections: the containers of it in full.
  func observe(
    on engine: EngineIdentity, _ listing: EngineListing, _ inspections: Inspections
  ) async throws -> Observation {
    var observation = Observation(engine: engine)
    let (ours, strangers) = try await sort(listing.containers(of: key))
    let services = ServiceContainers.groups(of: ours)
    observation.foreign += strangers
    let networks = listing.networks(of: key)
    let findings = try await find(services, networks: networks, inspections)
    add(findings, to: &observation)
    observation.facts = facts.compared
    add(networks, to: &observation)
    add(
      listing.volumes(of: key), of: ours.filter { $0.place.instance != .before }, listing.stamps(of: key),
      to: &observation)
    observation.instances.sort { $0.id < $1.id }
    for index in observation.instances.indices {
      observation.instances[index].services.sort { $0.name < $1.name }
    }
    observation.foreign.sort { $0.name < $1.name }
    observation.gaps.sort()
    observation.setBeforeApart()
    return observation
  }

  /// The containers that carry the workload's stamp, and what else sits on its names.
  private func sort(
    _ found: [ContainerSummary]
  ) async throws -> (ours: [StampedContainer], strangers: [ForeignObject]) {
    let containers = StampedContainers(client: client, key: key) { [images] in try await images.image($0) }
    let ours = try await containers.stamped(among: found)
    let ids = Set(ours.map(\.summary.id))
    let strangers = found.filter { !ids.contains($0.id) }.compactMap { summary in
      summary.names.first { names.container(named: $0) != nil }.map {
        ForeignObject(name: $0, kind: "a container that berth did not create", canBeAdopted: true)
      }
    }
    return (ours, strangers)
  }

  // MARK: Services

  /// What was found of a service.
  private enum Finding: Sendable {
    case service(ObservedService, Place)
    case gap(String)
    case nothing
  }

  /// What a container's networks say of its instance.
  struct Place: Sendable {
    /// The network that it has for its instance.
    let home: ContainerHome
    /// How it would deviate if its instance were ready and others looked for it.
    let unfound: Deviation?
    /// How it deviates because others look for it, whatever its instance is.
    let misnamed: Deviation?
  }

  private func find(
    _ services: [ServiceContainers], networks: [Network], _ inspections: Inspections
  ) async throws -> [Finding] {
    let now = Timestamp.now
    let table = ContainerTable.on(facts)
    let isReferredTo = networks.contains { $0.name == names.namesNetwork && Label.mark($0.labels, as: key) }
    let networks = Set(networks.map(\.name))
    let adoptions = services.map { service in
      (service.current.place, ContainerAdoption(labels: service.current.summary.labels ?? [:]))
    }
    return try await withThrowingTaskGroup(of: Finding.self) { group in
      for service in services {
        let hasNetwork = networks.contains(names.network(of: service.current.place.instance))
        let place = service.current.place
        let others = adoptions.filter { $0.0.instance == place.instance && $0.0.service != place.service }
        group.addTask {
          try await look(
            at: service, inspections, hasNetwork: hasNetwork, isReferredTo: isReferredTo,
            beside: others.map(\.1), table: table, now: now)
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
  }

  private func add(_ findings: [Finding], to observation: inout Observation) {
    var found: [InstanceID: [(service: ObservedService, place: Place)]] = [:]
    for finding in findings {
      switch finding {
      case .service(let service, let place):
        found[service.stamp.instance, default: []].append((service, place))
      case .gap(let text): observation.gaps.append(text)
      case .nothing: break
      }
    }
    observation.instances = found.map { id, found in
      var services = found.map(\.service)
      let isReady = services.allSatisfy(\.isReady)
      for (index, place) in found.map(\.place).enumerated() {
        services[index].deviations += [isReady ? place.unfound : place.misnamed].compactMap(\.self)
      }
      // What has no network for its instance alone has all that it needs.
      let isAlive = found.allSatisfy { $0.place.home != .own }
      return ObservedInstance(
        id: id, isAlive: isAlive, services: services, message: isAlive ? nil : "its network is gone")
    }
  }

  private func look(
    at containers: ServiceContainers, _ inspections: Inspections, hasNetwork: Bool, isReferredTo: Bool,
    beside others: [ContainerAdoption?], table: ContainerTable, now: Timestamp
  ) async throws -> Finding {
    let (summary, name) = (containers.current.summary, containers.current.name)
    let stamp: ServiceStamp?
    do {
      stamp = try ServiceStamp(labels: summary.labels ?? [:], key: key)
    } catch {
      return .gap("the container \(name) was written by another version of berth")
    }
    guard let stamp else { return .nothing }
    await images.expect(summary, as: stamp.spec)
    // It may just have gone.
    guard let container = try await inspections.container(containers.current) else { return .nothing }
    let deviations = ContainerDeviations(
      container: container, stamp: stamp, names: names, hasInstanceNetwork: hasNetwork, others: others)
    return .service(
      try await observed(
        container, stamp, released: released?.service(stamp.stamp.service),
        surplus: containers.surplus.map(\.name), hasNetwork: hasNetwork, beside: others, table: table,
        now: now),
      Place(
        home: deviations.home, unfound: isReferredTo ? deviations.beingFound(isReady: true) : nil,
        misnamed: isReferredTo ? deviations.beingFound(isReady: false) : nil))
  }

  /// What is observed of a service by its container.
  ///
  /// - Parameters:
  ///   - released: the service as the last release has it.
  ///   - surplus: the names of the containers that are too many.
  ///   - hasNetwork: whether the network of its instance is there.
  ///   - others: how the other containers of the instance came to be services'.
  func observed(
    _ container: Container, _ stamp: ServiceStamp, released: Service?, surplus: [String] = [],
    hasNetwork: Bool, beside others: [ContainerAdoption?] = [], table: ContainerTable, now: Timestamp
  ) async throws -> ObservedService {
    let service = table.current(made: stamp.spec, released: released)
    let reader = ContainerReader(
      names: names, container: container, stamp: stamp, service: service, table: table)
    if !reach.isKnown, route.ownAddress(of: container) != nil { reach.note() }
    async let files = ConfigFileReader(
      client: client, container: container.id, texts: ContainerFields.texts(of: stamp.spec),
      seals: stamp.secretDigests, digestKey: digestKey,
      isDeep: isDeep
    ).live(stamp.spec.configFiles)
    async let probe = HealthJudge(route: route).probe(container, service.healthCheck)
    async let move = images.move(of: container, as: stamp.spec)
    async let digests = images.digests(of: container)
    var observed = reader.observed(
      configFiles: try await files, probe: try await probe, host: route.host, now: now)
    observed.imageMove = try await move
    observed.imageDigests = try await digests
    observed.deviations =
      ContainerDeviations(
        container: container, stamp: stamp, names: names, surplus: surplus, hasInstanceNetwork: hasNetwork,
        others: others
      ).all
    observed.origin = stamp.adoption?.origin
    return observed
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

  private func add(
    _ volumes: [DockerAPI.Volume], of containers: [StampedContainer], _ stamps: AdoptionStamps,
    to observation: inout Observation
  ) {
    let ours = WorkloadVolumes(volumes, containers, stamps: stamps, names: names)
    let known = Set(ours.places.values.map(\.name))
    for volume in volumes where !known.contains(volume.name) {
      guard names.volume(named: volume.name) != nil || names.ordinal(ofImageVolume: volume.name) != nil else {
        continue
      }
      observation.foreign.append(
        ForeignObject(name: volume.name, kind: "a volume that berth did not create"))
    }
    observation.volumes = ours.observed
  }
}
