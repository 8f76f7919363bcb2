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

  /// Performs an action.
  func perform(_ action: Action) async throws {
    switch (action.subject, action.kind) {
    case (.instance(let id), .create), (.instance(let id), .start): try await makeInstance(id)
    case (.instance(let id), .delete): try await deleteInstance(id)
    case (.service(let id, let name), .delete): try await services.delete(name, in: id)
    case (.service(let id, let name), .stop): try await services.stop(name, in: id)
    case (.service(let id, let name), .create), (.service(let id, let name), .start),
      (.service(let id, let name), .update), (.service(let id, let name), .restart),
      (.service(let id, let name), .replace):
      try await services.put(name, in: id, action)
    case (.volume(let name, let ordinal), .delete): try await services.volumes.remove(name, ordinal)
    default: throw ActionFailure("Docker has no way to \(action.kind.rawValue) \(action.subject)")
    }
  }

  // MARK: Instances and volumes

  /// Makes the network that an instance's services live in. What is left of an instance that lost its network is
  /// taken away: its services can't be moved to another one.
  private func makeInstance(_ id: InstanceID) async throws {
    let name = names.network(of: id)
    if let network = try await ifFound({ try await client.networks.inspect(name) }) {
      guard Label.mark(network.labels, as: key) else {
        throw ActionFailure("the network `\(name)` is in the way: berth did not create it")
      }
      return
    }
    try await removeServices(of: id)
    do {
      try await client.networks.create(
        NetworkCreation(name: name, labels: Label.network(of: id, key, run: context.run)))
    } catch let error as DockerError where AddressPools.isExhaustion(error) {
      throw ActionFailure(
        "the engine has no addresses left for the network `\(name)` (\(error.message)): \(AddressPools.help)")
    }
  }

  private func deleteInstance(_ id: InstanceID) async throws {
    try await removeServices(of: id)
    let network = try await ifFound { try await client.networks.inspect(names.network(of: id)) }
    if let network, Label.mark(network.labels, as: key) {
      let strangers = (network.containers ?? [:]).values.map(\.name).sorted()
      guard strangers.isEmpty else {
        throw ActionFailure(
          "the network `\(network.name)` is used by `\(strangers.joined(separator: "`, `"))`, which berth did not put there"
        )
      }
      try await deleteNetwork(network)
    }
    for volume in try await client.volumes.list(filters: ["name": ["^\(names.prefix)"]]) {
      guard case .instance(_, id) = names.volume(named: volume.name), Label.mark(volume.labels, as: key)
      else { continue }
      _ = try await ifFound { try await client.volumes.remove(volume.name) }
    }
  }

  /// Takes away a network that no container is in. An engine may lose count of those that were, until it is restarted:
  /// https://github.com/moby/moby/issues/42119
  private func deleteNetwork(_ network: Network) async throws {
    do {
      _ = try await ifFound { try await client.networks.remove(network.id, patience: .seconds(3)) }
    } catch let error as DockerError where error.isForbidden {
      throw ActionFailure(
        "the engine holds on to the network `\(network.name)`, which no container is in: restart the engine, and run the same command again (\(error.message))"
      )
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
