import DockerAPI
import Planning
import ProviderKit

/// A container of a service that is there.
struct FoundContainer: Sendable {
  let container: Container
  /// What its labels say.
  let stamp: ServiceStamp
  /// What it is to its service.
  var standing = ContainerStanding.current
  /// The containers that were made to take its place, and have not yet: none, or one.
  var successors: [FoundContainer] = []

  /// The containers that carry the service's stamp and are too many.
  var surplus: [FoundContainer] = []

  var id: String { container.id }

  /// Looks for the container of a service, whatever it is called now.
  ///
  /// - Parameter isGoing: whether it is looked for to be taken away: once it has its name, the others like it do not matter.
  /// - Throws: `ActionFailure` if something that is not ours sits on its name; `DockerError`.
  static func find(
    _ service: String, in id: InstanceID, of key: WorkloadKey, on client: DockerClient, isGoing: Bool = false
  ) async throws -> FoundContainer? {
    let containers = StampedContainers(client: client, key: key)
    let name = EngineNames(key: key).container(of: service, in: id)
    let filters = ["name": ["^/?\(name)"]]
    async let listed = isGoing ? [] : client.containers.list(filters: filters)
    let stamped = try await containers.list(of: id, service: service)
    var named = try await listed
    if isGoing, !stamped.contains(where: \.hasItsName) {
      named = try await client.containers.list(filters: filters)
    }
    let names = Set(ContainerStanding.allCases.map { name + $0.rawValue })
    let ids = Set(stamped.map(\.summary.id))
    for summary in named where !ids.contains(summary.id) {
      guard let name = summary.names.first(where: names.contains) else { continue }
      // Another service's container that was given this name gives it back.
      if try await !containers.stamped(among: [summary]).isEmpty { continue }
      throw ActionFailure("the container `\(name)` is in the way: berth did not create it")
    }
    guard let sorted = ServiceContainers(stamped),
      var found = try await look(at: sorted.current, of: key, on: client)
    else { return nil }
    if let successor = sorted.successor {
      found.successors = [try await look(at: successor, of: key, on: client)].compactMap(\.self)
    }
    for container in sorted.surplus {
      if let other = try await look(at: container, of: key, on: client) { found.surplus.append(other) }
    }
    return found
  }

  /// A container that the engine has listed; `nil` if it has gone meanwhile.
  static func look(
    at stamped: StampedContainer, of key: WorkloadKey, on client: DockerClient
  ) async throws -> FoundContainer? {
    guard let container = try await stamped.inspect(on: client) else { return nil }
    guard let stamp = try? ServiceStamp(labels: container.config.labels ?? [:], key: key) else {
      throw ActionFailure("the container `\(stamped.name)` was written by another version of berth")
    }
    return FoundContainer(container: container, stamp: stamp, standing: stamped.place.standing)
  }
}
