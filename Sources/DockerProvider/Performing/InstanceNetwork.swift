import DockerAPI
import Planning
import ProviderKit

/// Makes and takes away the networks that instances of several services have for themselves.
struct InstanceNetwork: Sendable {
  let client: DockerClient
  /// What the action is performed with.
  let context: ActionContext

  private var key: WorkloadKey { context.key }
  private var names: EngineNames { EngineNames(key: key) }

  /// The network of an instance; `nil` if there is none.
  ///
  /// - Throws: `ActionFailure` if something that is not ours has its name.
  func find(_ id: InstanceID) async throws -> Network? {
    let name = names.network(of: id)
    guard let network = try await ifFound({ try await client.networks.inspect(name) }) else { return nil }
    guard Label.mark(network.labels, as: key) else {
      throw ActionFailure("the network `\(name)` is in the way: berth did not create it")
    }
    return network
  }

  func make(_ id: InstanceID) async throws {
    let name = names.network(of: id)
    do {
      try await client.networks.create(
        NetworkCreation(name: name, labels: Label.network(of: id, key, run: context.run)))
    } catch let error as DockerError where AddressPools.isExhaustion(error) {
      throw ActionFailure(
        "the engine has no addresses left for the network `\(name)` (\(error.message)): \(AddressPools.help)")
    }
  }

  /// Makes the network of an instance if there is none.
  func provide(_ id: InstanceID) async throws {
    if try await find(id) == nil { try await make(id) }
  }

  /// Takes the network of an instance away that has no use for it any more, once no container is in it, running or not.
  func deleteIfUnused(_ id: InstanceID) async throws {
    guard let network = try await find(id),
      try await client.containers.list(filters: ["network": [network.id]]).isEmpty
    else { return }
    try await delete(network)
  }

  /// Takes away a network that no container is in. An engine may lose count of those that were, until it is restarted:
  /// https://github.com/moby/moby/issues/42119
  func delete(_ network: Network) async throws {
    do {
      _ = try await ifFound { try await client.networks.remove(network.id, patience: .seconds(3)) }
    } catch let error as DockerError where error.isForbidden {
      throw ActionFailure(
        "the engine holds on to the network `\(network.name)`, which no container is in: restart the engine, and run the same command again (\(error.message))"
      )
    }
  }
}
