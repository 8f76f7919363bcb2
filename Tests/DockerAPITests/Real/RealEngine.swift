import DockerAPI
import Foundation
import Testing

/// The engine that tests run against, if one is named by BERTH_TEST_DOCKER_HOST: `scripts/docker-engine start`
/// starts one and prints what to set.
enum RealEngine {
  static let host = ProcessInfo.processInfo.environment["BERTH_TEST_DOCKER_HOST"]
  static let isThere = host != nil
  /// The image that `scripts/docker-engine` makes.
  static let image = "berth-test/busybox:1"

  static func connect() async throws -> DockerClient {
    try await DockerClient.connect(to: DockerEndpoint(host: try #require(host)))
  }

  /// A name that nothing else has.
  static func uniqueName() -> String { "berth-test-\(UUID().uuidString.lowercased())" }

  /// Runs something with a container that is removed afterwards.
  static func withContainer(
    _ docker: DockerClient, command: [String], starting: Bool = true,
    change: (inout ContainerCreation) -> Void = { _ in }, _ body: (String) async throws -> Void
  ) async throws {
    var creation = ContainerCreation()
    creation.config.image = image
    creation.config.command = command
    creation.config.stopTimeout = 0
    change(&creation)
    let id = try await docker.containers.create(named: uniqueName(), creation).id
    do {
      if starting { try await docker.containers.start(id) }
      try await body(id)
    } catch {
      try? await docker.containers.remove(id, force: true, volumes: true)
      throw error
    }
    try await docker.containers.remove(id, force: true, volumes: true)
  }
}
