import DockerAPI
import Planning
import ProviderKit
import WorkloadSpec

/// Performs one action on an engine.
///
/// Everything has a name by which it is found again: what a run that was killed left behind is either what is wanted
/// already, or gives way to it. Nothing is ever made that could be forgotten.
struct ActionPerformer: Sendable {
  /// Performs what is done to services.
  let services: ServicePerformer

  private var client: DockerClient { services.client }
  private var context: ActionContext { services.context }
  private var key: WorkloadKey { context.key }
  private var names: EngineNames { EngineNames(key: key) }

  func perform(_ action: Action) async throws {
    switch (action.subject, action.kind) {
    case (.instance(let id), .create), (.instance(let id), .start): try await makeInstance(id)
    case (.instance(let id), .delete): try await deleteInstance(id)
    case (.service(let id, let name), .delete): try await services.delete(name, in: id)
    case (.service(let id, let name), .stop): try await services.stop(name, in: id)
    case (.service(let id, let name), .adopt): try await adopt(name, in: id, action)
    case (.service(let id, let name), .run):
      try await services.run(name, in: id)
      // An older version of berth may have left one behind.
      try await network.deleteIfUnused(id)
    case (.service(let id, let name), .create), (.service(let id, let name), .start),
      (.service(let id, let name), .update), (.service(let id, let name), .restart),
      (.service(let id, let name), .replace):
      try await services.put(name, in: id, action)
    case (.volume(let name, let ordinal), .delete): try await services.volumes.remove(name, ordinal)
    default: throw ActionFailure("Docker has no way to \(action.kind.rawValue) \(action.subject)")
    }
  }

  // MARK: Instances and volumes

  /// Makes the network that an instance of several services has for itself; one of a single service needs nothing. What is left of
  /// an instance that lost its network is taken away: its services can't be moved to another one.
  private func makeInstance(_ id: InstanceID) async throws {
    if try await network.find(id) != nil { return }
    if try await hasLostItsNetwork(id) { try await removeServices(of: id) }
    if home(of: id) == .own { try await network.make(id) }
  }

  /// Whether a container of an instance has a network that is not there: that of the instance.
  private func hasLostItsNetwork(_ id: InstanceID) async throws -> Bool {
    let containers = try await StampedContainers(client: client, key: key).list(of: id)
    let adoptions = containers.map { ($0.place.service, ContainerAdoption(labels: $0.summary.labels ?? [:])) }
    for container in containers {
      guard let found = try await FoundContainer.look(at: container, of: key, on: client) else { continue }
      let others = adoptions.filter { $0.0 != container.place.service }.map(\.1)
      if ContainerHome(of: found.container, found.stamp, beside: others, names) == .own { return true }
    }
    return false
  }

  /// What the containers of an instance are made in.
  private func home(of id: InstanceID) -> ContainerHome {
    context.desired.map { ContainerHome(of: $0, in: id) } ?? .own
  }

  private var network: InstanceNetwork { InstanceNetwork(client: client, context: context) }

  /// Takes a container over. Beside others, its instance has a network.
  private func adopt(_ name: String, in id: InstanceID, _ action: Action) async throws {
    if home(of: id) == .own { try await network.provide(id) }
    try await services.adopt(name, in: id, action)
  }

  private func deleteInstance(_ id: InstanceID) async throws {
    try await removeServices(of: id)
    try await services.forgetGone()
    let network = try await ifFound { try await client.networks.inspect(names.network(of: id)) }
    if let network, Label.mark(network.labels, as: key) {
      let strangers = (network.containers ?? [:]).values.map(\.name).sorted()
      guard strangers.isEmpty else {
        throw ActionFailure(
          "the network `\(network.name)` is used by `\(strangers.joined(separator: "`, `"))`, which berth did not put there"
        )
      }
      try await self.network.delete(network)
    }
    let volumes = try await client.volumes.list(filters: ["name": ["^\(names.prefix)"]])
    for volume in volumes {
      guard case .instance(_, id) = names.volume(named: volume.name), Label.mark(volume.labels, as: key)
      else { continue }
      let isShared = volumes.contains { $0.dataName == volume.dataName && $0.name != volume.name }
      // What a container that was adopted kept in a volume without a name of its own goes with it, as it would have.
      let data = volume.dataName
      if data != volume.name, Mount.isAnonymous(data), !isShared {
        _ = try await ifFound { try await client.volumes.remove(data) }
      }
      _ = try await ifFound { try await client.volumes.remove(volume.name) }
    }
  }

  /// Takes away every container of an instance.
  private func removeServices(of id: InstanceID) async throws {
    let containers = try await StampedContainers(client: client, key: key).list(of: id)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for container in containers {
        group.addTask {
          guard let found = try await FoundContainer.look(at: container, of: key, on: client) else { return }
          try await services.remove(found)
        }
      }
      try await group.waitForAll()
    }
  }
}
