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
    case (.service(let id, let name), .adopt): try await adopt(name, in: id, action)
    case (.service(let id, let name), .run): try await run(name, in: id)
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
    if try await network.find(id) != nil { return }
    try await removeServices(of: id)
    try await network.make(id)
  }

  private var network: InstanceNetwork { InstanceNetwork(client: client, context: context) }

  /// Takes a container over, in the network of its instance.
  private func adopt(_ name: String, in id: InstanceID, _ action: Action) async throws {
    if try await network.find(id) == nil { try await network.make(id) }
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

  /// Runs a service to its end, in a network that is there for as long as it runs: each takes a part of the engine's
  /// addresses.
  private func run(_ name: String, in id: InstanceID) async throws {
    if try await network.find(id) == nil { try await network.make(id) }
    let result: Result<Void, any Error>
    do { result = .success(try await services.run(name, in: id)) } catch { result = .failure(error) }
    // What can't be taken away now goes when the next one has run, or with everything else.
    if !(result.error is CancellationError), let network = try? await self.network.find(id) {
      try? await self.network.delete(network)
    }
    try result.get()
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

extension Result {
  /// What went wrong; `nil` if nothing did.
  fileprivate var error: Failure? { if case .failure(let error) = self { error } else { nil } }
}
