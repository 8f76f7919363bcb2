import DockerAPI
import Planning
import ProviderKit
import WorkloadSpec

/// The network in which other workloads find the instances of one by name.
///
/// Those that refer to it are in it from the start. Its own containers are in it when their instance is ready: they go by
/// `SERVICE.WORKLOAD`, and the main one by `WORKLOAD`, too. A name leads to all that have it.
struct NamesNetwork: Sendable {
  let client: DockerClient
  /// The workload that is referred to.
  let key: WorkloadKey
  /// The run that is under way.
  let run: RunID
  /// By which way services are asked how they are.
  let route: ProbeRoute
  /// What becomes of fields on the engine.
  let table: ContainerTable
  /// Looks up the workload as it is wanted, or as its last release has it.
  let current: @Sendable () async -> Workload?

  private var names: EngineNames { EngineNames(key: key) }
  /// What it is called.
  var name: String { names.namesNetwork }

  /// How often, and with which pause, it is looked whether what runs has been running for long enough.
  private static let looks = 5
  private static let pause = Duration.milliseconds(100)

  // MARK: For those that refer to it

  /// Has the instances that are ready be found, by one that is about to look for them.
  ///
  /// The lock of the workload is another one's: what it does at the same time comes to the same.
  func provide() async throws {
    try await make()
    let containers = try await containers()
    guard !containers.isEmpty else { return }
    let workload = await current()
    for id in containers.keys.sorted() { try await add(containers[id] ?? [], of: workload) }
  }

  private func make() async throws {
    // Nothing outside is reached by it: it never becomes the way out of a container, which would set published ports up anew.
    try await CommonNetworks(client: client).make(
      NetworkCreation(name: name, isInternal: true, labels: Label.namesNetwork(of: key, run: run)))
  }

  // MARK: For the workload itself

  /// Has an instance be found if it is ready, and if others refer to the workload.
  func add(_ id: InstanceID) async throws {
    guard id != .before, let network = try await ifFound({ try await client.networks.inspect(name) }),
      Label.mark(network.labels, as: key), let workload = await current()
    else { return }
    for look in 1...Self.looks {
      let found = try await containers(of: id)[id] ?? []
      let services = Set(found.map(\.stamp.stamp.service))
      guard workload.ofInstances.services.allSatisfy({ services.contains($0.name) }) else { return }
      if try await add(found, of: workload) { return }
      // How long it has been running, the engine may see a little otherwise.
      guard look < Self.looks, found.allSatisfy(Self.mayBeReadySoon) else { return }
      try await Task.sleep(for: Self.pause)
    }
  }

  private static func mayBeReadySoon(_ found: FoundContainer) -> Bool {
    found.stamp.spec.role.isRunToEnd
      || (found.container.state.status == "running" && found.stamp.spec.healthCheck?.probe == nil)
  }

  /// Has a container be found no more.
  func remove(_ container: Container) async throws {
    guard container.network.networks?[name] != nil else { return }
    do {
      try await CommonNetworks.retrying {
        try await client.networks.disconnect(name, container: container.id, force: true)
      } afterLoss: {
        try await make()
      }
    } catch let error as DockerError where error.status != nil {
      // It has gone, or it was not in it any more.
      let now = try await ifFound { try await client.containers.inspect(container.id) }
      if now?.network.networks?[name] != nil { throw error }
    }
  }

  // MARK: Joining

  /// The containers of each instance, each the current one of its service.
  private func containers(of id: InstanceID? = nil) async throws -> [InstanceID: [FoundContainer]] {
    let stamped = try await StampedContainers(client: client, key: key).list(of: id)
    var containers: [InstanceID: [FoundContainer]] = [:]
    for service in ServiceContainers.groups(of: stamped) where service.current.place.instance != .before {
      guard let found = try await FoundContainer.look(at: service.current, of: key, on: client) else {
        continue
      }
      containers[service.current.place.instance, default: []].append(found)
    }
    return containers
  }

  /// Has the containers of one instance be found if all are ready.
  ///
  /// - Returns: whether they are.
  @discardableResult
  private func add(_ instance: [FoundContainer], of workload: Workload?) async throws -> Bool {
    // What operators keep stopped keeps nothing else from being found.
    let instance = instance.filter { $0.standing != .stopped }
    for found in instance {
      let service = table.current(
        made: found.stamp.spec, released: workload?.service(found.stamp.stamp.service))
      let reader = ContainerReader(
        names: names, container: found.container, stamp: found.stamp, service: service, table: table)
      let probe = try await HealthJudge(route: route).probe(found.container, service.healthCheck)
      guard reader.isReady(now: .now, probe: probe) else { return false }
    }
    for found in instance {
      guard let endpoint = ContainerNetworks.found(found.stamp.spec, names) else { continue }
      try await add(found.container, as: endpoint)
    }
    return true
  }

  private func add(_ container: Container, as endpoint: EndpointConfig) async throws {
    guard container.canJoinNetworks else { return }
    let isFound = { (container: Container) in
      container.network.networks?[name]?.hasNames(of: endpoint, container: container.id) == true
    }
    guard !isFound(container) else { return }
    do {
      var isIn = container.network.networks?[name] != nil
      try await CommonNetworks.retrying {
        if isIn { try await client.networks.disconnect(name, container: container.id) }
        isIn = false
        try await client.networks.connect(name, container: container.id, as: endpoint)
      } afterLoss: {
        try await make()
      }
    } catch let error as DockerError where error.status != nil {
      // Another run may have done the same, or have taken the container away.
      guard let now = try await ifFound({ try await client.containers.inspect(container.id) }),
        now.state.status == "running", !isFound(now)
      else { return }
      throw error
    }
  }
}
