import DockerAPI
import Planning
import ProviderKit

/// A container of a service that is there.
struct FoundContainer: Sendable {
  /// The container.
  let container: Container
  /// What its labels say.
  let stamp: ServiceStamp
  /// What it is to its service.
  var standing = ContainerStanding.current
  /// The containers that were made to take its place, and have not yet: none, or one.
  var successors: [FoundContainer] = []

  /// The container's id.
  var id: String { container.id }

  /// Looks for the container of a service, whatever it is called now.
  ///
  /// - Throws: `ActionFailure` if something that is not ours sits on its name; `DockerError`.
  static func find(
    _ service: String, in id: InstanceID, of key: WorkloadKey, on client: DockerClient
  ) async throws -> FoundContainer? {
    async let replaced = find(service, in: id, of: key, as: .replaced, on: client)
    var current = try await find(service, in: id, of: key, as: .current, on: client)
    if current == nil { current = try await find(service, in: id, of: key, as: .stopped, on: client) }
    guard var old = try await replaced else { return current }
    if let current { old.successors = [current] }
    return old
  }

  private static func find(
    _ service: String, in id: InstanceID, of key: WorkloadKey, as standing: ContainerStanding,
    on client: DockerClient
  ) async throws -> FoundContainer? {
    let name = EngineNames(key: key).container(of: service, in: id, as: standing)
    guard let container = try await ifFound({ try await client.containers.inspect(name) }) else { return nil }
    let stamp = try? ServiceStamp(labels: container.config.labels ?? [:], key: key)
    guard let stamp, stamp.stamp.instance == id, stamp.stamp.service == service else {
      throw ActionFailure("the container `\(name)` is in the way: berth did not create it")
    }
    return FoundContainer(container: container, stamp: stamp, standing: standing)
  }
}
