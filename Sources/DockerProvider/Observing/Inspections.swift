import DockerAPI
import Planning

/// Containers in full, each of which is asked for as soon as an engine has listed it. It takes the engine longer to tell what
/// it is itself, by which they are read.
final class Inspections: Sendable {
  private let client: DockerClient
  private let begun: [String: Task<Container?, any Error>]

  /// Asks for all containers that carry a stamp, be it a copy.
  init(of listing: EngineListing, _ keys: [WorkloadKey], on client: DockerClient) {
    self.client = client
    var begun: [String: Task<Container?, any Error>] = [:]
    for container in keys.flatMap({ listing.containers(of: $0) })
    where begun[container.id] == nil && container.labels?[Label.service] != nil {
      begun[container.id] = Task { try await ifFound { try await client.containers.inspect(container.id) } }
    }
    self.begun = begun
  }

  /// A container in full, with its stamp; `nil` if it has gone meanwhile.
  func container(_ stamped: StampedContainer) async throws -> Container? {
    guard let begun = begun[stamped.summary.id] else { return try await stamped.inspect(on: client) }
    return stamped.stamped(try await begun.value)
  }

  deinit { for task in begun.values { task.cancel() } }
}
