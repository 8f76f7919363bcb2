import DockerAPI
import Foundation
import ProviderContract

/// A namespace on the test engine, whose volumes can be read from here.
struct DockerSoakStage: SoakStage {
  private let engine: DockerStage
  var sandbox: Sandbox { engine.sandbox }
  var place: [String] { engine.place }
  let image: String? = "berth-test/busybox:1"
  let journal: String? = nil

  init(_ engine: DockerStage) { self.engine = engine }

  func services() async throws -> [SoakService] {
    var services: [SoakService] = []
    for container in try await containers() where container.state == "running" {
      let environment = try await engine.client.containers.inspect(container.id).config.environment ?? []
      services.append(
        SoakService(
          id: container.id, workload: container.labels?["berth.workload"] ?? "",
          service: container.labels?["berth.service"] ?? "",
          version: environment.first { $0.hasPrefix("VERSION=") }.map { String($0.dropFirst(8)) }))
    }
    return services
  }

  func keepers() -> [String]? { nil }

  func volumes(of workload: String) async throws -> [String] {
    try await engine.client.volumes.list().filter { volume in
      volume.labels?["berth.namespace"] == engine.namespace && volume.labels?["berth.workload"] == workload
        && volume.labels?["berth.volume"] == "data"
    }.compactMap(\.mountpoint).sorted()
  }

  /// The engine starts it again.
  func kill(_ service: SoakService) async throws {
    // An engine takes `kill` as the wish that a container stays ended; a process that ends by itself is another matter.
    guard let pid = try await engine.client.containers.inspect(service.id).state.pid, pid > 0 else {
      return
    }
    Foundation.kill(Int32(pid), SIGKILL)
    guard eventually({ !isRunning(Int64(pid)) }) else {
      throw Soak.Failure(description: "a killed service does not end")
    }
  }

  func killKeeper(of workload: String, using random: inout SplitMix64) -> String? { nil }

  /// A container that was removed by hand is made again by the next apply.
  func meddle(with workload: String, using random: inout SplitMix64) async throws -> SoakMeddling? {
    let own = try await containers().filter { $0.labels?["berth.workload"] == workload }
    guard let container = own.sorted(by: { $0.id < $1.id }).randomElement(using: &random) else { return nil }
    try await engine.client.containers.remove(container.id, force: true)
    return SoakMeddling(description: "remove \(container.names.first ?? "")") { _ in true }
  }

  private func containers() async throws -> [ContainerSummary] {
    try await engine.client.containers.list().filter { $0.labels?["berth.namespace"] == engine.namespace }
  }
}
