import DockerAPI
import Foundation
import Testing

private let engineHost = ProcessInfo.processInfo.environment["BERTH_TEST_DOCKER_HOST"]

/// A namespace of its own on the test engine, and a folder whose berth.yaml leads there.
final class DockerStage: Stage, EndedStage, Sendable {
  /// Whether there is a test engine.
  static var isThere: some SuiteTrait & TestTrait {
    .enabled(
      if: engineHost != nil, "needs a Docker engine: set BERTH_TEST_DOCKER_HOST, as .ci/run does")
  }

  let namespace = "test-" + String(UInt32.random(in: .min ... .max), radix: 36)
  let image = "berth-test/busybox:1"
  let client: DockerClient
  nonisolated(unsafe) let sandbox: Sandbox
  private let host = engineHost ?? ""

  init() async throws {
    client = try await DockerClient.connect(to: DockerEndpoint(host: host))
    sandbox = try Sandbox()
    try configure(sandbox)
  }

  /// Has a folder's commands go to the engine.
  func configure(_ sandbox: Sandbox) throws {
    try sandbox.write(
      "berth.yaml", "default: engine\ntargets:\n  engine: {provider: docker, host: \"\(host)\"}\n")
  }

  func end() async throws {
    for container in try await client.containers.list() where container.names.contains(where: isOurs) {
      try await client.containers.remove(container.id, force: true)
    }
    for network in try await client.networks.list() where isOurs(network.name) {
      try await client.networks.remove(network.id)
    }
    for volume in try await client.volumes.list() where isOurs(volume.name) || isHistory(volume.name) {
      try await client.volumes.remove(volume.name)
    }
  }

  private func isOurs(_ name: String) -> Bool {
    name.hasPrefix(namespace + "_") || name.hasPrefix(namespace + ".")
  }
  private func isHistory(_ name: String) -> Bool {
    name.hasPrefix("berth.") && name.contains("_\(namespace)_")
  }

  // MARK: Commands

  var place: [String] { ["-n", namespace] }

  /// The arguments that name the example, with an image that the engine has.
  func spec() -> [String] {
    ["-f", Sandbox.project + "/examples/docker/workload.yaml", "--var", "image=\(image)"] + place
  }

  func berth(_ arguments: [String]) throws -> Sandbox.Result {
    var arguments = arguments
    if !arguments.contains("-n") { arguments.insert(contentsOf: place, at: 1) }
    return try sandbox.berth(arguments)
  }

  func apply(_ more: String...) throws -> Sandbox.Result { try berth(["apply"] + spec() + more) }

  func releaseNumbers() throws -> [Int64] {
    let history = try berth(["history", "web", "--limit", "1000", "--format", "json"])
    return try (history.json.list ?? []).compactMap { $0["number"]?.int }.sorted()
  }

  // MARK: The engine

  /// What a service's container is called.
  func name(of service: String) -> String { "\(namespace)_web_0_\(service)" }

  /// The ids of the containers, by service.
  func containers() async throws -> [String: String] {
    var ids: [String: String] = [:]
    for container in try await client.containers.list() {
      guard let name = container.names.first, isOurs(name), let service = name.split(separator: "_").last
      else { continue }
      ids[String(service)] = container.id
    }
    return ids
  }

  /// The names of all containers, networks and volumes of the namespace's workloads.
  func things() async throws -> [String] {
    try await client.containers.list().flatMap(\.names).filter(isOurs)
      + client.networks.list().map(\.name).filter(isOurs) + client.volumes.list().map(\.name).filter(isOurs)
  }

  /// The names of what is kept of the namespace's workloads.
  func history() async throws -> [String] {
    try await client.volumes.list().map(\.name).filter(isHistory)
  }

  // MARK: The scenario

  func breakByHand(_ service: String, of workload: String) async throws {
    try await client.containers.remove("\(namespace)_\(workload)_0_\(service)", force: true)
  }
}
