import Engine
import KubernetesAPI
import Planning
import ProviderContract
import ProviderKit
import Testing
import Values
import WorkloadSpec

@testable import KubernetesProvider

/// Rollouts with a controller of their own, one after the other.
@Suite("New generations beside old ones", .serialized, TestCluster.isThere)
struct GenerationTests {
  private struct Scene {
    let world: ClusterWorld
    let type: StrategyType
    var key: WorkloadKey { world.key("shop") }

    func workload(_ version: Int) -> Workload {
      var workload = Workload.of(.idle("api") { $0.env["VERSION"] = "\(version)" })
      (workload.name, workload.replicas) = ("shop", 2)
      workload.strategy.type = type
      workload.strategy.maxSurge = 1
      return workload
    }

    @discardableResult
    func perform(_ goal: Goal, pauses: Bool = false) async throws -> RunResult {
      let engine = Engine(provider: world.provider, target: "kube")
      let pause = Pause(by: "test", since: Timestamp(milliseconds: 0))
      let result = try await engine.apply(
        WorkloadRequest(key: key, goal: goal, pause: pauses ? pause : nil))
      #expect(result.failures.map(\.message) == [])
      return result
    }

    func apply(_ version: Int, pauses: Bool = false) async throws {
      try await perform(.spec(workload(version), services: nil), pauses: pauses)
    }

    /// The versions and the numbers of pods of the controllers, by name.
    func controllers() async throws -> [String: [Int]] {
      let client = try await world.connection.client()
      let list = try await client.objects(.deployments).list(in: world.namespace).items
      return Dictionary(
        uniqueKeysWithValues: list.map { controller in
          let environment = controller.json.at("spec", "template", "spec", "containers")?.array?.first?["env"]
          let version = environment?.element(named: "VERSION")?["value"]?.string ?? ""
          return (controller.name, [Int(version) ?? 0, controller.replicas])
        })
    }
  }

  @Test(
    "Promoted, and promoted again, aborted, stopped and started in between",
    arguments: [StrategyType.canary, .blueGreen])
  func generations(_ type: StrategyType) async throws {
    try await TestCluster.withWorld { world in
      let scene = Scene(world: world, type: type)
      let new = type == .canary ? 1 : 2
      try await scene.apply(1)
      try await scene.apply(2, pauses: true)
      #expect(try await scene.controllers() == ["shop": [1, 2], "shop--g2": [2, new]])
      try await scene.perform(.promote)
      #expect(try await scene.controllers() == ["shop--g2": [2, 2]])

      try await scene.apply(3, pauses: true)
      #expect(try await scene.controllers() == ["shop--g2": [2, 2], "shop--g3": [3, new]])
      try await scene.perform(.operation(.stop(.all)))
      try await scene.perform(.operation(.start(.all)))
      #expect(try await scene.controllers() == ["shop--g2": [2, 2], "shop--g3": [3, new]])
      try await scene.perform(.abort)
      #expect(try await scene.controllers() == ["shop--g2": [2, 2]])

      try await scene.apply(4)
      #expect(try await scene.controllers() == ["shop--g3": [4, 2]])
      #expect(try await scene.perform(.spec(scene.workload(4), services: nil)).outcome == .nothingToDo)
    }
  }
}
